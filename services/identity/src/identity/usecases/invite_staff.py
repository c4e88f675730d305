"""An administrator makes an account for a new member of staff (S4)."""

from chassis.errors import DomainError, ErrorKind
from identity.domain.account import Account
from identity.domain.challenge import Purpose
from identity.domain.history import HistoryAction
from identity.domain.permission import Permission, Role, permitted
from identity.usecases.add_staff import NewStaff, add_staff_account
from identity.usecases.issue_challenge import issue_challenge
from identity.usecases.look_at_account import record_by_staff
from identity.usecases.ports import Records
from identity.usecases.staff_act import Actor
from identity.usecases.start_session import SessionRules


async def invite_staff(
    person: NewStaff, actor: Actor, *, records: Records, rules: SessionRules, key_id: str
) -> Account:
    """An invited account whose owner gets a link for the first password, and sets up a second factor with the login.

    Raises:
        DomainError: FORBIDDEN `role_missing`; CONFLICT `account_exists` when user name or address is taken.
    """
    admins = {admin.id for admin in await records.accounts.lock_staff(Role.ADMIN)}
    if not permitted(actor.roles, Permission.MANAGE_STAFF) or actor.id not in admins:
        raise DomainError(ErrorKind.FORBIDDEN, "role_missing", "Your account does not have the role for this.")
    account = await add_staff_account(person, records=records, clock=rules.clock, new_id=rules.new_id)
    details = {"before": "", "after": ", ".join(sorted(person.roles))}
    await record_by_staff(
        account.id, actor.id, HistoryAction.STAFF_ADDED, actor.reason, records=records, rules=rules, **details
    )
    await issue_challenge(
        account.id,
        Purpose.RESET_PASSWORD,
        records=records,
        key_id=key_id,
        clock=rules.clock,
        new_id=rules.new_id,
    )
    return account
