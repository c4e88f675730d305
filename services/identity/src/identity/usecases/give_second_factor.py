"""Give the second factor (S1, A15): an app's code or a recovery code, after the password or in its place."""

from collections.abc import Mapping
from dataclasses import dataclass

from chassis.errors import DomainError, ErrorKind
from identity.domain.account import Account, AccountState
from identity.domain.factors import Way
from identity.domain.one_time_code import matching_step
from identity.domain.security_change import SecurityChange
from identity.domain.throttle import LOGIN
from identity.usecases.count_attempt import account_key, count_attempt
from identity.usecases.factor_ports import FactorKeys
from identity.usecases.log_in import Visitor, sign_in
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


async def find_pending(token_hash: bytes | None, *, records: Records, rules: SessionRules) -> Account | None:
    """The account that has given its password in this browser and owes the second factor, or has to get one."""
    found = await records.sessions.find(token_hash) if token_hash else None
    if found is None:
        return None
    session, account = found
    waiting = session.pending and session.alive(rules.clock()) and account.state is AccountState.ACTIVE
    return account if waiting else None


async def count_code(account: Account, visitor: Visitor, *, records: Records, rules: SessionRules) -> None:
    """Counts a code before it is tried, in a transaction of its own.

    Raises:
        DomainError: RATE_LIMITED after too many wrong ones.
    """
    await count_attempt(_key(account, visitor), LOGIN, throttles=records.throttles, now=rules.clock())


async def give_second_factor(
    account: Account, given: Given, visitor: Visitor, *, records: Records, rules: SessionRules, keys: FactorKeys
) -> str:
    """The cookie of the session that begins with it.

    Raises:
        DomainError: INVALID, as `accept_code`.
    """
    await accept_code(account, given, visitor, records=records, rules=rules, keys=keys)
    return await sign_in(account, visitor, records=records, rules=rules, second_factor=True)


async def accept_code(
    account: Account, given: Given, visitor: Visitor, *, records: Records, rules: SessionRules, keys: FactorKeys
) -> None:
    """Uses the code up.

    Raises:
        DomainError: INVALID `code_wrong` or `recovery_wrong`; also for one that was used before (A15).
    """
    accept = {Way.APP: _accept_step, Way.RECOVERY: _accept_recovery}[given.way]
    if not await accept(account, given.code, records, rules, keys):
        raise DomainError(ErrorKind.INVALID, _WRONG[given.way], fields={"code": _WRONG[given.way]})
    await forget_codes(account, visitor, records=records)
    if given.way is Way.RECOVERY:
        await tell_change(account.id, SecurityChange.RECOVERY_CODE_USED, records=records, rules=rules)


async def forget_codes(account: Account, visitor: Visitor, *, records: Records) -> None:
    """After a right code the wrong ones before it do not count."""
    await records.throttles.clear([_key(account, visitor)])


async def _accept_step(account: Account, code: str, records: Records, rules: SessionRules, keys: FactorKeys) -> bool:
    factor = await records.second_factors.get(account.id)
    secret = keys.unseal(factor.key_id, factor.sealed, account.id.bytes) if factor else None
    step = matching_step(secret, code, rules.clock()) if secret else None
    return step is not None and await records.second_factors.accept_step(account.id, step)


async def _accept_recovery(
    account: Account, code: str, records: Records, _rules: SessionRules, keys: FactorKeys
) -> bool:
    return await records.recovery_codes.use(account.id, code_digests(account, code, keys=keys))


def _key(account: Account, visitor: Visitor) -> str:
    return account_key("code", account.id, visitor.known_to(account))
