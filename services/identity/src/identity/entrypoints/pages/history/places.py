"""Where a page of a history begins, as a token in the address."""

from datetime import datetime
from uuid import UUID

from chassis.page_tokens import page_token_invalid, read_page_token, write_page_token
from identity.domain.history import HistoryPlace


def write_place(place: HistoryPlace | None) -> str:
    """The token of the next page; empty at the end."""
    return write_page_token(place.at.isoformat(), str(place.id)) if place else ""


def read_place(token: str) -> HistoryPlace | None:
    """The place; None for the first page. Raises DomainError INVALID for what is no token."""
    position = read_page_token(token, 2)
    if position is None:
        return None
    try:
        return HistoryPlace(datetime.fromisoformat(position[0]), UUID(position[1]))
    except ValueError as error:
        raise page_token_invalid() from error
