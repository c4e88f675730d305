from datetime import timedelta

import pytest

from chassis.database import Database
from notification.article_store import ArticleKind, ArticleStore
from notification_fakes import NOW, Clock
from portal_fixtures import DatabaseFactory

NEWS, PAGE = ArticleKind.NEWS, ArticleKind.PAGE


@pytest.fixture
async def database(database_factory: DatabaseFactory) -> Database:
    return await database_factory("notification")


@pytest.fixture
async def articles(database: Database) -> ArticleStore:
    """Three news, one of them to come, and two pages; one of each in German only."""
    store = ArticleStore(Clock(), "de")
    both = {"de": ("Neue Tarife", "Ab **Jänner**."), "en": ("New tariffs", "From **January**.")}
    german = {"de": ("Wartung", "Am Sonntag.")}
    async with database.transaction() as tx:
        await store.put(tx, NEWS, "tarife", position=0, publish_time=NOW - timedelta(days=2), texts=both)
        await store.put(tx, NEWS, "wartung", position=0, publish_time=NOW - timedelta(days=1), texts=german)
        await store.put(tx, NEWS, "geheim", position=0, publish_time=NOW + timedelta(days=1), texts=german)
        await store.put(tx, PAGE, "sendung", position=2, publish_time=NOW, texts=german)
        await store.put(tx, PAGE, "online", position=1, publish_time=NOW, texts=both)
    return store


async def test_news_are_listed_newest_first_and_not_before_their_time(
    database: Database, articles: ArticleStore
) -> None:
    async with database.transaction() as tx:
        assert [each.title for each in await articles.news(tx, "de", limit=9)] == ["Wartung", "Neue Tarife"]
        assert [each.slug for each in await articles.news(tx, "de", limit=1, offset=1)] == ["tarife"]
        assert await articles.find(tx, NEWS, "geheim", "de") is None


async def test_pages_stand_in_the_editors_order(database: Database, articles: ArticleStore) -> None:
    async with database.transaction() as tx:
        assert [each.path for each in await articles.pages(tx, "de")] == ["/pages/online", "/pages/sendung"]


async def test_a_text_that_is_missing_in_a_language_is_given_in_the_brands(
    database: Database, articles: ArticleStore
) -> None:
    async with database.transaction() as tx:
        titles = [(each.title, each.language) for each in await articles.news(tx, "en", limit=9)]
        article = await articles.find(tx, NEWS, "tarife", "en")
    assert titles == [("Wartung", "de"), ("New tariffs", "en")]
    assert article is not None
    assert article.body == "From **January**."


async def test_what_is_put_again_is_replaced(database: Database, articles: ArticleStore) -> None:
    async with database.transaction() as tx:
        await articles.put(tx, NEWS, "wartung", position=0, publish_time=NOW, texts={"de": ("Neu", "Neu.")})
        assert [each.title for each in await articles.news(tx, "de", limit=9)] == ["Neu", "Neue Tarife"]


async def test_a_page_is_no_news(database: Database, articles: ArticleStore) -> None:
    async with database.transaction() as tx:
        assert await articles.find(tx, NEWS, "online", "de") is None
