"""Staff correct an address (S4): of a registration that nobody could confirm, or of an account in use."""

from identity.domain.history import HistoryAction
from identity.usecases.change_email import mail_email_change
from identity.usecases.issue_challenge import issue_confirmation
from identity.usecases.staff_act import StaffAct


async def correct_address(act: StaffAct, email: str, *, key_id: str) -> None:
    """The confirmation goes to the new address, and what was mailed to the old one stops working.

    If the address has an account already, its owner is told that, as with every registration (A01).
    """
    records, account = act.records, act.account
    await records.accounts.set_unconfirmed_email(account.id, email)
    await issue_confirmation(
        account.id, email, records=records, key_id=key_id, clock=act.rules.clock, new_id=act.rules.new_id
    )
    await records.announcements.account_changed(account.id)
    await act.note(HistoryAction.ADDRESS_CORRECTED)


async def start_address_move(act: StaffAct, email: str, *, key_id: str) -> None:
    """Nothing changes before the owner of the new address confirms it; the old one can object, as with every change.

    Raises:
        DomainError: INVALID `email_same`; RATE_LIMITED.
    """
    await mail_email_change(act.account, email, records=act.records, rules=act.rules, key_id=key_id)
    await act.note(HistoryAction.EMAIL_CHANGE_STARTED)
