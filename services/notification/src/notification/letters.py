"""What each mail says: one function per letter, in the reader's language, for the text and the HTML part alike.

A letter has one heading and one button. Whoever reads it knows what happened, what to do, and what to do if it was
somebody else. Texts are English ids of the catalogues.
"""

from collections.abc import Callable, Mapping
from typing import Final

from notification.address_letters import confirm_email, email_change_done, email_change_started, email_taken
from notification.letter import Letter, Occasion, Translate
from notification.membership_letters import access_ended, invitation_accepted, member_invited
from notification.request_letters import request_decided, request_opened
from notification.security_letters import security_changed
from ui.translations import N_


def _confirm_registration(_: Translate, about: Occasion) -> Letter:
    heading = _("Confirm your e-mail address")
    return Letter(
        subject=heading,
        heading=heading,
        paragraphs=(
            _("The user account “%(username)s” was created with this e-mail address.") % {"username": about.username},
            _("If that was you, confirm the address with your password. You are signed in then."),
        ),
        button=_("Confirm the address"),
        path=about.link,
        notes=(
            _("The link works once, until %(until)s.") % {"until": about.until},
            _("That was not you? Open the link and choose “That was not me”. The registration is deleted then."),
        ),
    )


def _registration_exists(_: Translate, about: Occasion) -> Letter:
    heading = _("You already have a user account")
    return Letter(
        subject=heading,
        heading=heading,
        paragraphs=(
            _("Somebody wanted to create a user account with this e-mail address. There is one already.")
            + " "
            + _("Its user name is “%(username)s”.") % {"username": about.person.username},
            _("If that was you, log in. Forgotten the password? The login page leads to a new one."),
        ),
        button=_("Log in"),
        path="/login",
        notes=(_("That was not you? Then there is nothing to do: nothing has changed."),),
    )


def _reset_password(_: Translate, about: Occasion) -> Letter:
    if about.fact("password_reset") == "mailed":
        return _ask_password(_, about)
    heading = _("Choose a new password")
    return Letter(
        subject=heading,
        heading=heading,
        paragraphs=(_("A new password was asked for the user account “%(username)s”.") % {"username": about.username},),
        button=_("Choose a password"),
        path=about.link,
        notes=(
            _("The link works once, until %(until)s.") % {"until": about.until},
            _("That was not you? Ignore this mail: nothing has changed, and your present password still works."),
        ),
    )


def _ask_password(_: Translate, about: Occasion) -> Letter:
    heading = _("Do you want a new password?")
    return Letter(
        subject=heading,
        heading=heading,
        paragraphs=(
            _("A new password was asked for the user account “%(username)s”.") % {"username": about.username},
            _("If that was you, have one sent: it comes by a second mail."),
        ),
        button=_("Have a new password sent"),
        path=about.link,
        notes=(
            _("The link works once, until %(until)s.") % {"until": about.until},
            _("That was not you? Ignore this mail: nothing has changed, and your present password still works."),
        ),
    )


def _mailed_password(_: Translate, about: Occasion) -> Letter:
    heading = _("Your new password")
    return Letter(
        subject=heading,
        heading=heading,
        paragraphs=(
            _("This is the new password for the user account “%(username)s”. Log in and choose your own.")
            % {"username": about.username},
        ),
        password=about.password,
        button=_("Log in"),
        path=about.link,
        notes=(
            _("The password works once, until %(until)s. Until you use it, your old one still works.")
            % {"until": about.until},
            _("You did not ask for it? Tell us: the direct line is below."),
        ),
    )


def _password_changed(_: Translate, about: Occasion) -> Letter:
    heading = _("Your password was changed")
    return Letter(
        subject=heading,
        heading=heading,
        paragraphs=(
            _("The password of the user account “%(username)s” was changed on %(happened)s.")
            % {"username": about.username, "happened": about.happened},
            _("If that was you, there is nothing to do."),
        ),
        button=_("That was not me: choose a new password"),
        path="/password/forgot",
        notes=(_("If it was not you, tell us too: the direct line is below."),),
    )


def _link_created(_: Translate, about: Occasion) -> Letter:
    values = {"username": about.username, "number": about.fact("customer_number")}
    return Letter(
        subject=_("Customer number %(number)s is linked") % values,
        heading=_("Your customer number is linked"),
        paragraphs=(_("The customer number %(number)s now belongs to your user account “%(username)s”.") % values,),
        button=_("See the data"),
        path=about.fact("path"),
        notes=(_("That was not you? Tell us: the direct line is below."),),
    )


def _ticket_opened(_: Translate, about: Occasion) -> Letter:
    if about.reason in {"self", "reporter"}:
        heading = _("We have received your ticket")
        said = _("“%(subject)s” has the number %(number)s. We will tell you of every change.")
    else:
        heading = _("New ticket")
        said = _("%(actor)s opened the ticket “%(subject)s”. It has the number %(number)s.")
    return _ticket(_, about, heading, said, _("See the ticket"))


def _ticket_commented(_: Translate, about: Occasion) -> Letter:
    said = _("%(actor)s wrote about the ticket “%(subject)s”:")
    return _ticket(_, about, _("New comment"), said, _("Read and answer"))


def _ticket_state_changed(_: Translate, about: Occasion) -> Letter:
    heading = about.fact("state_label")
    said = _("The ticket “%(subject)s” has the state “%(state)s” now.")
    if about.fact("state") == "waiting" and about.reason != "assignee":
        said += " " + _("It is your turn: please answer in the portal.")
    return _ticket(_, about, heading, said, _("See the ticket"))


def _ticket(_: Translate, about: Occasion, heading: str, said: str, button: str) -> Letter:
    values = {
        "number": about.fact("ticket_number"),
        "subject": about.fact("subject"),
        "state": about.fact("state_label"),
        "actor": about.fact("actor") or _("The service team"),
    }
    why = _WHY.get(about.reason)
    return Letter(
        subject=f"{values['number']}: {heading} – {values['subject']}",
        heading=heading,
        paragraphs=(said % values,),
        button=button,
        path=about.fact("path"),
        quote=about.fact("excerpt"),
        notes=(_(why),) if why else (),
    )


_WHY: Final[Mapping[str, str]] = {
    "self": N_("You receive this mail because it is your ticket."),
    "reporter": N_("You receive this mail because it is your ticket."),
    "colleague": N_("You receive this mail because the ticket belongs to your organisation."),
    "assignee": N_("You receive this mail because you work on the ticket."),
}

LETTERS: Final[Mapping[str, Callable[[Translate, Occasion], Letter]]] = {
    "confirm_registration": _confirm_registration,
    "registration_exists": _registration_exists,
    "confirm_email": confirm_email,
    "email_taken": email_taken,
    "email_change_started": email_change_started,
    "email_change_done": email_change_done,
    "reset_password": _reset_password,
    "mailed_password": _mailed_password,
    "password_changed": _password_changed,
    "security_changed": security_changed,
    "link_created": _link_created,
    "member_invited": member_invited,
    "invitation_accepted": invitation_accepted,
    "access_ended": access_ended,
    "request_opened": request_opened,
    "request_decided": request_decided,
    "ticket_opened": _ticket_opened,
    "ticket_commented": _ticket_commented,
    "ticket_state_changed": _ticket_state_changed,
}

WITH_SECRET_LINK: Final = frozenset(
    {
        "confirm_registration",
        "reset_password",
        "mailed_password",
        "confirm_email",
        "email_change_started",
        "email_change_done",
    }
)
"""Letters whose link or password is fetched from identity just before sending."""

UNNAMED: Final = WITH_SECRET_LINK | {"member_invited"}
"""Letters to addresses that somebody may have typed for another; they greet nobody by name."""

TO_UNCONFIRMED: Final = frozenset({"confirm_registration", "reset_password", "mailed_password", "member_invited"})
"""Letters that may go to an address whose owner has not confirmed it yet."""

TO_CLOSED: Final = frozenset({"security_changed"})
"""Letters that may go to a closed account: that it was closed. Of any other change identity names nobody then."""
