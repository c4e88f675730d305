"""What every change of an account by another system has in common: whose it is, why, and that it is told."""

from dataclasses import dataclass
from uuid import UUID

from chassis.errors import DomainError, ErrorKind
from identity.domain.account import Account
from identity.domain.client_action import ClientAction, client_action_fits
from identity.domain.history import HistoryAction
from identity.domain.security_change import SecurityChange
from identity.usecases.ports import Records
from identity.usecases.record_history import record_by_client
from identity.usecases.start_session import SessionRules


@dataclass(frozen=True, slots=True)
class ClientAct:
    """An AccountAct of an API client."""

    account: Account
    client_id: UUID
    reason: str
    records: Records
    rules: SessionRules

    async def note(self, action: HistoryAction, change: SecurityChange | None = None, **details: str) -> None:
        """Writes it into the history, and tells the person by mail if it is such a change."""
        await record_by_client(
            self.account.id,
            self.client_id,
            action,
            reason=self.reason,
            records=self.records,
            rules=self.rules,
            **details,
        )
        if change:
            await self.records.announcements.security_changed(self.account.id, change)


async def begin_client_act(
    action: ClientAction, account_id: UUID, client_id: UUID, reason: str, *, records: Records, rules: SessionRules
) -> ClientAct:
    """Locks the account and looks whether there is anything to do.

    Raises:
        DomainError: NOT_FOUND `account_unknown`; CONFLICT `state_changed` when there is nothing (more) to do.
    """
    account = await find_customer(account_id, records=records, lock=True)
    if not client_action_fits(action, account):
        raise DomainError(ErrorKind.CONFLICT, "state_changed", "The account is not in a state for this.")
    return ClientAct(account, client_id, reason, records, rules)


async def find_customer(account_id: UUID, *, records: Records, lock: bool = False) -> Account:
    """An account that is the business of other systems; those of staff are not, and look as if there were none.

    Raises:
        DomainError: NOT_FOUND `account_unknown`.
    """
    account = await records.accounts.get(account_id, lock=lock)
    if account is None or account.staff:
        raise DomainError(ErrorKind.NOT_FOUND, "account_unknown", "There is no such account.")
    return account
