"""What every change by staff has in common: who may, to whom, why, and that it is told (S4, Z12)."""

from collections.abc import Collection
from dataclasses import dataclass
from uuid import UUID

from chassis.errors import DomainError, ErrorKind
from identity.domain.account import Account
from identity.domain.history import HistoryAction
from identity.domain.permission import Permission, Role, permitted, permitted_on
from identity.domain.security_change import SecurityChange
from identity.domain.staff_action import NEEDS, StaffAction, fits
from identity.domain.staff_reason import StaffReason
from identity.usecases.look_at_account import record_by_staff
from identity.usecases.ports import Records
from identity.usecases.start_session import SessionRules


@dataclass(frozen=True, slots=True)
class Actor:
    """The member of staff who acts, as the session says, and why."""

    id: UUID
    roles: Collection[str]
    reason: StaffReason


@dataclass(frozen=True, slots=True)
class StaffAct:
    """A change that is allowed and under way; its account is locked until the transaction ends."""

    account: Account
    actor: Actor
    records: Records
    rules: SessionRules

    async def note(self, action: HistoryAction, change: SecurityChange | None = None, **details: str) -> None:
        """Writes it into the history, and tells the person by mail if it is such a change."""
        await record_by_staff(
            self.account.id,
            self.actor.id,
            action,
            self.actor.reason,
            records=self.records,
            rules=self.rules,
            **details,
        )
        if change:
            await self.records.announcements.security_changed(self.account.id, change)


async def begin_act(
    action: StaffAction, account_id: UUID, actor: Actor, *, records: Records, rules: SessionRules
) -> StaffAct:
    """Locks the account and judges anew, whatever the page has shown.

    Raises:
        DomainError: NOT_FOUND `account_unknown`; FORBIDDEN `role_missing`; CONFLICT `own_account`, or `state_changed`
            when there is nothing (more) to do.
    """
    # Administrators first and always in one order: of two who take each other's role, one comes second.
    admins = await records.accounts.lock_staff(Role.ADMIN) if permitted(actor.roles, Permission.MANAGE_STAFF) else []
    account = await records.accounts.get(account_id, lock=True)
    if account is None:
        raise DomainError(ErrorKind.NOT_FOUND, "account_unknown", "There is no such account.")
    _refuse_foreign(action, account, actor, admins)
    if not fits(action, account, await records.second_factors.factors(account_id, lock=True)):
        raise DomainError(ErrorKind.CONFLICT, "state_changed", "The account is not in a state for this.")
    return StaffAct(account, actor, records, rules)


def _refuse_foreign(action: StaffAction, account: Account, actor: Actor, admins: Collection[Account]) -> None:
    if account.id == actor.id:
        raise DomainError(ErrorKind.CONFLICT, "own_account", "Nobody does this to the own account.")
    # The session may be older than the loss of the role.
    still = permitted_on(actor.roles, NEEDS[action], account)
    was_admin = permitted(actor.roles, Permission.MANAGE_STAFF)
    if not still or (was_admin and actor.id not in {admin.id for admin in admins}):
        raise DomainError(ErrorKind.FORBIDDEN, "role_missing", "Your account does not have the role for this.")
