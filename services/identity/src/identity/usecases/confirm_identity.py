"""Show again who one is, before something sensitive changes (ASVS 7.5.1): the password, or one's second factor."""

from uuid import UUID

from chassis.errors import DomainError, ErrorKind
from identity.domain.account import Account
from identity.usecases.change_password import current_password_key
from identity.usecases.log_in import Visitor, sign_in
from identity.usecases.ports import Records
from identity.usecases.start_session import SessionRules


async def owes_factor(account_id: UUID, *, records: Records) -> bool:
    """Whether the password is not enough for this account."""
    return await records.second_factors.get(account_id) is not None


async def confirm_by_password(
    account: Account, visitor: Visitor, *, second_factor: bool, records: Records, rules: SessionRules
) -> str:
    """The value of the new cookie. The password has been counted and verified by the caller against `account`.

    Raises:
        DomainError: CONFLICT `password_changed_meanwhile`; INVALID `factor_wanted` when the factor must be given.
    """
    current = await records.accounts.get(account.id)
    if current is None or current.password_hash != account.password_hash:
        raise DomainError(ErrorKind.CONFLICT, "password_changed_meanwhile")
    if await owes_factor(account.id, records=records):
        raise DomainError(ErrorKind.INVALID, "factor_wanted", fields={"code": "code_missing"})
    await records.throttles.clear([current_password_key(account.id)])
    return await sign_in(current, visitor, records=records, rules=rules, second_factor=second_factor)
