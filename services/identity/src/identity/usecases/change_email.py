"""Change one's mail address: the new one is confirmed first, the old one is told with a way to object (A17).

Whether the new address is somebody else's is found out by nobody: the same rows and events either way, and who reads
that mailbox is told (`describe_events`). Sessions stay: whoever changes the address has just shown who they are.
"""

from uuid import UUID

from chassis.errors import DomainError, ErrorKind
from identity.domain.account import Account, AccountState
from identity.domain.challenge import Challenge, ChallengeState, Purpose
from identity.domain.history import HistoryAction
from identity.domain.normal_form import normal_key
from identity.domain.security_change import SecurityChange
from identity.domain.throttle import MAILS
from identity.usecases.close_resets import close_resets
from identity.usecases.count_attempt import account_key, count_attempt
from identity.usecases.issue_challenge import issue_challenge
from identity.usecases.open_link import OpenedLink
from identity.usecases.ports import Records
from identity.usecases.record_history import record_own
from identity.usecases.start_session import SessionRules


async def pending_email(account_id: UUID, *, records: Records, rules: SessionRules) -> Challenge | None:
    """The confirmation of a new address that is still awaited."""
    latest = await records.challenges.latest(account_id, Purpose.CONFIRM_EMAIL)
    return latest if latest and latest.state(rules.clock()) is ChallengeState.OPEN else None


async def start_email_change(
    account_id: UUID, email: str, *, records: Records, rules: SessionRules, key_id: str
) -> None:
    """Mails a link to the new address and tells the old one. Asked again, earlier links to new addresses are void.

    Raises:
        DomainError: INVALID `email_same`; RATE_LIMITED; UNAUTHENTICATED when the account is gone or locked.
    """
    account = await records.accounts.get(account_id, lock=True)
    if account is None or account.state is not AccountState.ACTIVE:
        raise DomainError(ErrorKind.UNAUTHENTICATED, "account_gone")
    await mail_email_change(account, email, records=records, rules=rules, key_id=key_id)
    await record_own(account_id, HistoryAction.EMAIL_CHANGE_STARTED, records=records, rules=rules)


async def mail_email_change(
    account: Account, email: str, *, records: Records, rules: SessionRules, key_id: str
) -> None:
    """The two mails, whoever started it: to the new address to confirm it, to the old one to object.

    Raises:
        DomainError: INVALID `email_same`; RATE_LIMITED.
    """
    if normal_key(email) == normal_key(account.email):
        raise DomainError(ErrorKind.INVALID, "email_same", fields={"email": "email_same"})
    await count_attempt(account_key("email", account.id), MAILS, throttles=records.throttles, now=rules.clock())
    mails = ((Purpose.CONFIRM_EMAIL, email), (Purpose.EMAIL_CHANGE_STARTED, account.email))
    for purpose, address in mails:
        await issue_challenge(
            account.id,
            purpose,
            records=records,
            key_id=key_id,
            clock=rules.clock,
            new_id=rules.new_id,
            email=address,
        )
    await records.announcements.security_changed(account.id, SecurityChange.EMAIL_CHANGE_STARTED)


async def cancel_email_change(account_id: UUID, *, records: Records, rules: SessionRules) -> None:
    """The link in the mail to the new address no longer works."""
    if await pending_email(account_id, records=records, rules=rules):
        await records.challenges.replace_open(account_id, Purpose.CONFIRM_EMAIL, rules.clock())
        await record_own(account_id, HistoryAction.EMAIL_CHANGE_CANCELLED, records=records, rules=rules)


async def confirm_email(link: OpenedLink, *, records: Records, rules: SessionRules, key_id: str) -> None:
    """Makes the address the account's. That it is the account's owner who confirms was checked by the caller.

    Raises:
        DomainError: NOT_FOUND `link_over` when the link was used meanwhile or the address is another account's.
    """
    account = await records.accounts.get(link.account.id, lock=True)
    used = await records.challenges.use(link.challenge.id, rules.clock())
    if not used or account is None or account.state is not AccountState.ACTIVE:
        raise DomainError(ErrorKind.NOT_FOUND, "link_over")
    if not await move_to(account, link.challenge.email, records=records, rules=rules):
        raise DomainError(ErrorKind.NOT_FOUND, "link_over")
    started = Purpose.EMAIL_CHANGE_STARTED
    await records.challenges.replace_open(account.id, started, rules.clock(), email=account.email)
    await issue_challenge(
        account.id,
        Purpose.EMAIL_CHANGE_DONE,
        records=records,
        key_id=key_id,
        clock=rules.clock,
        new_id=rules.new_id,
        email=account.email,
    )
    await record_own(account.id, HistoryAction.EMAIL_CHANGED, records=records, rules=rules)


async def move_to(account: Account, email: str, *, records: Records, rules: SessionRules) -> bool:
    """Gives the account this address, and the user name with it where that was the address; False when taken.

    Links for a new password that went to the old address are void (A05).
    """
    follows = normal_key(account.username) == normal_key(account.email)
    username = email if follows else account.username
    if not await records.accounts.change_address(account.id, email=email, username=username):
        return False
    await close_resets(account.id, records=records, now=rules.clock())
    await records.announcements.account_changed(account.id)
    await records.announcements.security_changed(account.id, SecurityChange.EMAIL_CHANGED)
    return True
