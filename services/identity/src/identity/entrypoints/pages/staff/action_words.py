"""What the actions of staff are called, what they do, and what is said afterwards, as message ids."""

from collections.abc import Mapping
from dataclasses import dataclass

from identity.domain.staff_action import StaffAction
from ui.translations import N_


@dataclass(frozen=True, slots=True)
class ActionWords:
    """The words of one action: heading, what will happen, button, what happened."""

    title: str
    lead: str
    button: str
    done: str


ACTION_WORDS: Mapping[StaffAction, ActionWords] = {
    StaffAction.LOCK: ActionWords(
        N_("Lock this account"),
        N_("Nobody can log in with it until it is unlocked. Whoever is logged in is out within a second."),
        N_("Lock account"),
        N_("The account is locked."),
    ),
    StaffAction.UNLOCK: ActionWords(
        N_("Unlock this account"),
        N_("The person can log in again with the same password."),
        N_("Unlock account"),
        N_("The account works again."),
    ),
    StaffAction.END_SESSIONS: ActionWords(
        N_("Log this person out everywhere"),
        N_("All logins of this account end within a second. The password stays as it is."),
        N_("End all logins"),
        N_("All logins are ended."),
    ),
    StaffAction.SEND_RESET: ActionWords(
        N_("Send a link for a new password"),
        N_("The link goes to the address of the account. It works once and for 30 minutes."),
        N_("Send link"),
        N_("The link is on its way."),
    ),
    StaffAction.CORRECT_ADDRESS: ActionWords(
        N_("Correct the address and send the confirmation"),
        N_("The mail goes to the address below. Links in earlier mails stop working."),
        N_("Send confirmation"),
        N_("The confirmation is on its way."),
    ),
    StaffAction.MOVE_ADDRESS: ActionWords(
        N_("Change the e-mail address"),
        N_(
            "Nothing changes until the owner of the new address confirms it. We tell the old address, which can object."
        ),
        N_("Send confirmation"),
        N_("The confirmation is on its way to the new address."),
    ),
    StaffAction.REMOVE_FACTOR: ActionWords(
        N_("Remove the second factor"),
        N_("App, passkeys and recovery codes go, and all logins end. Be sure who asks: then the password is enough."),
        N_("Remove second factor"),
        N_("The second factor is removed."),
    ),
    StaffAction.CHANGE_ROLES: ActionWords(
        N_("Change roles"),
        N_("The new roles count from the next login; all logins of this account end now."),
        N_("Save roles"),
        N_("The roles are changed."),
    ),
    StaffAction.REOPEN: ActionWords(
        N_("Open this account again"),
        N_("The person can log in as before. Customer numbers are linked anew with a code."),
        N_("Open account again"),
        N_("The account is open again."),
    ),
}
