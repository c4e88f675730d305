"""Log in with a generated password (M5 `mailed`): once, and only to choose one's own.

It has 90 random bits, so guesses need no counting; and as it is looked at before the throttle, a stranger's failures
cannot keep the owner from it. From here on the account has no password until one is chosen, and an account without
one has no session that anybody accepts (`find_session`).
"""

from dataclasses import replace

from identity.domain.account import Account, AccountState
from identity.domain.challenge import ChallengeState, Purpose
from identity.domain.mailed_password import is_same
from identity.usecases.close_resets import close_resets
from identity.usecases.end_sessions import end_sessions
from identity.usecases.log_in import LoginOutcome, LoginResult, Visitor, owed_step, sign_in
from identity.usecases.mail_password import mailed_password
from identity.usecases.ports import Records, Signer
from identity.usecases.start_session import SessionRules


async def use_mailed_password(
    login: str, typed: str, visitor: Visitor, *, records: Records, rules: SessionRules, signer: Signer
) -> LoginResult | None:
    """None, after the same work for known and unknown names, when this is no generated password that works now."""
    account = await _owner(login, typed, records=records, rules=rules, signer=signer)
    if account is None:
        return None
    due = replace(account, state=AccountState.ACTIVE, password_hash=None)
    if not await records.accounts.save(due):
        return None
    await close_resets(account.id, records=records, now=rules.clock())
    await records.challenges.replace_open(account.id, Purpose.CONFIRM_REGISTRATION, rules.clock())
    await end_sessions(account.id, records=records)
    if account.state is not AccountState.ACTIVE:
        await records.announcements.account_confirmed(account.id)
    owed = await owed_step(due, records=records)
    pending = owed is not LoginOutcome.SIGNED_IN
    token = await sign_in(due, visitor, records=records, rules=rules, second_factor=False, pending=pending)
    return LoginResult(owed if pending else LoginOutcome.PASSWORD_DUE, due, token)


async def _owner(login: str, typed: str, *, records: Records, rules: SessionRules, signer: Signer) -> Account | None:
    """The account whose open challenge this is the password of; the challenge is used up."""
    found = await records.accounts.find_for_reset(login)
    challenge = await records.challenges.latest(found.id if found else None, Purpose.MAILED_PASSWORD)
    if found is None or challenge is None:
        return None
    expected = mailed_password(challenge, signer)
    if challenge.state(rules.clock()) is not ChallengeState.OPEN or not expected or not is_same(typed, expected):
        return None
    account = await records.accounts.get(found.id, lock=True)
    if account is None or not account.can_choose_password:
        return None
    return account if await records.challenges.use(challenge.id, rules.clock()) else None
