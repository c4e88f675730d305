"""What other systems can do to one account, as data: when there is anything to do."""

from collections.abc import Mapping
from enum import StrEnum

from identity.domain.account import Account, AccountState


class ClientAction(StrEnum):
    """The value is the last part of the address, after a colon."""

    LOCK = "lock"
    UNLOCK = "unlock"
    CLOSE = "close"


_IN_USE = frozenset({AccountState.ACTIVE, AccountState.INVITED})
_STATES: Mapping[ClientAction, frozenset[AccountState]] = {
    ClientAction.LOCK: _IN_USE,
    ClientAction.UNLOCK: frozenset({AccountState.LOCKED}),
    ClientAction.CLOSE: _IN_USE | {AccountState.LOCKED},
}


def client_action_fits(action: ClientAction, account: Account) -> bool:
    """Whether the account is in a state in which the action does anything."""
    return account.state in _STATES[action]
