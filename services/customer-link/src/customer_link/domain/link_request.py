"""A request for a number that a limit keeps from somebody with the right code; its life is one table (A15)."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Final
from uuid import UUID

DECIDED_WITHIN: Final = timedelta(days=30)
"""A request on which nobody decides ends then."""
LONGEST_TEXT: Final = 1000
"""Characters of the customer's explanation and of the answer of staff."""


class RequestState(StrEnum):
    """Where a request stands."""

    OPEN = "open"
    IN_REVIEW = "in_review"
    TRANSFERRED = "transferred"
    ALSO_LINKED = "also_linked"
    REFUSED = "refused"
    WITHDRAWN = "withdrawn"
    EXPIRED = "expired"


class RequestKind(StrEnum):
    """Which conflict it came from: STEPS A13 and A14."""

    HELD_BY_ANOTHER = "held_by_another"
    TYPE_HELD = "type_held"


class AskReason(StrEnum):
    """Why somebody asks, as far as a list can say it; the text says the rest."""

    SUCCESSOR = "successor"
    TAKEN_OVER = "taken_over"
    TOGETHER = "together"
    SECOND_PLACE = "second_place"
    REPLACES = "replaces"
    OTHER = "other"


class Act(StrEnum):
    """What is done with a request."""

    TAKE = "take"
    GIVE_BACK = "give_back"
    TRANSFER = "transfer"
    LINK_ALSO = "link_also"
    REFUSE = "refuse"
    WITHDRAW = "withdraw"
    EXPIRE = "expire"


REASONS: Final[Mapping[RequestKind, tuple[AskReason, ...]]] = {
    RequestKind.HELD_BY_ANOTHER: (AskReason.SUCCESSOR, AskReason.TAKEN_OVER, AskReason.TOGETHER, AskReason.OTHER),
    RequestKind.TYPE_HELD: (AskReason.SECOND_PLACE, AskReason.REPLACES, AskReason.OTHER),
}
WAITING: Final = frozenset({RequestState.OPEN, RequestState.IN_REVIEW})
"""States in which a request waits; one such request of an account for a number."""
DECISIONS: Final = frozenset({Act.TRANSFER, Act.LINK_ALSO, Act.REFUSE})
LIFE: Final[Mapping[Act, tuple[frozenset[RequestState], RequestState]]] = {
    Act.TAKE: (WAITING, RequestState.IN_REVIEW),
    Act.GIVE_BACK: (frozenset({RequestState.IN_REVIEW}), RequestState.OPEN),
    Act.TRANSFER: (WAITING, RequestState.TRANSFERRED),
    Act.LINK_ALSO: (WAITING, RequestState.ALSO_LINKED),
    Act.REFUSE: (WAITING, RequestState.REFUSED),
    Act.WITHDRAW: (WAITING, RequestState.WITHDRAWN),
    Act.EXPIRE: (WAITING, RequestState.EXPIRED),
}
"""Act → the states in which it can be done, and the state that follows."""


@dataclass(frozen=True, slots=True)
class LinkRequest:
    """What somebody asks, with the code as proof that the letter reached them."""

    id: UUID
    account_id: UUID
    customer_id: UUID
    kind: RequestKind
    code_id: UUID
    reason: AskReason
    text: str
    opened_at: datetime
    state: RequestState = RequestState.OPEN
    assignee: UUID | None = None
    """The member of staff who has it; nobody else decides meanwhile."""
    decided_at: datetime | None = None
    answer: str = ""
    """What staff tell the customer."""
    former_holders: tuple[UUID, ...] = ()
    """Whose links a transfer ended."""

    @property
    def waits(self) -> bool:
        """Whether it can still be decided."""
        return self.state in WAITING


@dataclass(frozen=True, slots=True)
class Step:
    """One act on a request. `by` is nobody where the portal did it."""

    request_id: UUID
    act: Act
    at: datetime
    by: UUID | None = None
    answer: str = ""
    former_holders: tuple[UUID, ...] = ()


def allowed(request: LinkRequest, step: Step) -> bool:
    """Whether the step can be done: by the state, and by who does it."""
    if request.state not in LIFE[step.act][0]:
        return False
    match step.act:
        case Act.TAKE:
            return request.assignee != step.by
        case Act.GIVE_BACK:
            return request.assignee == step.by
        case Act.WITHDRAW:
            return request.account_id == step.by
        case Act.EXPIRE:
            return request.opened_at <= step.at - DECIDED_WITHIN
        case _:
            return request.assignee in {None, step.by}


def decisions(request: LinkRequest, holders: int, limit: int) -> tuple[Act, ...]:
    """What staff may decide, with so many others holding the number and the brand's limit of holders.

    A number of another can be transferred, also when the other one has left it meanwhile. Further holders come within
    the brand's limit only; how many numbers of a type somebody holds is for staff to say (A14).
    """
    transfer = holders > 0 or request.kind is RequestKind.HELD_BY_ANOTHER
    also = holders < limit and (holders > 0 or request.kind is RequestKind.TYPE_HELD)
    return (*((Act.TRANSFER,) if transfer else ()), *((Act.LINK_ALSO,) if also else ()), Act.REFUSE)
