"""The letters about a change of the mail address: one to the new address, two to the old one, one to somebody else."""

from notification.letter import Letter, Occasion, Translate


def confirm_email(_: Translate, about: Occasion) -> Letter:
    """To the new address."""
    heading = _("Confirm your new e-mail address")
    return Letter(
        subject=heading,
        heading=heading,
        paragraphs=(
            _("The user account “%(username)s” is to have this e-mail address.") % {"username": about.username},
            _("If that was you, confirm the address. Until then everything stays as it is."),
        ),
        button=_("Confirm the address"),
        path=about.link,
        notes=(
            _("The link works once, until %(until)s.") % {"until": about.until},
            _("That was not you? Ignore this mail: nothing has changed."),
        ),
    )


def email_taken(_: Translate, about: Occasion) -> Letter:
    """To the owner of an address that another account wants to have."""
    heading = _("You already have a user account")
    return Letter(
        subject=heading,
        heading=heading,
        paragraphs=(
            _("Somebody wanted to use this e-mail address for another user account.")
            + " "
            + _("It belongs to your user account “%(username)s”.") % {"username": about.person.username},
        ),
        button=_("Log in"),
        path="/login",
        notes=(_("That was not you? Then there is nothing to do: nothing has changed."),),
    )


def email_change_started(_: Translate, about: Occasion) -> Letter:
    """To the old address, while it still is the account's."""
    said = _("A new e-mail address was entered for the user account “%(username)s” on %(happened)s.")
    return _objection(_, about, _("Your e-mail address is to be changed"), said)


def email_change_done(_: Translate, about: Occasion) -> Letter:
    """To the old address, which no longer is the account's."""
    said = _("The e-mail address of the user account “%(username)s” was changed on %(happened)s.")
    return _objection(_, about, _("Your e-mail address was changed"), said)


def _objection(_: Translate, about: Occasion, heading: str, said: str) -> Letter:
    return Letter(
        subject=heading,
        heading=heading,
        paragraphs=(
            said % {"username": about.username, "happened": about.happened},
            _("If that was you, there is nothing to do."),
        ),
        button=_("That was not me"),
        path=about.link,
        notes=(
            _("With the button you undo the change, until %(until)s. Everybody is logged out then.")
            % {"until": about.until},
            _("If it was not you, tell us too: the direct line is below."),
        ),
    )
