"""Remove a passkey, such as that of a lost device. Staff keep a second factor at any time (DESIGN 4.22)."""

from uuid import UUID

from chassis.errors import DomainError, ErrorKind
from identity.domain.account import Account
from identity.domain.security_change import SecurityChange
from identity.usecases.log_in import Visitor, renew_session
from identity.usecases.ports import Records
from identity.usecases.remove_app import end_recovery, refuse_without_factor
from identity.usecases.start_session import SessionRules
from identity.usecases.tell_change import tell_change


async def remove_passkey(
    account: Account, passkey_id: UUID, visitor: Visitor, *, second_factor: bool, records: Records, rules: SessionRules
) -> str:
    """The cookie of the new session.

    Raises:
        DomainError: NOT_FOUND when the account has no such passkey; CONFLICT `last_factor` of staff.
    """
    factors = await records.second_factors.factors(account.id, lock=True)
    if not await records.passkeys.remove(account.id, passkey_id):
        raise DomainError(ErrorKind.NOT_FOUND, "factor_gone")
    refuse_without_factor(account, factors.without_passkey)
    await end_recovery(account, factors.without_passkey, records=records)
    await tell_change(account.id, SecurityChange.PASSKEY_REMOVED, records=records, rules=rules)
    return await renew_session(account, visitor, records=records, rules=rules, second_factor=second_factor)
