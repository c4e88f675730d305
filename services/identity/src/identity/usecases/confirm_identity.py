"""Show again who one is, before something sensitive changes (ASVS 7.5.1): the password, or one's second factor."""

from chassis.errors import DomainError, ErrorKind
from identity.domain.account import Account, AccountState
from identity.usecases.change_password import current_password_key
from identity.usecases.factor_ports import Verifiers
from identity.usecases.give_second_factor import Given, accept_factor
from identity.usecases.log_in import Visitor, renew_session
from identity.usecases.ports import Records
from identity.usecases.start_session import SessionRules


async def confirm_by_password(
    account: Account, visitor: Visitor, *, second_factor: bool, records: Records, rules: SessionRules
) -> str:
    """The value of the new cookie. The password has been counted and verified by the caller against `account`.

    Raises:
        DomainError: CONFLICT `password_changed_meanwhile`; INVALID `code_missing` when the factor must be given.
    """
    current = await records.accounts.get(account.id, lock=True)
    if current is None or current.state is not AccountState.ACTIVE or current.password_hash != account.password_hash:
        raise DomainError(ErrorKind.CONFLICT, "password_changed_meanwhile")
    if (await records.second_factors.factors(account.id)).any:
        raise DomainError(ErrorKind.INVALID, "code_missing", fields={"code": "code_missing"})
    await records.throttles.clear([current_password_key(account.id)])
    return await renew_session(current, visitor, records=records, rules=rules, second_factor=second_factor)


async def confirm_by_factor(
    account: Account, given: Given, visitor: Visitor, *, records: Records, rules: SessionRules, verifiers: Verifiers
) -> str:
    """The value of the new cookie. The factor has been prepared by the caller.

    Raises:
        DomainError: INVALID, as `accept_factor`.
    """
    await accept_factor(account, given, visitor, records=records, rules=rules, verifiers=verifiers)
    return await renew_session(account, visitor, records=records, rules=rules, second_factor=True)
