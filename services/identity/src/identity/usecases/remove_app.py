"""Unlink the authenticator app. Staff keep a second factor at any time (DESIGN 4.22)."""

from chassis.errors import DomainError, ErrorKind
from identity.domain.account import Account
from identity.domain.factors import Factors
from identity.domain.security_change import SecurityChange
from identity.usecases.log_in import Visitor, renew_session
from identity.usecases.ports import Records
from identity.usecases.start_session import SessionRules
from identity.usecases.tell_change import tell_change


async def remove_app(
    account: Account, visitor: Visitor, *, second_factor: bool, records: Records, rules: SessionRules
) -> str:
    """The cookie of the new session.

    The app's codes are worth nothing any more, and without any factor left neither are the recovery codes.

    Raises:
        DomainError: NOT_FOUND when there is none; CONFLICT `last_factor` of staff.
    """
    factors = await records.second_factors.factors(account.id, lock=True)
    if not factors.app:
        raise DomainError(ErrorKind.NOT_FOUND, "factor_gone")
    refuse_without_factor(account, factors.without_app)
    await records.second_factors.remove(account.id)
    await end_recovery(account, factors.without_app, records=records)
    await tell_change(account.id, SecurityChange.FACTOR_REMOVED, records=records, rules=rules)
    return await renew_session(account, visitor, records=records, rules=rules, second_factor=second_factor)


def refuse_without_factor(account: Account, rest: Factors) -> None:
    """Refuses what would leave a member of staff without a second factor.

    Raises:
        DomainError: CONFLICT `last_factor`.
    """
    if account.staff and not rest.any:
        raise DomainError(ErrorKind.CONFLICT, "last_factor", "Staff need a second factor.")


async def end_recovery(account: Account, rest: Factors, *, records: Records) -> None:
    """Recovery codes stand in for a factor: with the last one they go too."""
    if not rest.any:
        await records.recovery_codes.replace(account.id, [])
