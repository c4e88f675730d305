"""Which events people are told of, by mail and beside the bell: who emitted them, and what the letter is called.

This table is the whole subscription: an event type that does not stand here is never delivered to this service.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final


@dataclass(frozen=True, slots=True)
class ToldEvent:
    """How one event type is told."""

    emitter: str
    """The service whose EventDetailService knows the event."""
    letter: str
    """Key in `letters.LETTERS`; empty where the fact `purpose` names it."""
    thing: str = ""
    """The field of the event with the id of what a notice leads to; empty where none does."""


TOLD_EVENTS: Final[Mapping[str, ToldEvent]] = {
    "kundenportal.identity.challenge.issued.v1": ToldEvent("identity", ""),
    "kundenportal.identity.password.changed.v1": ToldEvent("identity", "password_changed"),
    "kundenportal.identity.account.security_changed.v1": ToldEvent("identity", "security_changed"),
    "kundenportal.customer_link.link.created.v1": ToldEvent("customer-link", "link_created", "customerId"),
    "kundenportal.customer_link.invitation.issued.v1": ToldEvent("customer-link", "member_invited", "invitationId"),
    "kundenportal.customer_link.access.granted.v1": ToldEvent("customer-link", "invitation_accepted", "organisationId"),
    "kundenportal.customer_link.access.ended.v1": ToldEvent("customer-link", "access_ended"),
    "kundenportal.customer_link.request.opened.v1": ToldEvent("customer-link", "request_opened", "requestId"),
    "kundenportal.customer_link.request.decided.v1": ToldEvent("customer-link", "request_decided", "requestId"),
    "kundenportal.ticketing.ticket.opened.v1": ToldEvent("ticketing", "ticket_opened", "ticketId"),
    "kundenportal.ticketing.ticket.commented.v1": ToldEvent("ticketing", "ticket_commented", "ticketId"),
    "kundenportal.ticketing.ticket.state_changed.v1": ToldEvent("ticketing", "ticket_state_changed", "ticketId"),
}
