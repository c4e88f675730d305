"""What editors published, for the start page: asked at notification with a deadline, and kept for a while."""

from datetime import UTC

from kundenportal.notification.v1 import news_service_pb2, news_service_pb2_grpc

from chassis.errors import DomainError
from chassis.grpc_client import GrpcChannel
from chassis.remote_cache import RemoteCache
from identity.usecases.published_news import Headline, Published, Topic

DEADLINE_SECONDS = 0.3


class NewsClient:
    """Asks notification; for 30 s an answer is fresh, and while notification is away the last one serves 5 minutes."""

    def __init__(self, channel: GrpcChannel) -> None:
        self._stub = news_service_pb2_grpc.NewsServiceStub(channel.channel)
        self._cache: RemoteCache[str, Published] = RemoteCache(self._load, tags=lambda _language, _news: ())
        # Nothing invalidates news: being published some seconds later is all there is to it.
        self._cache.connected(True)

    async def published(self, language: str) -> Published | None:
        """What there is in this language; None when it cannot be had within 300 ms."""
        try:
            return (await self._cache.get(language)).value
        except DomainError:
            return None

    async def _load(self, language: str) -> Published:
        request = news_service_pb2.ListNewsRequest(page_size=3, language=language)
        response = await self._stub.ListNews(request, timeout=DEADLINE_SECONDS)
        news = tuple(
            Headline(item.path, item.title, item.publish_time.ToDatetime(tzinfo=UTC)) for item in response.news
        )
        return Published(news, tuple(Topic(page.path, page.title) for page in response.pages))
