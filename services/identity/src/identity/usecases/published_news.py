"""What editors published, as the start page shows it; asked at notification."""

from dataclasses import dataclass
from datetime import datetime
from typing import Protocol


@dataclass(frozen=True, slots=True)
class Headline:
    """One news item."""

    path: str
    title: str
    published_at: datetime


@dataclass(frozen=True, slots=True)
class Topic:
    """One standing page."""

    path: str
    title: str


@dataclass(frozen=True, slots=True)
class Published:
    """News, newest first, and the topic pages in the editors' order."""

    news: tuple[Headline, ...]
    topics: tuple[Topic, ...]


class NewsSource(Protocol):
    """Where the start page gets it."""

    async def published(self, language: str) -> Published | None:
        """None when it cannot be had within 300 ms."""
