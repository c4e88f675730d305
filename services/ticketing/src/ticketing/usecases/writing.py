"""What every change of a ticket shares: the history, the saved ticket and the event belong together."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import date, datetime
from uuid import UUID
from zoneinfo import ZoneInfo

from chassis.errors import DomainError, ErrorKind
from ticketing.domain.reach import Reach
from ticketing.domain.ticket import Entry, EntryKind, Ticket, text_problem
from ticketing.domain.ticket_kind import Policy
from ticketing.domain.ticket_state import TicketState
from ticketing.domain.transitions import Action, Actor, Transition, choices
from ticketing.usecases.ports import TicketEvents, TicketStore


@dataclass(frozen=True, slots=True)
class Author:
    """Who says or does something; nobody (None) is the clock."""

    account_id: UUID | None
    staff: bool = False


class TicketNotFound(DomainError):  # noqa: N818 - what happened, in the words of the vocabulary
    """There is no such ticket within reach; the same whether it exists or not (ASVS 8.2.2)."""

    def __init__(self) -> None:
        super().__init__(ErrorKind.NOT_FOUND, "ticket_not_found")


class NotAllowedNow(DomainError):  # noqa: N818 - the same
    """The table of states has no such row for this ticket, this person and this time."""

    def __init__(self, action: Action) -> None:
        super().__init__(ErrorKind.CONFLICT, "action_not_possible", action.value)


def require_text(text: str, field: str = "text") -> str:
    """Give the text without outer blanks; DomainError when it is missing or too long."""
    if problem := text_problem(text):
        raise DomainError(ErrorKind.INVALID, problem, fields={field: problem})
    return text.strip()


@dataclass(frozen=True, slots=True)
class Writing:
    """The store, the events, time, ids and the brand's policy inside one transaction."""

    tickets: TicketStore
    events: TicketEvents
    clock: Callable[[], datetime]
    new_id: Callable[[], UUID]
    policy: Policy
    zone: ZoneInfo

    async def locked(self, ticket_id: UUID, reach: Reach) -> Ticket:
        """Give the ticket, locked; TicketNotFound when there is none within reach."""
        ticket = await self.tickets.lock(ticket_id, reach)
        if ticket is None:
            raise TicketNotFound
        return ticket

    def choices(self, ticket: Ticket, actors: frozenset[Actor]) -> tuple[Transition, ...]:
        """Give what may be done to the ticket now."""
        return choices(ticket.state, self.policy.endings(ticket.kind), actors, self.clock() - ticket.state_since)

    def row(self, ticket: Ticket, action: Action, actors: frozenset[Actor]) -> Transition:
        """Give the table's row for an action; NotAllowedNow when there is none."""
        for row in self.choices(ticket, actors):
            if row.action is action:
                return row
        raise NotAllowedNow(action)

    async def say(self, ticket: Ticket, author: Author, text: str) -> Entry:
        """Add a comment that the customer may read; the caller tells of it."""
        entry = Entry(self.new_id(), EntryKind.COMMENT, author.account_id, author.staff, self.clock(), text=text)
        await self.tickets.append(ticket.id, entry)
        return entry

    async def comment(self, ticket: Ticket, author: Author, text: str) -> Entry:
        """Add a comment that moves nothing."""
        entry = await self.say(ticket, author, text)
        await self.tickets.save(replace(ticket, updated_at=entry.created_at))
        await self.events.commented(ticket, entry.id)
        return entry

    async def move(
        self,
        ticket: Ticket,
        row: Transition,
        author: Author,
        *,
        said: Entry | None = None,
        answer_due: date | None = None,
        duplicate_of: UUID | None = None,
    ) -> Ticket:
        """Bring the ticket where the row says, with what was said on the way."""
        moved = replace(
            ticket,
            state=row.target,
            state_since=self.clock(),
            updated_at=self.clock(),
            answer_due=answer_due,
            duplicate_of=duplicate_of,
        )
        await self.tickets.save(moved)
        if said is not None:
            await self.events.commented(moved, said.id)
        step = self._step(author, ticket.state, row.target, said)
        await self.tickets.append(ticket.id, step)
        await self.events.state_changed(moved, step)
        return moved

    def _step(self, author: Author, before: TicketState, after: TicketState, said: Entry | None) -> Entry:
        return Entry(
            self.new_id(),
            EntryKind.STATE,
            author.account_id,
            author.staff,
            self.clock(),
            from_state=before,
            to_state=after,
            comment_id=said.id if said else None,
        )
