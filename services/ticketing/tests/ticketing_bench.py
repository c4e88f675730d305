"""The use cases on fakes, with shortcuts to where a test begins."""

from datetime import date
from uuid import UUID, uuid4
from zoneinfo import ZoneInfo

from chassis.testing import FakeClock
from ticketing.domain.ticket import Entry, Ticket
from ticketing.domain.ticket_kind import Policy
from ticketing.domain.ticket_state import TicketState
from ticketing.domain.transitions import Action
from ticketing.domain.visibility import Viewer
from ticketing.usecases.answer_ticket import Answer, answer_ticket
from ticketing.usecases.move_own_ticket import move_own_ticket
from ticketing.usecases.open_ticket import Draft, open_ticket, place_of
from ticketing.usecases.writing import Author, Writing
from ticketing_builders import AGENT, ANNA, a_membership, a_policy
from ticketing_fakes import FakeEvents, FakeTickets


class Bench:
    def __init__(self, policy: Policy | None = None) -> None:
        self.clock = FakeClock()
        self.store = FakeTickets(self.clock)
        self.events = FakeEvents()
        zone = ZoneInfo("Europe/Vienna")
        self.writing = Writing(self.store, self.events, self.clock, uuid4, policy or a_policy(), zone)

    @staticmethod
    def today() -> date:
        return FakeClock()().date()

    async def open(self, draft: Draft, reporter: UUID = ANNA) -> Ticket:
        place = place_of(draft, a_membership(), self.writing.policy)
        return await open_ticket(draft, place, reporter=reporter, author=Author(reporter), writing=self.writing)

    async def bring_to(self, ticket: Ticket, state: TicketState) -> None:
        ways = {
            TicketState.WAITING: [Action.ASK],
            TicketState.RESOLVED: [Action.START, Action.RESOLVE],
            TicketState.CLOSED: [Action.START, Action.RESOLVE, Action.CONFIRM],
            TicketState.REJECTED: [Action.REJECT],
            TicketState.NOTED: [Action.NOTE],
            TicketState.WITHDRAWN: [Action.WITHDRAW],
        }
        for action in ways[state]:
            if action in {Action.CONFIRM, Action.WITHDRAW}:
                await move_own_ticket(ticket.id, action, viewer=Viewer(ANNA), writing=self.writing)
            else:
                await answer_ticket(ticket.id, Answer("Ein Wort.", action), agent=AGENT, writing=self.writing)
        assert self.now(ticket).state is state

    def now(self, ticket: Ticket) -> Ticket:
        return self.store.held[ticket.id]

    def history(self, ticket: Ticket) -> list[Entry]:
        return self.store.history[ticket.id]
