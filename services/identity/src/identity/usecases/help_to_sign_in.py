"""Staff help with the login: end all sessions, send the link for a new password (S4)."""

from identity.domain.challenge import Purpose
from identity.domain.history import HistoryAction
from identity.domain.security_change import SecurityChange
from identity.usecases.end_sessions import end_sessions
from identity.usecases.issue_challenge import issue_challenge
from identity.usecases.staff_act import StaffAct


async def log_out_account(act: StaffAct) -> None:
    """Ends all sessions of the account, everywhere within a second."""
    await end_sessions(act.account.id, records=act.records)
    await act.note(HistoryAction.SESSIONS_ENDED, SecurityChange.SESSIONS_ENDED)


async def send_reset(act: StaffAct, *, key_id: str) -> None:
    """Mails a link for a new password to the address of the account; the link itself tells of it."""
    await issue_challenge(
        act.account.id,
        Purpose.RESET_PASSWORD,
        records=act.records,
        key_id=key_id,
        clock=act.rules.clock,
        new_id=act.rules.new_id,
    )
    await act.note(HistoryAction.RESET_SENT)
