"""Confirm a registration (A6) with its link and its password, which also logs in."""

from dataclasses import replace

from chassis.errors import DomainError, ErrorKind
from identity.domain.account import AccountState
from identity.domain.throttle import LOGIN
from identity.usecases.count_attempt import account_key, count_attempt
from identity.usecases.log_in import Visitor, sign_in
from identity.usecases.open_link import OpenedLink
from identity.usecases.ports import Clock, Records
from identity.usecases.start_session import SessionRules


async def count_confirmation(link: OpenedLink, *, records: Records, clock: Clock) -> None:
    """Counts a password before it is verified: the reader of a foreign mail must not guess on.

    Raises:
        DomainError: RATE_LIMITED.
    """
    await count_attempt(account_key("confirm", link.account.id), LOGIN, throttles=records.throttles, now=clock())


async def confirm_account(link: OpenedLink, visitor: Visitor, *, records: Records, rules: SessionRules) -> str:
    """The value of the session's cookie. The password has been verified by the caller.

    Raises:
        DomainError: NOT_FOUND `link_over` when the link was used meanwhile or the address became another account's.
    """
    account = await records.accounts.get(link.account.id, lock=True)
    used = await records.challenges.use(link.challenge.id, rules.clock())
    if not used or account is None or account.state is not AccountState.UNCONFIRMED:
        raise DomainError(ErrorKind.NOT_FOUND, "link_over")
    confirmed = replace(account, state=AccountState.ACTIVE)
    if not await records.accounts.save(confirmed):
        raise DomainError(ErrorKind.NOT_FOUND, "link_over")
    await records.throttles.clear_account(account.id)
    await records.announcements.account_confirmed(account.id)
    return await sign_in(confirmed, visitor, records=records, rules=rules, second_factor=False)
