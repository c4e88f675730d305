"""The words that pages choose in Python: of states, kinds, people, mistakes; in the reader's language."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from uuid import UUID

from ticketing.domain.listing import COUNT_LIMIT
from ticketing.domain.person import Person
from ticketing.domain.ticket import SUBJECT_LENGTH, TEXT_LENGTH
from ticketing.domain.ticket_kind import Policy
from ticketing.domain.ticket_state import Ball, TicketState
from ticketing.domain.transitions import Action
from ticketing.domain.visibility import Visibility
from ui.forms import Message
from ui.translations import N_

MISTAKES: Mapping[str, str | Message] = {
    "kind_missing": N_("Choose what it is about."),
    "subject_missing": N_("Write in one line what it is about."),
    "subject_lines": N_("The subject must be a single line."),
    "subject_long": Message(N_("The subject may have at most %(count)s characters."), {"count": SUBJECT_LENGTH}),
    "text_missing": N_("Write what you want to tell us."),
    "text_long": Message(N_("The text may have at most %(count)s characters."), {"count": TEXT_LENGTH}),
    "signs_unreadable": N_("The text has signs that cannot be shown. Please type it again."),
    "customer_unknown": N_("Choose one of your customer numbers, or none."),
    "organisation_unknown": N_("Choose one of your organisations."),
    "visibility_unknown": N_("Choose who may see it."),
    "visibility_needs_organisation": N_("Choose the organisation that may see it."),
    "answer_missing": N_("Write the answer that goes with this state."),
    "reason_missing": N_("Write the reason: the customer is told."),
    "due_past": N_("The day must not be in the past."),
    "due_unreadable": N_("Give the day like 25.11.2026."),
    "other_unknown": N_("Give the number of the other ticket, such as T-2026-01482."),
    "assignee_unknown": N_("Choose somebody who works at the desk."),
    "action_unknown": N_("Choose what is to happen."),
    "action_not_possible": N_("This is no longer possible: the state has changed in the meantime."),
}

VISIBILITIES: Mapping[Visibility, str] = {
    Visibility.OWN: N_("Only the reporter and support"),
    Visibility.ORGANISATION: N_("The organisation and support"),
    Visibility.CONFIDENTIAL: N_("Confidential: only the reporter and support"),
}

ACTIONS: Mapping[Action, str] = {
    Action.START: N_("Work on it"),
    Action.ASK: N_("Ask back: the customer has to act"),
    Action.RESOLVE: N_("Resolve"),
    Action.REJECT: N_("Reject, with a reason"),
    Action.NOTE: N_("Keep as noted"),
    Action.MARK_DUPLICATE: N_("Mark as a duplicate of another ticket"),
    Action.REOPEN: N_("Take up again"),
}


STAFF_STATES: Mapping[TicketState, str] = {
    TicketState.NEW: N_("New"),
    TicketState.IN_PROGRESS: N_("In progress"),
    TicketState.WAITING: N_("Waiting for the customer"),
    TicketState.RESOLVED: N_("Resolved"),
    TicketState.CLOSED: N_("Closed"),
    TicketState.WITHDRAWN: N_("Withdrawn"),
    TicketState.REJECTED: N_("Rejected"),
    TicketState.NOTED: N_("Noted"),
    TicketState.DUPLICATE: N_("Duplicate"),
}


def mistake(code: str) -> str | Message:
    """Give the sentence for a code; the code itself would be a mistake of ours, and a test finds it."""
    return MISTAKES[code]


@dataclass(frozen=True, slots=True)
class Wording:
    """What templates call for names and labels; `me` is the reader."""

    policy: Policy
    language: str
    gettext: Callable[..., str]
    me: UUID
    my_name: str
    people: Mapping[UUID, Person] = field(default_factory=dict)
    at_desk: bool = False

    def state(self, state: TicketState) -> str:
        """Say where a ticket stands: to customers in the brand's words, to staff in plain ones (DESIGN 6)."""
        if self.at_desk:
            return self.gettext(STAFF_STATES[state])
        return self.policy.state_label(state, self.language)

    def kind(self, kind: str) -> str:
        """Give the brand's word for a kind."""
        return self.policy.kind_label(kind, self.language)

    def states(self, states: Iterable[TicketState]) -> list[tuple[str, str]]:
        """Give the options of a choice of states."""
        return [(state.value, self.state(state)) for state in states]

    def kinds(self, kinds: Iterable[str]) -> list[tuple[str, str]]:
        """Give the options of a choice of kinds."""
        return [(kind, self.kind(kind)) for kind in kinds]

    def visibility(self, visibility: Visibility) -> str:
        """Say who sees a ticket."""
        return self.gettext(VISIBILITIES[visibility])

    def ball(self, ball: str) -> str:
        """Give the colour of a state: what waits for the customer is amber for him and blue for staff."""
        turned = {Ball.YOU.value: Ball.US.value, Ball.US.value: Ball.YOU.value}
        return turned.get(ball, ball) if self.at_desk else ball

    def action(self, action: Action) -> str:
        """Say what an action at the desk does."""
        return self.gettext(ACTIONS[action])

    def count(self, number: int) -> str:
        """Give a bounded count: 14, 100+."""
        return f"{COUNT_LIMIT}+" if number > COUNT_LIMIT else str(number)

    def name(self, account_id: UUID | None, *, staff: bool = False) -> str:
        """Name a person; a neutral word where the name cannot be had."""
        if account_id == self.me:
            return self.my_name
        person = self.people.get(account_id) if account_id else None
        if person is not None and person.name:
            return person.name
        return self.gettext(N_("Support")) if staff else self._somebody()

    def reporter(self, account_id: UUID) -> str:
        """Name a reporter in a list: oneself in one word."""
        return self.gettext(N_("Me")) if account_id == self.me else self.name(account_id)

    def _somebody(self) -> str:
        return self.gettext(N_("Customer")) if self.at_desk else self.gettext(N_("Somebody of your organisation"))
