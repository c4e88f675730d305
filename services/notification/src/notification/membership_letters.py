"""What mails say about belonging to an organisation: invited, accepted, ended."""

from notification.letter import Letter, Occasion, Translate


def member_invited(_: Translate, about: Occasion) -> Letter:
    """To who was invited. It names the organisation alone: a name that somebody chose is not sent to strangers."""
    values = {"organisation": about.fact("organisation")}
    return Letter(
        subject=_("%(organisation)s invites you") % values,
        heading=_("You are invited"),
        paragraphs=(
            _("You are invited to “%(organisation)s”. If you accept, you see the tickets that it shares.") % values,
        ),
        button=_("See the invitation"),
        path=about.fact("path"),
        notes=(
            _("The invitation is open for 14 days at most. You log in with the account of this e-mail address."),
            _("You have no password yet? “Forgot your password?” on the login page leads to your first one."),
            _("With a new password, log in and open this link again."),
            _("You do not know the organisation? Then there is nothing to do: without your answer nothing happens."),
        ),
    )


def invitation_accepted(_: Translate, about: Occasion) -> Letter:
    """To who invited."""
    values = {"organisation": about.fact("organisation"), "email": about.fact("email")}
    return Letter(
        subject=_("Your invitation was accepted"),
        heading=_("Your invitation was accepted"),
        paragraphs=(_("%(email)s belongs to “%(organisation)s” now and sees the tickets that it shares.") % values,),
        button=_("See the members"),
        path=about.fact("path"),
        notes=(_("There you can end the access at any time."),),
    )


def access_ended(_: Translate, about: Occasion) -> Letter:
    """To whose access ended."""
    values = {"organisation": about.fact("organisation")}
    return Letter(
        subject=_("Your access to %(organisation)s has ended") % values,
        heading=_("Your access has ended"),
        paragraphs=(
            _("You no longer belong to “%(organisation)s” in this portal and do not see what it shares.") % values,
            _("What you reported yourself stays with you."),
        ),
        button=_("See your tickets"),
        path=about.fact("path"),
        notes=(_("You think that is a mistake? Please ask the organisation."),),
    )
