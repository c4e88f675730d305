"""One sample of every letter, as its emitter would describe it."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import Any
from uuid import UUID

from notification.happenings import Concerned, Happening, Link
from notification.mail_ledger import Mail, MailState, mail_id
from notification_fakes import NOW

ANNA = UUID("00000000-0000-4000-8000-00000000a11a")
EVENT = UUID("00000000-0000-4000-8000-000000000e01")
SUBJECT = UUID("00000000-0000-4000-8000-000000000501")
CHALLENGE = UUID("00000000-0000-4000-8000-000000000c01")
SECRET_PATH = "/c/Vm9nZWxmcmVpLWdlaGVpbQ"

LINK = Link(SECRET_PATH, NOW + timedelta(hours=24))

_TICKET = {
    "ticket_number": "T-2026-01482",
    "subject": "Rechnung doppelt erhalten",
    "kind": "invoice",
    "state": "new",
    "excerpt": "Die Rechnung kam zweimal.\nBitte prüfen.",
    "actor": "Ben Klein",
    "path": f"/tickets/{SUBJECT}",
}

_REQUEST = {
    "customer_number": "4711 0702",
    "path": "/customers/requests/00000000-0000-4000-8000-00000000a5f0",
}


@dataclass(frozen=True, slots=True)
class Sample:
    event_type: str
    facts: Mapping[str, str]
    reason: str = "self"
    link: Link | None = None

    @property
    def happening(self) -> Happening:
        return Happening(self.event_type, self.facts, (Concerned(ANNA, self.reason),), "")


SAMPLES: Mapping[str, Sample] = {
    "confirm_registration": Sample(
        "kundenportal.identity.challenge.issued.v1",
        {"challenge_id": str(CHALLENGE), "purpose": "confirm_registration", "username": "anna"},
        link=LINK,
    ),
    "registration_exists": Sample(
        "kundenportal.identity.challenge.issued.v1",
        {"challenge_id": str(CHALLENGE), "purpose": "registration_exists", "username": "anna"},
    ),
    "reset_password": Sample(
        "kundenportal.identity.challenge.issued.v1",
        {"challenge_id": str(CHALLENGE), "purpose": "reset_password", "username": "anna"},
        link=LINK,
    ),
    "confirm_email": Sample(
        "kundenportal.identity.challenge.issued.v1",
        {"challenge_id": str(CHALLENGE), "purpose": "confirm_email", "username": "anna"},
        link=LINK,
    ),
    "email_change_started": Sample(
        "kundenportal.identity.challenge.issued.v1",
        {"challenge_id": str(CHALLENGE), "purpose": "email_change_started", "username": "anna"},
        link=LINK,
    ),
    "email_change_done": Sample(
        "kundenportal.identity.challenge.issued.v1",
        {"challenge_id": str(CHALLENGE), "purpose": "email_change_done", "username": "anna"},
        link=LINK,
    ),
    "email_taken": Sample(
        "kundenportal.identity.challenge.issued.v1",
        {"purpose": "email_taken"},
    ),
    "mailed_password": Sample(
        "kundenportal.identity.challenge.issued.v1",
        {"challenge_id": str(CHALLENGE), "purpose": "mailed_password", "username": "anna"},
        link=Link("/login", LINK.expire_time, "XXXX-YYYY-3333-4444-6666"),
    ),
    "password_changed": Sample("kundenportal.identity.password.changed.v1", {"username": "anna"}),
    "security_changed": Sample(
        "kundenportal.identity.account.security_changed.v1", {"username": "anna", "change": "factor_added"}
    ),
    "link_created": Sample(
        "kundenportal.customer_link.link.created.v1",
        {"customer_number": "4711 0702", "path": "/customers/00000000-0000-4000-8000-00000000c057"},
        reason="holder",
    ),
    "request_opened": Sample("kundenportal.customer_link.request.opened.v1", _REQUEST),
    "request_decided": Sample(
        "kundenportal.customer_link.request.decided.v1",
        {**_REQUEST, "outcome": "refused", "answer": "Der Betrieb ist nicht auf Sie angemeldet."},
    ),
    "member_invited": Sample(
        "kundenportal.customer_link.invitation.issued.v1",
        {
            "organisation": "Gasthaus Zum Goldenen Ton",
            "path": "/customers/invitations/00000000-0000-4000-8000-0000000017ed",
        },
    ),
    "invitation_accepted": Sample(
        "kundenportal.customer_link.access.granted.v1",
        {
            "organisation": "Gasthaus Zum Goldenen Ton",
            "email": "ben@example.com",
            "path": "/customers/organisations/00000000-0000-4000-8000-00000000000a/members",
        },
    ),
    "access_ended": Sample(
        "kundenportal.customer_link.access.ended.v1",
        {"organisation": "Gasthaus Zum Goldenen Ton", "path": "/tickets"},
    ),
    "ticket_opened": Sample("kundenportal.ticketing.ticket.opened.v1", _TICKET, reason="reporter"),
    "ticket_commented": Sample("kundenportal.ticketing.ticket.commented.v1", _TICKET, reason="colleague"),
    "ticket_state_changed": Sample(
        "kundenportal.ticketing.ticket.state_changed.v1", {**_TICKET, "state": "waiting"}, reason="reporter"
    ),
}


def a_mail(letter: str, **changes: Any) -> Mail:
    """The ledger's row of a sample."""
    values = {
        "id": mail_id(EVENT, ANNA),
        "event_id": EVENT,
        "event_type": SAMPLES[letter].event_type,
        "event_time": NOW,
        "subject": str(SUBJECT),
        "account_id": ANNA,
        "letter": letter,
        "state": MailState.PENDING,
        "state_reason": "",
        "attempts": 0,
        "create_time": NOW,
    }
    return Mail(**(values | changes))
