"""Loads the news and topic pages of the brand's demo data; doing it again changes nothing."""

from collections.abc import Mapping
from typing import Annotated, Any

from pydantic import AwareDatetime, BaseModel, ConfigDict, Field

from chassis.database import Database
from notification.article_store import SLUG, ArticleKind, ArticleStore
from ui.brand import Brand

Texts = Annotated[dict[str, str], Field(min_length=1)]


class DemoArticle(BaseModel):
    """An entry of [[news]] or [[page]] in demo.toml: texts by language, bodies in Markdown."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    slug: Annotated[str, Field(pattern=f"^{SLUG.pattern}$")]
    published: AwareDatetime
    title: Texts
    body: Texts


async def load_demo(brand: Brand, database: Database, articles: ArticleStore) -> dict[str, Any]:
    """Publishes what the pack has. Gives this service's part of demo.json, which is empty."""
    demo = brand.demo()
    async with database.transaction() as tx:
        for kind in ArticleKind:
            for position, entry in enumerate(demo.get(kind, [])):
                article = DemoArticle.model_validate(entry)
                await articles.put(
                    tx,
                    kind,
                    article.slug,
                    position=position,
                    publish_time=article.published,
                    texts=_texts(article, brand),
                )
    return {}


def _texts(article: DemoArticle, brand: Brand) -> Mapping[str, tuple[str, str]]:
    return {code: (article.title[code], article.body[code]) for code in brand.languages if code in article.title}
