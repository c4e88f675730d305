"""News and topic pages as they are shown: what is published, in one language."""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any, Final

from sqlalchemy import ColumnElement, FromClause, Row, Select, and_, func, select
from sqlalchemy.dialects.postgresql import insert

from chassis.database import Transaction
from notification.tables import article_texts, articles


class ArticleKind(StrEnum):
    """News come and go; topic pages stand in an order that editors chose."""

    NEWS = "news"
    PAGE = "page"


SLUG: Final = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*")
"""Last part of an article's address."""
_FOLDER: Final = {ArticleKind.NEWS: "news", ArticleKind.PAGE: "pages"}


@dataclass(frozen=True, slots=True)
class Article:
    """One article in the language asked for, or in the brand's own where it lacks that."""

    kind: ArticleKind
    slug: str
    publish_time: datetime
    language: str
    title: str
    body: str
    """Markdown; empty in lists."""

    @property
    def path(self) -> str:
        """Where it is read."""
        return f"/{_FOLDER[self.kind]}/{self.slug}"


class ArticleStore:
    """The published articles; the transaction is the caller's."""

    def __init__(self, clock: Callable[[], datetime], base_language: str) -> None:
        """Every article has a text in the base language."""
        self._clock = clock
        self._base_language = base_language

    async def news(self, tx: Transaction, language: str, *, limit: int, offset: int = 0) -> list[Article]:
        """Newest first, without their bodies."""
        newest = articles.c.publish_time.desc(), articles.c.slug
        query = self._published(ArticleKind.NEWS, language).order_by(*newest).limit(limit).offset(offset)
        return [_article(row, body="") for row in await tx.execute(query)]

    async def pages(self, tx: Transaction, language: str) -> list[Article]:
        """In the editors' order, without their bodies."""
        query = self._published(ArticleKind.PAGE, language).order_by(articles.c.position, articles.c.slug)
        return [_article(row, body="") for row in await tx.execute(query)]

    async def find(self, tx: Transaction, kind: ArticleKind, slug: str, language: str) -> Article | None:
        """One published article."""
        row = (await tx.execute(self._published(kind, language).where(articles.c.slug == slug))).first()
        return _article(row, body=row.body) if row else None

    async def put(
        self,
        tx: Transaction,
        kind: ArticleKind,
        slug: str,
        *,
        position: int,
        publish_time: datetime,
        texts: Mapping[str, tuple[str, str]],
    ) -> None:
        """Publishes an article, or replaces it; texts are title and body by language."""
        values = {"position": position, "publish_time": publish_time}
        entered = insert(articles).values(kind=kind, slug=slug, **values)
        await tx.execute(entered.on_conflict_do_update(index_elements=["kind", "slug"], set_=values))
        for language, (title, body) in texts.items():
            said = {"title": title, "body": body}
            entered = insert(article_texts).values(kind=kind, slug=slug, language=language, **said)
            await tx.execute(entered.on_conflict_do_update(index_elements=["kind", "slug", "language"], set_=said))

    def _published(self, kind: ArticleKind, language: str) -> Select[Any]:
        wanted, base = article_texts.alias("wanted"), article_texts.alias("base")
        return (
            select(
                articles.c.kind,
                articles.c.slug,
                articles.c.publish_time,
                func.coalesce(wanted.c.language, base.c.language).label("language"),
                func.coalesce(wanted.c.title, base.c.title).label("title"),
                func.coalesce(wanted.c.body, base.c.body).label("body"),
            )
            .join(base, _text_of(base, self._base_language))
            .outerjoin(wanted, _text_of(wanted, language))
            .where(articles.c.kind == kind, articles.c.publish_time <= self._clock())
        )


def _text_of(texts: FromClause, language: str) -> ColumnElement[bool]:
    return and_(texts.c.kind == articles.c.kind, texts.c.slug == articles.c.slug, texts.c.language == language)


def _article(row: Row[Any], *, body: str) -> Article:
    return Article(
        kind=ArticleKind(row.kind),
        slug=row.slug,
        publish_time=row.publish_time,
        language=row.language,
        title=row.title,
        body=body,
    )
