"""The JSON of the API. Members of staff stay unnamed: a customer talks to support."""

from datetime import date, datetime
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field

from ticketing.domain.listing import Sort, TicketRow
from ticketing.domain.ticket import SUBJECT_LENGTH, TEXT_LENGTH, Entry, Ticket
from ticketing.domain.ticket_state import TicketState
from ticketing.domain.visibility import Visibility
from ticketing.usecases.view_ticket import TicketView


class _Sent(BaseModel):
    """What a client sends: nothing but the fields named here (ASVS 15.3.3)."""

    model_config = ConfigDict(extra="forbid")


class ListParameters(_Sent):
    """What a list is asked for."""

    scope: str = Field("mine", pattern="^(mine|organisation)$")
    q: str = Field("", max_length=200)
    kind: str | None = None
    state: list[TicketState] = Field(default_factory=list, max_length=9)
    sort: Sort = Sort.CHANGED
    page_size: int = Field(25, ge=1, le=100)
    page_token: str = Field("", max_length=200)


class NewTicket(_Sent):
    """A ticket to open; without a visibility, the brand's."""

    kind: str = Field(max_length=40)
    subject: str = Field(max_length=SUBJECT_LENGTH)
    text: str = Field(max_length=TEXT_LENGTH)
    customer_id: UUID | None = None
    organisation_id: UUID | None = None
    visibility: Visibility | None = None


class NewComment(_Sent):
    """Something to say."""

    text: str = Field(max_length=TEXT_LENGTH)


class TicketJson(BaseModel):
    """A ticket in a list."""

    id: UUID
    number: str
    kind: str
    subject: str
    state: TicketState
    visibility: Visibility
    reporter_id: UUID
    organisation_id: UUID | None
    customer_id: UUID | None
    answer_due: date | None
    create_time: datetime
    update_time: datetime

    @classmethod
    def of(cls, ticket: Ticket | TicketRow) -> "TicketJson":
        """Make it of a ticket or a row."""
        return cls(
            id=ticket.id,
            number=str(ticket.number),
            kind=ticket.kind,
            subject=ticket.subject,
            state=ticket.state,
            visibility=ticket.visibility,
            reporter_id=ticket.reporter_id,
            organisation_id=ticket.organisation_id,
            customer_id=ticket.customer_id,
            answer_due=ticket.answer_due,
            create_time=ticket.opened_at,
            update_time=ticket.updated_at,
        )


class TicketsJson(BaseModel):
    """One page of a list (AIP-158)."""

    tickets: list[TicketJson]
    next_page_token: str


class EntryJson(BaseModel):
    """One entry of the talk; `author_id` is missing where staff or the clock acted."""

    id: UUID
    kind: str
    create_time: datetime
    by_staff: bool
    author_id: UUID | None
    text: str | None
    from_state: TicketState | None
    to_state: TicketState | None
    visibility: Visibility | None

    @classmethod
    def of(cls, entry: Entry) -> "EntryJson":
        """Make it of an entry that a customer may read."""
        return cls(
            id=entry.id,
            kind=entry.kind.value,
            create_time=entry.created_at,
            by_staff=entry.by_staff,
            author_id=None if entry.by_staff else entry.author_id,
            text=entry.text,
            from_state=entry.from_state,
            to_state=entry.to_state,
            visibility=entry.visibility,
        )


class TicketDetailJson(TicketJson):
    """A ticket with its talk, and what the caller may do."""

    reason: str
    can_comment: bool
    actions: list[str]
    duplicate_of_number: str | None
    follows_number: str | None
    talk: list[EntryJson]
    earlier_position: int | None

    @classmethod
    def of_view(cls, view: TicketView) -> "TicketDetailJson":
        """Make it of a view."""
        numbers = {one.id: str(one.number) for one in view.references}
        ticket = view.ticket
        return cls(
            **TicketJson.of(ticket).model_dump(),
            reason=view.rights.reason.value,
            can_comment=view.rights.comment,
            actions=sorted({choice.action.value for choice in view.choices}),
            duplicate_of_number=numbers.get(ticket.duplicate_of) if ticket.duplicate_of else None,
            follows_number=numbers.get(ticket.follows) if ticket.follows else None,
            talk=[EntryJson.of(entry) for entry in view.talk],
            earlier_position=view.earlier,
        )


class CommentedJson(BaseModel):
    """What became of a comment; `follow_up` says that it opened the ticket named here."""

    ticket: TicketJson
    comment_id: UUID | None
    follow_up: bool
