"""The start page's question to notification: a deadline, an older answer, or none."""

import asyncio
from collections.abc import AsyncIterator
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from typing import Any

import pytest
from kundenportal.notification.v1 import news_service_pb2, news_service_pb2_grpc

from chassis.grpc_client import GrpcChannel
from chassis.grpc_server import GrpcServer
from chassis.testing import certificates
from identity.adapters.news_client import NewsClient
from identity.usecases.published_news import Headline, Published, Topic
from identity_harness import make_settings

PUBLISHED = datetime(2026, 11, 18, tzinfo=UTC)


class Newsroom(news_service_pb2_grpc.NewsServiceServicer):
    """Notification as it is asked: quick or slow."""

    def __init__(self) -> None:
        self.delay = 0.0
        self.asked = 0

    async def ListNews(self, request: news_service_pb2.ListNewsRequest, _context: Any) -> Any:  # noqa: N802
        self.asked += 1
        await asyncio.sleep(self.delay)
        item = news_service_pb2.NewsItem(path="/news/tarife", title=f"Tarife ({request.language})")
        item.publish_time.FromDatetime(PUBLISHED)
        page = news_service_pb2.TopicPage(path="/pages/sendung", title="Sendung")
        return news_service_pb2.ListNewsResponse(news=[item], pages=[page])


@pytest.fixture
async def newsroom_and_client(tmp_path: Path) -> AsyncIterator[tuple[Newsroom, NewsClient]]:
    """Both ends over TLS."""
    folders = certificates(tmp_path, ["identity", "notification"])
    newsroom = Newsroom()
    server = GrpcServer(
        make_settings("postgresql://x@127.0.0.1:1/x", tls_dir=folders["notification"]),
        [partial(news_service_pb2_grpc.add_NewsServiceServicer_to_server, newsroom)],
        {"/kundenportal.notification.v1.NewsService/ListNews": frozenset({"identity"})},
    )
    await server.start()
    settings = make_settings("postgresql://x@127.0.0.1:1/x", tls_dir=folders["identity"])
    channel = GrpcChannel(settings, f"127.0.0.1:{server.port}", "notification")
    yield newsroom, NewsClient(channel)
    await channel.close()
    await server.stop()


async def test_the_answer_is_kept_for_a_while(newsroom_and_client: tuple[Newsroom, NewsClient]) -> None:
    newsroom, client = newsroom_and_client
    expected = Published((Headline("/news/tarife", "Tarife (de)", PUBLISHED),), (Topic("/pages/sendung", "Sendung"),))
    assert await client.published("de") == expected
    assert await client.published("de") == expected
    assert newsroom.asked == 1
    english = await client.published("en")
    assert english is not None
    assert english.news[0].title == "Tarife (en)"


async def test_nobody_waits_longer_than_the_deadline(newsroom_and_client: tuple[Newsroom, NewsClient]) -> None:
    newsroom, client = newsroom_and_client
    newsroom.delay = 5.0
    begun = asyncio.get_running_loop().time()
    assert await client.published("de") is None
    assert asyncio.get_running_loop().time() - begun < 1.0
