"""News and topic pages: in the browser, for other services, and from the demo data."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import timedelta
from functools import partial
from pathlib import Path

import httpx
import pytest
from kundenportal.notification.v1 import news_service_pb2 as pb2
from kundenportal.notification.v1.news_service_pb2_grpc import NewsServiceStub, add_NewsServiceServicer_to_server

from chassis.database import Database
from chassis.errors import DomainError, ErrorKind
from chassis.grpc_client import GrpcChannel
from chassis.grpc_server import GrpcServer
from chassis.metrics import Metrics
from chassis.testing import FakeSessions, certificates, make_caller, page_client
from chassis.web import access_table
from notification.app import utc_now, web_app
from notification.article_store import ArticleKind, ArticleStore
from notification.load_demo import load_demo
from notification.news_grpc import GRANTS, NewsApi
from notification_fakes import NOW
from notification_world import BRANDS, service_settings
from portal_fixtures import DatabaseFactory
from ui.brand import Brand
from ui.page_check import check_page

LONG_AGO = NOW - timedelta(days=60)
TEXTS = {"de": ("Neue Tarife", "Ab **Jänner**.\n\n<script>x</script>"), "en": ("New tariffs", "From **January**.")}
GERMAN = {"de": ("Sendung", "Für Radio und Fernsehen.")}


@pytest.fixture
async def database(database_factory: DatabaseFactory) -> Database:
    database = await database_factory("notification")
    articles = ArticleStore(utc_now, "de")
    async with database.transaction() as tx:
        for number in range(25):
            published = NOW - timedelta(days=number + 1)
            await articles.put(
                tx, ArticleKind.NEWS, f"tarife-{number}", position=0, publish_time=published, texts=TEXTS
            )
        await articles.put(tx, ArticleKind.PAGE, "sendung", position=1, publish_time=LONG_AGO, texts=GERMAN)
        await articles.put(tx, ArticleKind.PAGE, "online", position=0, publish_time=LONG_AGO, texts=TEXTS)
    return database


@asynccontextmanager
async def browser(
    database: Database, brand: str = "musik", *, signed_in: bool = False
) -> AsyncIterator[httpx.AsyncClient]:
    settings, sessions = service_settings(brand_dir=BRANDS / brand), FakeSessions()
    app = web_app(settings, Brand.load(BRANDS / brand), database, sessions, Metrics(), describers={})
    token = sessions.sign_in(make_caller()) if signed_in else None
    async with page_client(app, settings, token) as client:
        yield client


PLACES = ("/news", "/news?page=2", "/news/tarife-0", "/pages/online", "/pages/sendung")


@pytest.mark.parametrize("brand", ["musik", "software"])
@pytest.mark.parametrize("language", ["de", "en"])
async def test_every_page_is_sound_in_both_languages_and_brands(database: Database, brand: str, language: str) -> None:
    async with browser(database, brand, signed_in=True) as client:
        for place in PLACES:
            answer = await client.get(place, headers={"Accept-Language": language})
            assert answer.status_code == 200
            check_page(answer.text)


async def test_the_list_says_what_is_new_in_parts_of_twenty(database: Database) -> None:
    async with browser(database) as client:
        first, second = await client.get("/news"), await client.get("/news?page=2")
    assert "Aktuelle Themen" in first.text
    assert first.text.count('href="/news/tarife-') == 20
    assert second.text.count('href="/news/tarife-') == 5
    assert 'href="/news?page=2"' in first.text
    assert 'href="/news?page=1"' in second.text


async def test_an_article_is_markdown_without_scripts(database: Database) -> None:
    async with browser(database) as client:
        answer = await client.get("/news/tarife-3")
    assert "<strong>Jänner</strong>" in answer.text
    assert "<script>x" not in answer.text
    assert "2026" in answer.text


async def test_a_text_in_another_language_is_marked_as_such(database: Database) -> None:
    async with browser(database) as client:
        answer = await client.get("/pages/sendung?lang=en")
    assert '<article lang="de">' in answer.text
    assert '<html lang="en">' in answer.text


@pytest.mark.parametrize("place", ["/news/none", "/pages/none", "/news/online", "/pages/tarife-0", "/news/%00"])
async def test_what_is_not_there_is_not_found(database: Database, place: str) -> None:
    async with browser(database) as client:
        answer = await client.get(place)
    assert answer.status_code == 404
    check_page(answer.text)


@pytest.mark.parametrize("page", ["0", "-1", "x", "1001"])
async def test_a_page_number_that_is_none_is_refused(database: Database, page: str) -> None:
    async with browser(database) as client:
        answer = await client.get(f"/news?page={page}")
    assert answer.status_code == 422
    check_page(answer.text)


MATRIX = {"musik": "anyone", "software": "signed_in"}


@pytest.mark.parametrize("brand", MATRIX)
def test_who_may_read_is_what_the_brand_says(brand: str) -> None:
    settings = service_settings(brand_dir=BRANDS / brand)
    database = Database("postgresql://nobody@127.0.0.1:1/none")
    app = web_app(settings, Brand.load(BRANDS / brand), database, FakeSessions(), Metrics(), describers={})
    access = {path: who for _, path, who in access_table(app) if "/notices" not in path}
    reader = MATRIX[brand]
    assert access == {"/assets": "anyone", "/news": reader, "/news/{slug}": reader, "/pages/{slug}": reader}


async def test_strangers_read_where_registration_is_open_and_log_in_where_it_is_closed(database: Database) -> None:
    async with browser(database, "musik") as stranger:
        assert [(await stranger.get(place)).status_code for place in PLACES] == [200] * len(PLACES)
    async with browser(database, "software") as stranger:
        for place in PLACES:
            answer = await stranger.get(place)
            assert (answer.status_code, answer.headers["location"].split("=")[0]) == (303, "/login?next")


async def test_other_services_get_the_newest_news_and_all_pages(database: Database, tmp_path: Path) -> None:
    folders = certificates(tmp_path, ["notification", "identity", "ticketing"])
    servicer = partial(add_NewsServiceServicer_to_server, NewsApi(database, ArticleStore(utc_now, "de")))
    server = GrpcServer(service_settings(tls_dir=folders["notification"]), [servicer], GRANTS)
    await server.start()
    channels = {
        name: GrpcChannel(service_settings(tls_dir=folders[name]), f"127.0.0.1:{server.port}", "notification")
        for name in ("identity", "ticketing")
    }
    stubs = {name: NewsServiceStub(channel.channel) for name, channel in channels.items()}
    try:
        answer = await stubs["identity"].ListNews(pb2.ListNewsRequest(language="en"), timeout=2)
        assert [item.path for item in answer.news] == ["/news/tarife-0", "/news/tarife-1", "/news/tarife-2"]
        assert answer.news[0].title == "New tariffs"
        assert [(page.path, page.title) for page in answer.pages] == [
            ("/pages/online", "New tariffs"),
            ("/pages/sendung", "Sendung"),
        ]
        with pytest.raises(DomainError) as refused:
            await stubs["identity"].ListNews(pb2.ListNewsRequest(page_size=21), timeout=2)
        assert refused.value.kind is ErrorKind.INVALID
        with pytest.raises(DomainError) as refused:
            await stubs["ticketing"].ListNews(pb2.ListNewsRequest(), timeout=2)
        assert refused.value.kind is ErrorKind.FORBIDDEN
    finally:
        for channel in channels.values():
            await channel.close()
        await server.stop()


@pytest.mark.parametrize(("name", "news", "pages"), [("musik", 2, 3), ("software", 1, 0)])
async def test_the_demo_data_of_a_brand_are_published_and_loading_them_again_changes_nothing(
    database_factory: DatabaseFactory, name: str, news: int, pages: int
) -> None:
    database, brand = await database_factory("notification"), Brand.load(BRANDS / name)
    articles = ArticleStore(utc_now, brand.language)
    for _ in range(2):
        assert await load_demo(brand, database, articles) == {}
    async with database.transaction() as tx:
        for language in brand.languages:
            listed = await articles.news(tx, language, limit=50)
            topics = await articles.pages(tx, language)
            assert len(listed) >= news
            assert len(topics) >= pages
            assert {each.language for each in (*listed, *topics)} == {language}
