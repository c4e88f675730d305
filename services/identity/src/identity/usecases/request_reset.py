"""Ask for a new password (A18, M4): the same answer and the same work for known and unknown names."""

from uuid import UUID

from identity.domain.account import Account, AccountState
from identity.domain.challenge import Purpose
from identity.domain.normal_form import normal_key
from identity.domain.throttle import MAILS
from identity.usecases.count_attempt import attempt_key, may_send_mail
from identity.usecases.issue_challenge import issue_challenge
from identity.usecases.ports import Clock, NewId, Records


async def request_reset(login: str, *, records: Records, key_id: str, clock: Clock, new_id: NewId) -> None:
    """Issues a reset to the account's address, or a challenge of nobody. Nothing else changes (A07).

    Mails are counted per account; beyond the pace nobody is told, and the links already mailed go on working.
    """
    account = await records.accounts.find_for_reset(login)
    owner = await records.accounts.find_claiming(account.email if account else login)
    counted = str(account.id) if account else normal_key(login)
    allowed = await may_send_mail(attempt_key("reset", counted), MAILS, throttles=records.throttles, now=clock())
    account_id, purpose = _recipient(account if allowed else None, owner)
    await issue_challenge(account_id, purpose, records=records, key_id=key_id, clock=clock, new_id=new_id)


def _recipient(account: Account | None, owner: Account | None) -> tuple[UUID | None, Purpose]:
    if account is None or not account.can_choose_password:
        return None, Purpose.NOTHING
    if account.state is AccountState.UNCONFIRMED and owner:
        return owner.id, Purpose.REGISTRATION_EXISTS
    return account.id, Purpose.RESET_PASSWORD
