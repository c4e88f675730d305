"""News and topic pages in the browser: open to anyone where the brand's registration is open, else to customers."""

from typing import Annotated, Final

from fastapi import APIRouter, Depends, Query, Request
from fastapi.responses import Response

from chassis.callers import anyone, signed_in
from chassis.database import Database
from chassis.errors import DomainError, ErrorKind
from notification.article_store import SLUG, ArticleKind, ArticleStore
from ui.pages import Pages

PAGE_SIZE: Final = 20
PageNumber = Annotated[int, Query(alias="page", ge=1, le=1000)]


def news_router(*, database: Database, articles: ArticleStore, pages: Pages, public: bool) -> APIRouter:
    """The routes; with `public` false they are for people with a session (M1)."""
    router = APIRouter(dependencies=[Depends(anyone if public else signed_in)])

    @router.get("/news")
    async def list_news(request: Request, number: PageNumber = 1) -> Response:
        language = pages.language(request)
        async with database.transaction() as tx:
            news = await articles.news(tx, language, limit=PAGE_SIZE + 1, offset=(number - 1) * PAGE_SIZE)
            topics = await articles.pages(tx, language)
        more = len(news) > PAGE_SIZE
        return pages.render(request, "news/list.html", news=news[:PAGE_SIZE], topics=topics, number=number, more=more)

    @router.get("/news/{slug}")
    async def show_news(request: Request, slug: str) -> Response:
        return await show(request, ArticleKind.NEWS, slug)

    @router.get("/pages/{slug}")
    async def show_page(request: Request, slug: str) -> Response:
        return await show(request, ArticleKind.PAGE, slug)

    async def show(request: Request, kind: ArticleKind, slug: str) -> Response:
        if not SLUG.fullmatch(slug):
            raise _not_found()
        language = pages.language(request)
        async with database.transaction() as tx:
            article = await articles.find(tx, kind, slug, language)
            topics = await articles.pages(tx, language)
        if article is None:
            raise _not_found()
        return pages.render(request, "news/article.html", article=article, topics=topics)

    return router


def _not_found() -> DomainError:
    return DomainError(ErrorKind.NOT_FOUND, "article_not_found", "There is no such page.")
