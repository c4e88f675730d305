"""Log in with a passkey alone: it says who somebody is, and finger, face or PIN on the device are the other factor."""

from identity.domain.account import Account, AccountState
from identity.domain.passkey import Ceremony, CeremonyPurpose
from identity.domain.throttle import SOURCE
from identity.usecases.accept_passkey import accept_passkey
from identity.usecases.count_attempt import attempt_key, count_attempt, forgive_attempt
from identity.usecases.log_in import Visitor, sign_in
from identity.usecases.passkey_ceremony import begin_ceremony, passkey_refused
from identity.usecases.passkey_ports import PasskeyProtocol
from identity.usecases.ports import Records
from identity.usecases.start_session import SessionRules


async def begin_passkey_login(visitor: Visitor, *, records: Records, rules: SessionRules) -> Ceremony:
    """A challenge for whoever comes; counted, for each is a row.

    Raises:
        DomainError: RATE_LIMITED.
    """
    await count_attempt(_key(visitor), SOURCE, throttles=records.throttles, now=rules.clock())
    return await begin_ceremony(CeremonyPurpose.LOG_IN, None, records=records, rules=rules)


async def log_in_with_passkey(
    credential: str,
    challenge: bytes,
    visitor: Visitor,
    *,
    records: Records,
    rules: SessionRules,
    protocol: PasskeyProtocol,
) -> tuple[Account, str]:
    """The account and the cookie of its session.

    Raises:
        DomainError: INVALID `passkey_refused`; also for an account that may not log in.
    """
    passkey = await accept_passkey(credential, challenge, records=records, rules=rules, protocol=protocol)
    account = await records.accounts.get(passkey.account_id, lock=True)
    # Who owes a password chooses it with what was mailed: a passkey of a thief is no way to choose one.
    if account is None or account.state is not AccountState.ACTIVE or account.password_hash is None:
        raise passkey_refused()
    await forgive_attempt(_key(visitor), throttles=records.throttles, now=rules.clock())
    return account, await sign_in(account, visitor, records=records, rules=rules, second_factor=True)


def _key(visitor: Visitor) -> str:
    return attempt_key("passkey", visitor.source)
