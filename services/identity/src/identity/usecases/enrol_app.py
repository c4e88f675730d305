"""Link an authenticator app: its secret is made, shown, and counts once a code of it has been given (A15)."""

import os
from collections.abc import Sequence
from dataclasses import dataclass

from chassis.errors import DomainError, ErrorKind
from identity.domain.account import Account
from identity.domain.factors import ENROLMENT_LIFETIME
from identity.domain.one_time_code import matching_step
from identity.domain.security_change import SecurityChange
from identity.usecases.factor_ports import Enrolment, FactorKeys, SecondFactor
from identity.usecases.give_second_factor import forget_codes
from identity.usecases.log_in import Visitor, renew_session, sign_in
from identity.usecases.ports import Clock, Records
from identity.usecases.renew_recovery_codes import renew_recovery_codes
from identity.usecases.start_session import SessionRules
from identity.usecases.tell_change import tell_change

_SECRET_BYTES = 20
"""As long as the hash of the codes (RFC 4226, section 4)."""


async def begin_enrolment(account: Account, *, records: Records, keys: FactorKeys, clock: Clock) -> None:
    """Makes a secret that waits; the app linked before, if any, works until the new one is confirmed."""
    sealed = keys.seal(os.urandom(_SECRET_BYTES), account.id.bytes)
    await records.second_factors.begin(Enrolment(account.id, keys.current, sealed, clock()))


async def waiting_secret(account: Account, *, records: Records, keys: FactorKeys, clock: Clock) -> bytes | None:
    """The secret to be shown, None when none waits or it has waited too long."""
    found = await records.second_factors.enrolment(account.id)
    if found is None or clock() - found.started_at >= ENROLMENT_LIFETIME:
        return None
    return keys.unseal(found.key_id, found.sealed, account.id.bytes)


@dataclass(frozen=True, slots=True)
class Enrolled:
    """The cookie of the new session, and the recovery codes if the account had none yet."""

    token: str
    codes: Sequence[str]


async def confirm_enrolment(
    account: Account,
    code: str,
    visitor: Visitor,
    *,
    at_login: bool,
    records: Records,
    rules: SessionRules,
    keys: FactorKeys,
) -> Enrolled:
    """The app counts from now on. The code has been counted by the caller; it cannot log in any more.

    Raises:
        DomainError: INVALID `code_wrong`; CONFLICT `enrolment_over`.
    """
    secret = await waiting_secret(account, records=records, keys=keys, clock=rules.clock)
    if secret is None:
        raise DomainError(ErrorKind.CONFLICT, "enrolment_over")
    step = matching_step(secret, code, rules.clock())
    if step is None:
        raise DomainError(ErrorKind.INVALID, "code_wrong", fields={"code": "code_wrong"})
    sealed = keys.seal(secret, account.id.bytes)
    await records.second_factors.put(SecondFactor(account.id, keys.current, sealed, step))
    await forget_codes(account, visitor, records=records)
    await tell_change(account.id, SecurityChange.FACTOR_ADDED, records=records, rules=rules)
    return await begin_with_factor(account, visitor, at_login=at_login, records=records, rules=rules, keys=keys)


async def begin_with_factor(
    account: Account, visitor: Visitor, *, at_login: bool, records: Records, rules: SessionRules, keys: FactorKeys
) -> Enrolled:
    """What follows a new factor: recovery codes with the first one, and a new session (S01)."""
    factors = await records.second_factors.factors(account.id)
    codes = (
        [] if factors.recovery_codes else await renew_recovery_codes(account, records=records, rules=rules, keys=keys)
    )
    begin = sign_in if at_login else renew_session
    return Enrolled(await begin(account, visitor, records=records, rules=rules, second_factor=True), codes)
