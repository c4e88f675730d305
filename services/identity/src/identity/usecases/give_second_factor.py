"""Give the second factor (S1): a one-time code turns a pending session into a new, full one."""

from chassis.errors import DomainError, ErrorKind
from identity.domain.account import Account, AccountState
from identity.domain.one_time_code import matching_step
from identity.domain.throttle import LOGIN
from identity.usecases.count_attempt import account_key, count_attempt
from identity.usecases.log_in import Visitor, sign_in
from identity.usecases.ports import Records, Sealer
from identity.usecases.start_session import SessionRules


async def find_pending(token_hash: bytes | None, *, records: Records, rules: SessionRules) -> Account | None:
    """The account that has given its password in this browser and owes the code."""
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
    account: Account, code: str, visitor: Visitor, *, records: Records, rules: SessionRules, sealer: Sealer
) -> str:
    """The value of the new cookie.

    Raises:
        DomainError: INVALID `code_wrong`; also for a code that was used before (A15).
    """
    factor = await records.second_factors.get(account.id)
    secret = sealer.unseal(factor.key_id, factor.sealed, account.id.bytes) if factor else None
    step = matching_step(secret, code, rules.clock()) if secret else None
    if step is None or not await records.second_factors.accept_step(account.id, step):
        raise DomainError(ErrorKind.INVALID, "code_wrong", fields={"code": "code_wrong"})
    await records.throttles.clear([_key(account, visitor)])
    return await sign_in(account, visitor, records=records, rules=rules, second_factor=True)


def _key(account: Account, visitor: Visitor) -> str:
    return account_key("code", account.id, visitor.known_to(account))
