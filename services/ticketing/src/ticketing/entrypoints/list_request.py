"""What an address or a call asks of a list: filters read with care, and the token of the next page."""

import base64
import binascii
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from uuid import UUID

from chassis.errors import DomainError, ErrorKind
from ticketing.domain.listing import Cursor, Sort
from ticketing.domain.search_text import SEARCH_LENGTH
from ticketing.domain.ticket_kind import Policy
from ticketing.domain.ticket_number import TicketNumber
from ticketing.domain.ticket_state import UNFINISHED, TicketState

OPEN_FILTER = "open"
ALL_FILTER = "all"
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class ListRequest:
    """The filters as they stand in the address; what nobody offers is as if it were not there."""

    search: str = ""
    kind: str = ""
    state: str = ""
    sort: Sort = Sort.CHANGED
    page: str = ""
    customer: UUID | None = None
    """Only the tickets about this customer number."""

    @classmethod
    def read(cls, query: Mapping[str, str], policy: Policy, *, state: str = "") -> "ListRequest":
        """Read the parameters q, kind, state, sort, page and customer; `state` is the list's default."""
        kind, wanted = query.get("kind", ""), query.get("state", state)
        known = {OPEN_FILTER, ALL_FILTER, *TicketState}
        return cls(
            search=_clean(query.get("q", "")),
            kind=kind if kind in policy.kinds else "",
            state=wanted if wanted in known else state,
            sort=next((sort for sort in Sort if sort == query.get("sort")), Sort.CHANGED),
            page=query.get("page", ""),
            customer=_id(query.get("customer", "")),
        )

    @property
    def states(self) -> tuple[TicketState, ...]:
        """The states to show; none means all."""
        if self.state == OPEN_FILTER:
            return tuple(sorted(UNFINISHED))
        return () if self.state in {"", ALL_FILTER} else (TicketState(self.state),)

    @property
    def is_narrowed(self) -> bool:
        """Whether there is a filter that hides something."""
        return bool(self.search or self.kind or self.states or self.customer)

    def parameters(self) -> dict[str, str]:
        """Give the parameters that lead here again, without the page."""
        sort = "" if self.sort is Sort.CHANGED else self.sort.value
        found = {"q": self.search, "kind": self.kind, "state": self.state, "sort": sort}
        found["customer"] = str(self.customer) if self.customer else ""
        return {name: value for name, value in found.items() if value}


def _clean(search: str) -> str:
    printable = "".join(sign if sign.isprintable() else " " for sign in search)
    return " ".join(printable.split())[:SEARCH_LENGTH]


def _id(text: str) -> UUID | None:
    try:
        return UUID(text)
    except ValueError:
        return None


def to_token(cursor: Cursor) -> str:
    """Make the token of the page after a row (AIP-158): opaque, and no secret, for every page is limited anew."""
    microseconds = (cursor.changed_at - _EPOCH) // timedelta(microseconds=1)
    text = f"{microseconds}.{cursor.number.value}.{cursor.id.hex}"
    return base64.urlsafe_b64encode(text.encode()).decode().rstrip("=")


def from_token(token: str) -> Cursor | None:
    """Read a token; None for an empty one, DomainError INVALID for one that was never given."""
    if not token:
        return None
    try:
        changed, number, ticket = base64.urlsafe_b64decode(token + "=" * (-len(token) % 4)).decode().split(".")
        return Cursor(_moment(int(changed)), TicketNumber.of(_number(int(number))), UUID(hex=ticket))
    except (ValueError, binascii.Error, OverflowError) as error:
        raise DomainError(ErrorKind.INVALID, "page_token_invalid", "This page token was not given here.") from error


def _moment(microseconds: int) -> datetime:
    return _EPOCH + timedelta(microseconds=microseconds)


def _number(value: int) -> int:
    if not 0 <= value < 1 << 63:
        raise ValueError(value)
    return value
