"""Send the confirmation mail again (A7), to whoever has shown the registration's password or an old link of it."""

from uuid import UUID

from identity.domain.account import AccountState
from identity.domain.challenge import Purpose
from identity.domain.throttle import MAILS
from identity.usecases.count_attempt import account_key, may_send_mail
from identity.usecases.issue_challenge import issue_challenge, issue_confirmation
from identity.usecases.ports import Clock, NewId, Records


async def send_confirmation_again(
    account_id: UUID, *, records: Records, key_id: str, clock: Clock, new_id: NewId
) -> None:
    """Mails at most as often as a mailbox bears; beyond that, and for accounts that need it no more, nobody."""
    account = await records.accounts.get(account_id)
    if account is None:
        return
    allowed = await may_send_mail(account_key("mail", account_id), MAILS, throttles=records.throttles, now=clock())
    if allowed and account.state is AccountState.UNCONFIRMED:
        await issue_confirmation(account.id, account.email, records=records, key_id=key_id, clock=clock, new_id=new_id)
        return
    await issue_challenge(None, Purpose.NOTHING, records=records, key_id=key_id, clock=clock, new_id=new_id)
