"""NewsService: what editors published, for pages of other services."""

from typing import Any, Final

import grpc
from google.protobuf.timestamp_pb2 import Timestamp
from kundenportal.notification.v1 import news_service_pb2 as pb2
from kundenportal.notification.v1.news_service_pb2_grpc import NewsServiceServicer

from chassis.database import Database
from chassis.errors import DomainError, ErrorKind
from notification.article_store import Article, ArticleStore

DEFAULT_PAGE_SIZE: Final = 3
MAX_PAGE_SIZE: Final = 20

GRANTS: Final = {"/kundenportal.notification.v1.NewsService/ListNews": frozenset({"identity"})}


class NewsApi(NewsServiceServicer):
    """See news_service.proto."""

    def __init__(self, database: Database, articles: ArticleStore) -> None:
        self._database = database
        self._articles = articles

    async def ListNews(  # noqa: N802 - the name in the proto
        self, request: pb2.ListNewsRequest, _context: grpc.aio.ServicerContext[Any, Any]
    ) -> pb2.ListNewsResponse:
        """Raises DomainError(INVALID) for a page size out of bounds."""
        size = request.page_size or DEFAULT_PAGE_SIZE
        if not 1 <= size <= MAX_PAGE_SIZE:
            raise DomainError(ErrorKind.INVALID, "page_size", f"page_size is 1 to {MAX_PAGE_SIZE}")
        async with self._database.transaction() as tx:
            news = await self._articles.news(tx, request.language, limit=size)
            pages = await self._articles.pages(tx, request.language)
        return pb2.ListNewsResponse(
            news=[_news_to_proto(article) for article in news],
            pages=[pb2.TopicPage(path=page.path, title=page.title) for page in pages],
        )


def _news_to_proto(article: Article) -> pb2.NewsItem:
    published = Timestamp()
    published.FromDatetime(article.publish_time)
    return pb2.NewsItem(path=article.path, title=article.title, publish_time=published)
