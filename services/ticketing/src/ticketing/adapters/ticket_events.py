"""What ticketing tells other services: ids, kinds and states, never a name or a word of what was said."""

from uuid import UUID

from kundenportal.ticketing.events.v1 import events_pb2

from chassis.database import Transaction
from chassis.outbox import Outbox
from ticketing.domain.ticket import Entry, Ticket


class OutboxTicketEvents:
    """The TicketEvents of one transaction."""

    def __init__(self, tx: Transaction, outbox: Outbox) -> None:
        self._tx = tx
        self._outbox = outbox

    async def opened(self, ticket: Ticket) -> None:
        message = events_pb2.TicketOpened(ticket_id=str(ticket.id), kind=ticket.kind)
        await self._outbox.add(self._tx, ticket.id, message)

    async def commented(self, ticket: Ticket, comment_id: UUID) -> None:
        message = events_pb2.TicketCommented(ticket_id=str(ticket.id), comment_id=str(comment_id))
        await self._outbox.add(self._tx, ticket.id, message)

    async def state_changed(self, ticket: Ticket, step: Entry) -> None:
        message = events_pb2.TicketStateChanged(
            ticket_id=str(ticket.id),
            transition_id=str(step.id),
            from_state=step.from_state or "",
            to_state=step.to_state or "",
            comment_id=str(step.comment_id) if step.comment_id else "",
        )
        await self._outbox.add(self._tx, ticket.id, message)

    async def assigned(self, ticket: Ticket) -> None:
        assignee = str(ticket.assignee_id) if ticket.assignee_id else ""
        message = events_pb2.TicketAssigned(ticket_id=str(ticket.id), assignee_id=assignee)
        await self._outbox.add(self._tx, ticket.id, message)


class NoEvents:
    """The TicketEvents of a load: what happened long ago, or never, tells nobody."""

    async def opened(self, ticket: Ticket) -> None:
        """Tell nobody."""

    async def commented(self, ticket: Ticket, comment_id: UUID) -> None:
        """Tell nobody."""

    async def state_changed(self, ticket: Ticket, step: Entry) -> None:
        """Tell nobody."""

    async def assigned(self, ticket: Ticket) -> None:
        """Tell nobody."""
