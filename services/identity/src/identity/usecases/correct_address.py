"""Staff correct the address of a registration that nobody could confirm, and send the confirmation to it (S4)."""

from identity.domain.history import HistoryAction
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
