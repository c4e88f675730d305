"""An administrator removes a second factor that its owner has lost (S4)."""

from identity.domain.factors import Factors
from identity.domain.history import HistoryAction
from identity.domain.security_change import SecurityChange
from identity.usecases.end_sessions import end_sessions
from identity.usecases.remove_app import end_recovery
from identity.usecases.staff_act import StaffAct


async def remove_lost_factor(act: StaffAct) -> None:
    """Factor and recovery codes go, all sessions end; staff set up a new factor at the next login."""
    records, account = act.records, act.account
    await records.second_factors.remove(account.id)
    await end_recovery(account, Factors(), records=records)
    await end_sessions(account.id, records=records)
    await act.note(HistoryAction.FACTOR_REMOVED, SecurityChange.FACTOR_REMOVED)
