"""Give the second factor (S1, A15): an app's code or a recovery code, after the password or in its place."""

from collections.abc import Mapping
from dataclasses import dataclass, replace

from chassis.errors import DomainError, ErrorKind
from identity.domain.account import Account, AccountState
from identity.domain.factors import Way
from identity.domain.one_time_code import matching_step
from identity.domain.passkey import CeremonyPurpose
from identity.domain.security_change import SecurityChange
from identity.domain.throttle import LOGIN
from identity.usecases.accept_passkey import accept_passkey
from identity.usecases.count_attempt import account_key, count_attempt
from identity.usecases.factor_ports import FactorKeys, Verifiers
from identity.usecases.log_in import Visitor, sign_in
from identity.usecases.passkey_ceremony import passkey_refused, take_challenge
from identity.usecases.passkey_ports import PasskeyProtocol
from identity.usecases.ports import Records
from identity.usecases.renew_recovery_codes import code_digests
from identity.usecases.start_session import SessionRules
from identity.usecases.tell_change import tell_change

_WRONG: Mapping[Way, str] = {Way.APP: "code_wrong", Way.RECOVERY: "recovery_wrong"}


@dataclass(frozen=True, slots=True)
class Given:
    """What somebody typed, and as what."""

    way: Way
    code: str
    """The code, or the answer of a passkey as JSON."""
    ceremony: str = ""
    challenge: bytes = b""
    """What the passkey was asked; known once `prepare_factor` has used it up."""


async def find_pending(token_hash: bytes | None, *, records: Records, rules: SessionRules) -> Account | None:
    """The account that has given its password in this browser and owes the second factor, or has to get one."""
    found = await records.sessions.find(token_hash) if token_hash else None
    if found is None:
        return None
    session, account = found
    waiting = session.pending and session.alive(rules.clock()) and account.state is AccountState.ACTIVE
    return account if waiting else None


async def prepare_factor(
    account: Account, given: Given, purpose: CeremonyPurpose, visitor: Visitor, *, records: Records, rules: SessionRules
) -> Given:
    """Counts a factor before it is tried, and uses up the challenge of a passkey, in a transaction of its own.

    Raises:
        DomainError: RATE_LIMITED after too many wrong ones; INVALID `passkey_refused`.
    """
    await count_code(account, visitor, records=records, rules=rules)
    if given.way is not Way.PASSKEY:
        return given
    challenge = await take_challenge(given.ceremony, purpose, account.id, records=records, rules=rules)
    return replace(given, challenge=challenge)


async def count_code(account: Account, visitor: Visitor, *, records: Records, rules: SessionRules) -> None:
    """Counts a code before it is tried, in a transaction of its own.

    Raises:
        DomainError: RATE_LIMITED after too many wrong ones.
    """
    await count_attempt(_key(account, visitor), LOGIN, throttles=records.throttles, now=rules.clock())


async def give_second_factor(
    account: Account, given: Given, visitor: Visitor, *, records: Records, rules: SessionRules, verifiers: Verifiers
) -> str:
    """The cookie of the session that begins with it.

    Raises:
        DomainError: INVALID, as `accept_factor`.
    """
    await accept_factor(account, given, visitor, records=records, rules=rules, verifiers=verifiers)
    return await sign_in(account, visitor, records=records, rules=rules, second_factor=True)


async def accept_factor(
    account: Account, given: Given, visitor: Visitor, *, records: Records, rules: SessionRules, verifiers: Verifiers
) -> None:
    """Uses the factor up, as `prepare_factor` gave it.

    Raises:
        DomainError: INVALID `code_wrong`, `recovery_wrong`, `passkey_refused`; also for a code used before (A15).
    """
    if given.way is Way.PASSKEY:
        await _accept_passkey(account, given, records, rules, verifiers.protocol)
    else:
        await _accept_code(account, given, records, rules, verifiers.keys)
    await forget_codes(account, visitor, records=records)


async def forget_codes(account: Account, visitor: Visitor, *, records: Records) -> None:
    """After a right code the wrong ones before it do not count."""
    await records.throttles.clear([_key(account, visitor)])


async def _accept_passkey(
    account: Account, given: Given, records: Records, rules: SessionRules, protocol: PasskeyProtocol
) -> None:
    passkey = await accept_passkey(given.code, given.challenge, records=records, rules=rules, protocol=protocol)
    if passkey.account_id != account.id:
        raise passkey_refused()


async def _accept_code(account: Account, given: Given, records: Records, rules: SessionRules, keys: FactorKeys) -> None:
    if given.way is Way.APP:
        right = await _accept_step(account, given.code, records, rules, keys)
    else:
        right = await records.recovery_codes.use(account.id, code_digests(account, given.code, keys=keys))
    if not right:
        raise DomainError(ErrorKind.INVALID, _WRONG[given.way], fields={"code": _WRONG[given.way]})
    if given.way is Way.RECOVERY:
        await tell_change(account.id, SecurityChange.RECOVERY_CODE_USED, records=records, rules=rules)


async def _accept_step(account: Account, code: str, records: Records, rules: SessionRules, keys: FactorKeys) -> bool:
    factor = await records.second_factors.get(account.id)
    secret = keys.unseal(factor.key_id, factor.sealed, account.id.bytes) if factor else None
    step = matching_step(secret, code, rules.clock()) if secret else None
    return step is not None and await records.second_factors.accept_step(account.id, step)


def _key(account: Account, visitor: Visitor) -> str:
    return account_key("code", account.id, visitor.known_to(account))
