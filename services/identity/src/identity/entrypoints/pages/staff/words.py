"""What states, roles and mails are called on the pages of staff, as message ids."""

from collections.abc import Mapping

from identity.domain.account import AccountState
from identity.domain.permission import Role
from ui.translations import N_

STATES: Mapping[AccountState, tuple[str, str]] = {
    AccountState.UNCONFIRMED: (N_("Address not confirmed"), "you"),
    AccountState.INVITED: (N_("Invited"), "us"),
    AccountState.ACTIVE: (N_("Active"), "done"),
    AccountState.LOCKED: (N_("Locked"), "bad"),
    AccountState.CLOSED: (N_("Closed"), "parked"),
}
"""Word and colour."""

ROLES: Mapping[Role, str] = {
    Role.AGENT: N_("Agent"),
    Role.ADVISOR: N_("Advisor"),
    Role.EDITOR: N_("Editor"),
    Role.ADMIN: N_("Administrator"),
}

MAIL_STATES: Mapping[str, tuple[str, str]] = {
    "pending": (N_("On its way"), "us"),
    "sent": (N_("Handed over"), "done"),
    "failed": (N_("Refused"), "bad"),
    "suppressed": (N_("Not sent on purpose"), "parked"),
}

_LETTERS: Mapping[str, str] = {
    "confirm_registration": N_("Confirm the address"),
    "registration_exists": N_("You already have an account"),
    "reset_password": N_("Choose a new password"),
    "password_changed": N_("Your password was changed"),
    "security_changed": N_("Your account was changed"),
    "link_created": N_("Customer number linked"),
    "ticket_opened": N_("New ticket"),
    "ticket_commented": N_("Comment on a ticket"),
    "ticket_state_changed": N_("State of a ticket"),
}


def letter_word(letter: str) -> str:
    """What a mail is called; one that is not known here is called by the name that notification gives it."""
    return _LETTERS.get(letter, letter)
