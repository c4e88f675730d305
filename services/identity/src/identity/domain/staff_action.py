"""What staff can do to one account, as data: which permission it takes, and when there is anything to do."""

from collections.abc import Mapping
from enum import StrEnum

from identity.domain.account import Account, AccountState
from identity.domain.factors import Factors
from identity.domain.permission import Permission


class StaffAction(StrEnum):
    """The value is the last part of the page's address."""

    LOCK = "lock"
    UNLOCK = "unlock"
    END_SESSIONS = "end-sessions"
    SEND_RESET = "send-reset"
    CORRECT_ADDRESS = "address"
    MOVE_ADDRESS = "new-address"
    REMOVE_FACTOR = "remove-factor"
    CHANGE_ROLES = "roles"
    REOPEN = "reopen"


NEEDS: Mapping[StaffAction, Permission] = {
    StaffAction.LOCK: Permission.LOCK,
    StaffAction.UNLOCK: Permission.LOCK,
    StaffAction.END_SESSIONS: Permission.HELP_TO_SIGN_IN,
    StaffAction.SEND_RESET: Permission.HELP_TO_SIGN_IN,
    StaffAction.CORRECT_ADDRESS: Permission.CORRECT_ADDRESS,
    StaffAction.MOVE_ADDRESS: Permission.CORRECT_ADDRESS,
    StaffAction.REMOVE_FACTOR: Permission.REMOVE_FACTOR,
    StaffAction.CHANGE_ROLES: Permission.MANAGE_STAFF,
    StaffAction.REOPEN: Permission.LOCK,
}
_IN_USE = frozenset({AccountState.ACTIVE, AccountState.INVITED})
_STATES: Mapping[StaffAction, frozenset[AccountState]] = {
    StaffAction.LOCK: _IN_USE,
    StaffAction.UNLOCK: frozenset({AccountState.LOCKED}),
    StaffAction.END_SESSIONS: frozenset({AccountState.ACTIVE}),
    StaffAction.SEND_RESET: _IN_USE,
    StaffAction.CORRECT_ADDRESS: frozenset({AccountState.UNCONFIRMED}),
    StaffAction.MOVE_ADDRESS: frozenset({AccountState.ACTIVE}),
    StaffAction.REMOVE_FACTOR: frozenset({AccountState.ACTIVE, AccountState.LOCKED}),
    StaffAction.CHANGE_ROLES: _IN_USE,
    StaffAction.REOPEN: frozenset({AccountState.CLOSED}),
}


def fits(action: StaffAction, account: Account, factors: Factors) -> bool:
    """Whether the account is in a state in which the action does anything."""
    if action is StaffAction.REMOVE_FACTOR and not factors.to_remove:
        return False
    return account.state in _STATES[action]
