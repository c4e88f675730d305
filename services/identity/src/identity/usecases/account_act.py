"""A change of somebody else's account that is allowed and under way, whoever makes it."""

from typing import Protocol

from identity.domain.account import Account
from identity.domain.history import HistoryAction
from identity.domain.security_change import SecurityChange
from identity.usecases.ports import Records
from identity.usecases.start_session import SessionRules


class AccountAct(Protocol):
    """By staff or by another system; the account is locked until the transaction ends."""

    @property
    def account(self) -> Account:
        """As it stands."""

    @property
    def records(self) -> Records:
        """Of the transaction."""

    @property
    def rules(self) -> SessionRules:
        """Time and ids."""

    async def note(self, action: HistoryAction, change: SecurityChange | None = None, **details: str) -> None:
        """Writes it into the history with who and why, and tells the person by mail if it is such a change."""
