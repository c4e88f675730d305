"""Where a page of notices begins, as a token in the address."""

from datetime import datetime
from uuid import UUID

from chassis.page_tokens import page_token_invalid, read_page_token, write_page_token
from notification.notice_store import Notice, Place


def write_place(last: Notice) -> str:
    """The token of the page after a notice."""
    return write_page_token(last.event_time.isoformat(), str(last.id))


def read_place(token: str) -> Place | None:
    """The place; None for the first page. Raises DomainError INVALID for what is no token."""
    position = read_page_token(token, 2)
    if position is None:
        return None
    try:
        at, notice_id = datetime.fromisoformat(position[0]), UUID(position[1])
    except ValueError as error:
        raise page_token_invalid() from error
    if at.tzinfo is None:
        raise page_token_invalid()
    return Place(at, notice_id)
