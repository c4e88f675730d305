"""What each kind of notice says and where it leads: one table. Texts are English ids of the catalogues.

A kind says as much as can be said without asking anybody. `said` is for when the emitter tells the rest; its values
are number, subject, state, actor, organisation and email. `plain` is for when it does not answer, or knows the event
no longer.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final
from uuid import UUID

from notification.letters import WITH_SECRET_LINK
from notification.security_letters import CHANGES
from ui.translations import N_


@dataclass(frozen=True, slots=True)
class NoticeKind:
    """How one kind of notice is told."""

    plain: str
    path: str
    """Where it leads; `{thing}` is the id of what the event was about."""
    said: str = ""
    more: str = ""
    """A second line: what can be done."""
    asks: str = ""
    """The service that knows the rest; empty where the kind says all."""

    def leads_to(self, thing_id: UUID | None) -> str:
        """The path for one thing; where it is not known, the place that it belongs to."""
        if thing_id or "{thing}" not in self.path:
            return self.path.format(thing=thing_id)
        return f"/{self.path.split('/')[1]}"


_REQUEST: Final = "/customers/requests/{thing}"
_TICKET: Final = "/tickets/{thing}"
_ACTIVITY: Final = "/settings/activity"
_ACCOUNT_CHANGED: Final = "account_changed"

KINDS: Final[Mapping[str, NoticeKind]] = {
    "link_created": NoticeKind(
        plain=N_("A customer number is linked with your user account"),
        said=N_("Customer number %(number)s is linked with your user account"),
        path="/customers/{thing}",
        asks="customer-link",
    ),
    "link_ended": NoticeKind(
        plain=N_("Your link with a customer number was ended after a request was checked"),
        said=N_("Your link with customer number %(number)s was ended after a request was checked"),
        more=N_("You do not agree? Here you can object."),
        path="/tickets/new",
        asks="customer-link",
    ),
    "request_opened": NoticeKind(
        plain=N_("We have received your request for a customer number"),
        said=N_("We have received your request for customer number %(number)s"),
        path=_REQUEST,
        asks="customer-link",
    ),
    "request_granted": NoticeKind(
        plain=N_("We granted your request for a customer number"),
        said=N_("We granted your request: customer number %(number)s is linked with your user account"),
        path=_REQUEST,
        asks="customer-link",
    ),
    "request_refused": NoticeKind(
        plain=N_("We refused your request for a customer number"),
        said=N_("We refused your request for customer number %(number)s"),
        more=N_("Here you read the reason."),
        path=_REQUEST,
        asks="customer-link",
    ),
    "request_expired": NoticeKind(
        plain=N_("Your request for a customer number has expired"),
        said=N_("Your request for customer number %(number)s has expired"),
        more=N_("Nobody decided on it within 30 days; we are sorry. You can send it again."),
        path=_REQUEST,
        asks="customer-link",
    ),
    "member_invited": NoticeKind(
        plain=N_("You were invited to an organisation"),
        said=N_("You were invited to “%(organisation)s”"),
        path="/customers/invitations/{thing}",
        asks="customer-link",
    ),
    "invitation_accepted": NoticeKind(
        plain=N_("Your invitation was accepted"),
        said=N_("Your invitation was accepted: %(email)s belongs to “%(organisation)s” now"),
        path="/customers/organisations/{thing}/members",
        asks="customer-link",
    ),
    "access_ended": NoticeKind(
        plain=N_("Your access to an organisation has ended"),
        said=N_("Your access to “%(organisation)s” has ended"),
        more=N_("What you reported yourself stays with you."),
        path="/tickets",
        asks="customer-link",
    ),
    "ticket_received": NoticeKind(
        plain=N_("We have received your ticket"),
        said=N_("We have received your ticket %(number)s: %(subject)s"),
        path=_TICKET,
        asks="ticketing",
    ),
    "ticket_opened": NoticeKind(
        plain=N_("There is a new ticket"),
        said=N_("New ticket %(number)s: %(subject)s"),
        path=_TICKET,
        asks="ticketing",
    ),
    "ticket_commented": NoticeKind(
        plain=N_("Somebody wrote about a ticket"),
        said=N_("%(actor)s wrote about ticket %(number)s: %(subject)s"),
        path=_TICKET,
        asks="ticketing",
    ),
    "ticket_state_changed": NoticeKind(
        plain=N_("A ticket has another state"),
        said=N_("Ticket %(number)s has the state “%(state)s” now: %(subject)s"),
        path=_TICKET,
        asks="ticketing",
    ),
    "password_changed": NoticeKind(plain=N_("Your password was changed"), path=_ACTIVITY),
    **{f"account_{change}": NoticeKind(plain=heading, path=_ACTIVITY) for change, (heading, _) in CHANGES.items()},
    "account_data_exported": NoticeKind(plain=CHANGES["data_exported"][0], path="/settings/data"),
    _ACCOUNT_CHANGED: NoticeKind(plain=N_("Your user account was changed"), path=_ACTIVITY),
}
_OUTCOMES: Final = {
    "transferred": "request_granted",
    "also_linked": "request_granted",
    "refused": "request_refused",
    "expired": "request_expired",
}
_NOT_TOLD: Final = WITH_SECRET_LINK | {"registration_exists", "email_taken"}
"""What only the mailbox is told: links with a secret, and answers to whoever typed an address."""


def notice_kind(letter: str, facts: Mapping[str, str], reason: str) -> str | None:
    """The kind of notice beside a letter, for somebody who is told for this reason; None where the mail is all."""
    if letter in _NOT_TOLD:
        return None
    if letter == "security_changed":
        kind = f"account_{facts.get('change', '')}"
        return kind if kind in KINDS else _ACCOUNT_CHANGED
    if letter == "request_decided":
        return "link_ended" if reason == "holder" else _OUTCOMES.get(facts.get("outcome", ""))
    if letter == "ticket_opened" and reason in {"self", "reporter"}:
        return "ticket_received"
    return letter if letter in KINDS else None
