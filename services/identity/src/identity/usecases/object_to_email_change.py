"""Object to a change of the address ("Das war ich nicht"), from the mailbox of the old one."""

from dataclasses import replace

from chassis.errors import DomainError, ErrorKind
from identity.domain.account import Account
from identity.domain.challenge import Purpose
from identity.domain.history import HistoryAction
from identity.domain.normal_form import normal_key
from identity.usecases.change_email import move_to
from identity.usecases.close_resets import close_resets
from identity.usecases.end_sessions import end_sessions
from identity.usecases.issue_challenge import issue_challenge
from identity.usecases.open_link import OpenedLink
from identity.usecases.ports import Records
from identity.usecases.record_history import record_own
from identity.usecases.start_session import SessionRules


async def object_to_email_change(link: OpenedLink, *, records: Records, rules: SessionRules, key_id: str) -> None:
    """Cancels a pending change, or brings the old address back; somebody knew the password, so it works no more.

    All sessions end, passkeys added since are removed, and a link for a new password goes to the old address.
    Objections that were offered later, to an address of whoever did this, are void.

    Raises:
        DomainError: NOT_FOUND `link_over` when the link was used meanwhile or the address became another account's.
    """
    now = rules.clock()
    account = await records.accounts.get(link.account.id, lock=True)
    used = await records.challenges.use(link.challenge.id, now)
    if not used or account is None or not account.can_choose_password:
        raise DomainError(ErrorKind.NOT_FOUND, "link_over")
    await records.challenges.replace_open(account.id, Purpose.CONFIRM_EMAIL, now)
    await _bring_back(account, link.challenge.email, records=records, rules=rules)
    await records.challenges.replace_objections(account.id, link.challenge.issued_at, now)
    await records.accounts.save(replace(account, password_hash=None))
    await close_resets(account.id, records=records, now=now)
    await end_sessions(account.id, records=records)
    await _remove_newer_passkeys(link, records=records)
    await issue_challenge(
        account.id,
        Purpose.RESET_PASSWORD,
        records=records,
        key_id=key_id,
        clock=rules.clock,
        new_id=rules.new_id,
    )
    await record_own(account.id, HistoryAction.EMAIL_CHANGE_OBJECTED, records=records, rules=rules)


async def _bring_back(account: Account, email: str, *, records: Records, rules: SessionRules) -> None:
    if normal_key(account.email) == normal_key(email):
        return
    if not await move_to(account, email, records=records, rules=rules):
        raise DomainError(ErrorKind.NOT_FOUND, "link_over")


async def _remove_newer_passkeys(link: OpenedLink, *, records: Records) -> None:
    """Of those that came after the change its owner was not told: the mails went to the new address."""
    for passkey in await records.passkeys.of_account(link.account.id):
        if passkey.created_at >= link.challenge.issued_at:
            await records.passkeys.remove(passkey.account_id, passkey.id)
