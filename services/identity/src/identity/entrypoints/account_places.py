"""Where a list of accounts goes on, as the page token of staff's list and of the JSON API."""

from datetime import datetime
from uuid import UUID

from chassis.page_tokens import page_token_invalid, read_page_token, write_page_token
from identity.domain.account_search import AccountPlace


def write_account_place(place: AccountPlace | None) -> str:
    """The token; empty at the end of the list."""
    return write_page_token(place.created_at.isoformat(), str(place.id)) if place else ""


def read_account_place(token: str) -> AccountPlace | None:
    """The place of a token.

    Raises:
        DomainError: INVALID `page_token_invalid` for one that was never given.
    """
    position = read_page_token(token, 2)
    if position is None:
        return None
    try:
        place = AccountPlace(datetime.fromisoformat(position[0]), UUID(position[1]))
    except ValueError as error:
        raise page_token_invalid() from error
    if place.created_at.tzinfo is None:
        raise page_token_invalid()
    return place
