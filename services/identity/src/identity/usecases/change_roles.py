"""An administrator changes what somebody may do here (S4, Z12)."""

from collections.abc import Collection
from dataclasses import replace

from chassis.errors import DomainError, ErrorKind
from identity.domain.history import HistoryAction
from identity.domain.permission import Role
from identity.domain.security_change import SecurityChange
from identity.usecases.end_sessions import end_sessions
from identity.usecases.staff_act import StaffAct


async def change_roles(act: StaffAct, roles: Collection[Role]) -> None:
    """The new roles count from the next login: all sessions end, as with every change of rights (S01).

    The last administrator stays: nobody changes the own roles, and who acts is one (`begin_act` holds their rows).

    Raises:
        DomainError: INVALID `roles_same`.
    """
    records, account = act.records, act.account
    wanted = frozenset(role.value for role in roles)
    if wanted == account.roles:
        raise DomainError(ErrorKind.INVALID, "roles_same", fields={"role_agent": "roles_same"})
    await records.accounts.save(replace(account, roles=wanted))
    await end_sessions(account.id, records=records)
    await records.announcements.account_changed(account.id)
    before, after = ", ".join(sorted(account.roles)), ", ".join(sorted(wanted))
    await act.note(HistoryAction.ROLES_CHANGED, SecurityChange.ROLES_CHANGED, before=before, after=after)
