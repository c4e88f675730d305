"""What the entries of a history say to a person, as message ids: to its owner and to staff alike."""

from collections.abc import Mapping

from identity.domain.history import HistoryAction, HistoryEntry
from identity.domain.staff_reason import Occasion, StaffReason
from ui.translations import N_

OCCASIONS: Mapping[Occasion, str] = {
    Occasion.CALL: N_("Call"),
    Occasion.MAIL: N_("E-mail"),
    Occasion.REQUEST: N_("Request"),
    Occasion.REVIEW: N_("Review"),
}
_WORDS: Mapping[HistoryAction, str] = {
    HistoryAction.SIGNED_IN: N_("Logged in"),
    HistoryAction.PASSWORD_CHANGED: N_("Password changed"),
    HistoryAction.PASSWORD_RESET: N_("Password set with a mailed link"),
    HistoryAction.EMAIL_CHANGE_STARTED: N_("New e-mail address asked for"),
    HistoryAction.EMAIL_CHANGE_CANCELLED: N_("New e-mail address not wanted after all"),
    HistoryAction.EMAIL_CHANGED: N_("E-mail address changed"),
    HistoryAction.EMAIL_CHANGE_OBJECTED: N_("New e-mail address objected to"),
    HistoryAction.FACTOR_ADDED: N_("Second factor set up"),
    HistoryAction.FACTOR_REMOVED: N_("Second factor removed"),
    HistoryAction.PASSKEY_ADDED: N_("Passkey added"),
    HistoryAction.PASSKEY_REMOVED: N_("Passkey removed"),
    HistoryAction.RECOVERY_CODES_RENEWED: N_("New recovery codes made"),
    HistoryAction.RECOVERY_CODE_USED: N_("Recovery code used"),
    HistoryAction.LOOKED_AT: N_("Account looked at"),
    HistoryAction.DATA_REQUESTED: N_("All data asked for in one file"),
    HistoryAction.DATA_DOWNLOADED: N_("File with all data downloaded"),
    HistoryAction.PROFILE_CHANGED: N_("Profile changed"),
    HistoryAction.USERNAME_CHANGED: N_("User name changed"),
    HistoryAction.CLOSED: N_("Account closed"),
    HistoryAction.REOPENED: N_("Account opened again"),
    HistoryAction.LOCKED: N_("Account locked"),
    HistoryAction.UNLOCKED: N_("Account unlocked"),
    HistoryAction.SESSIONS_ENDED: N_("Logged out everywhere"),
    HistoryAction.RESET_SENT: N_("Link for a new password sent"),
    HistoryAction.ADDRESS_CORRECTED: N_("E-mail address corrected"),
    HistoryAction.ROLES_CHANGED: N_("Roles changed"),
    HistoryAction.STAFF_ADDED: N_("Account made for staff"),
    HistoryAction.IMPORTED: N_("Account imported"),
    HistoryAction.INVITED: N_("Account made"),
}


def words_of(action: HistoryAction) -> str:
    """What happened."""
    return _WORDS[action]


def reason_of(entry: HistoryEntry) -> tuple[str, str]:
    """The occasion's message id and the words that staff added; what a command wrote stands as it is."""
    if entry.action is HistoryAction.IMPORTED:
        return "", ""  # the file is the reason
    reason = StaffReason.parse(entry.reason)
    return (OCCASIONS[reason.occasion], reason.text) if reason else ("", entry.reason)
