"""The letter that tells of a change which protects an account: what, when, and what to do if it was somebody else.

One frame for all of them, so that a person knows such a mail when it comes. It has no secret: whoever reads it learns
nothing that opens the account.
"""

from collections.abc import Mapping
from typing import Final

from notification.letter import Letter, Occasion, Translate
from ui.translations import N_

CHANGES: Final[Mapping[str, tuple[str, str]]] = {
    "email_changed": (
        N_("Your e-mail address was changed"),
        N_("The user account “%(username)s” has had this e-mail address since %(happened)s."),
    ),
    "factor_added": (
        N_("An authenticator app was set up"),
        N_("An authenticator app was set up for the user account “%(username)s” on %(happened)s."),
    ),
    "factor_removed": (
        N_("The authenticator app was removed"),
        N_("The authenticator app of the user account “%(username)s” was removed on %(happened)s."),
    ),
    "passkey_added": (
        N_("A passkey was added"),
        N_("A passkey was added to the user account “%(username)s” on %(happened)s."),
    ),
    "passkey_removed": (
        N_("A passkey was removed"),
        N_("A passkey of the user account “%(username)s” was removed on %(happened)s."),
    ),
    "recovery_codes_renewed": (
        N_("New recovery codes were made"),
        N_("New recovery codes were made for the user account “%(username)s” on %(happened)s. Earlier ones are void."),
    ),
    "recovery_code_used": (
        N_("A recovery code was used"),
        N_("Somebody used a recovery code of the user account “%(username)s” on %(happened)s. It works only once."),
    ),
    "profile_changed": (
        N_("Your data were changed"),
        N_("The data of the user account “%(username)s” were changed on %(happened)s."),
    ),
    "username_changed": (
        N_("Your user name was changed"),
        N_("Your user name has been “%(username)s” since %(happened)s."),
    ),
    "locked": (
        N_("Your user account is locked"),
        N_("The user account “%(username)s” was locked on %(happened)s. You cannot log in with it for now."),
    ),
    "unlocked": (
        N_("Your user account works again"),
        N_("The user account “%(username)s” was unlocked on %(happened)s. You can log in with it again."),
    ),
    "sessions_ended": (
        N_("You were logged out everywhere"),
        N_("All logins of the user account “%(username)s” were ended on %(happened)s."),
    ),
    "data_exported": (
        N_("Your data are ready to be downloaded"),
        N_("All data of the user account “%(username)s” were put together on %(happened)s. They are kept for 7 days."),
    ),
    "roles_changed": (
        N_("Your rights here were changed"),
        N_("What you may do here with the user account “%(username)s” was changed on %(happened)s."),
    ),
    "reopened": (
        N_("Your user account is open again"),
        N_("The user account “%(username)s” was opened again on %(happened)s. You can log in with it as before."),
    ),
    "closed": (
        N_("Your user account is closed"),
        N_("The user account “%(username)s” was closed on %(happened)s. Nobody can log in with it any more."),
    ),
}
"""Heading and sentence by the word of identity's event."""
_OTHER: Final = (
    N_("Your user account was changed"),
    N_("Something that protects the user account “%(username)s” was changed on %(happened)s."),
)
_OUT: Final = frozenset({"locked", "closed"})
"""After these nobody gets into the settings."""


def security_changed(_: Translate, about: Occasion) -> Letter:
    """The letter for one change; a word of a newer identity that is not known here gets the general sentence."""
    change = about.fact("change")
    heading, sentence = (_(text) for text in CHANGES.get(change, _OTHER))
    said = sentence % {"username": about.username, "happened": about.happened}
    if change in _OUT:
        return Letter(
            subject=heading,
            heading=heading,
            paragraphs=(said,),
            button=_("How to reach us"),
            path="/help",
            notes=(_("You do not know why? Tell us: the direct line is below."),),
        )
    return Letter(
        subject=heading,
        heading=heading,
        paragraphs=(said, _("If that was you, there is nothing to do.")),
        button=_("Look at the settings"),
        path="/settings",
        notes=(
            _("That was not you? Change your password in the settings at once, and end all other logins there."),
            _("If it was not you, tell us too: the direct line is below."),
        ),
    )
