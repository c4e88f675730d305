"""The tables [[ticket]] of a brand's demo.toml."""

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field

from ticketing.domain.ticket_state import TicketState
from ticketing.domain.visibility import Visibility
from ticketing.usecases.load_demo import DemoStep, DemoTicket
from ticketing.usecases.open_ticket import Draft, Place
from ui.brand import demo_id


class _Step(BaseModel):
    """A comment or an answer, a change of state, or both; hours count back from the load."""

    model_config = ConfigDict(extra="forbid")

    by: str
    hours_ago: float = Field(ge=0)
    text: str = ""
    to: TicketState | None = None
    internal: bool = False


class _Ticket(BaseModel):
    """A ticket; people, organisation and number by their keys."""

    model_config = ConfigDict(extra="forbid")

    key: str
    kind: str
    subject: str
    text: str
    reporter: str
    organisation: str | None = None
    customer: str | None = None
    visibility: Visibility
    hours_ago: float = Field(ge=0)
    step: tuple[_Step, ...] = ()

    def made(self, staff: frozenset[str]) -> DemoTicket:
        """Give it with the ids that every service derives from the keys."""
        customer = demo_id("customer", self.customer) if self.customer else None
        organisation = demo_id("organisation", self.organisation) if self.organisation else None
        return DemoTicket(
            id=demo_id("ticket", self.key),
            entry_id=lambda number: demo_id("ticket entry", f"{self.key} {number}"),
            reporter=demo_id("account", self.reporter),
            hours_ago=self.hours_ago,
            draft=Draft(self.kind, self.subject, self.text, customer),
            place=Place(organisation, customer, self.visibility),
            steps=[_step(step, staff) for step in self.step],
        )


def demo_tickets(demo: Mapping[str, Any]) -> list[DemoTicket]:
    """Read all tickets, oldest first, so that their numbers follow their age."""
    staff = frozenset(person["key"] for person in demo.get("staff", ()))
    tickets = [_Ticket.model_validate(ticket) for ticket in demo.get("ticket", ())]
    return [ticket.made(staff) for ticket in sorted(tickets, key=lambda ticket: -ticket.hours_ago)]


def demo_agents(demo: Mapping[str, Any]) -> list[UUID]:
    """Give those who work at the desk."""
    return [
        demo_id("account", person["key"])
        for person in demo.get("staff", ())
        if {"agent", "admin"} & set(person.get("roles", ()))
    ]


def demo_reader(demo: Mapping[str, Any]) -> tuple[UUID, UUID]:
    """Give the first account that holds a customer number, and the organisation of that number."""
    link = demo["link"][0]
    held = next(customer for customer in demo["customer"] if customer["number"] == link["customer"])
    return demo_id("account", link["account"]), demo_id("organisation", held["organisation"])


def _step(step: _Step, staff: frozenset[str]) -> DemoStep:
    by = demo_id("account", step.by)
    return DemoStep(by, step.by in staff, step.hours_ago, step.text, step.to, step.internal)
