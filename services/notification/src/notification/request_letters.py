"""What mails say about requests for customer numbers: to who asked, and to whose link a transfer ended. No names."""

from collections.abc import Callable, Mapping
from typing import Final

from notification.letter import Letter, Occasion, Translate


def request_opened(_: Translate, about: Occasion) -> Letter:
    """It has arrived."""
    values = {"number": about.fact("customer_number")}
    return Letter(
        subject=_("Your request for customer number %(number)s") % values,
        heading=_("We have received your request"),
        paragraphs=(
            _(
                "You asked for the customer number %(number)s. We check it and tell you by e-mail what comes of it, "
                "at the latest within 30 days."
            )
            % values,
        ),
        button=_("See the request"),
        path=about.fact("path"),
        notes=(_("You did not ask for it? Withdraw the request in the portal and tell us: the direct line is below."),),
    )


def request_decided(_: Translate, about: Occasion) -> Letter:
    """How it ended; and to whose link a transfer ended: that it did, and how to object."""
    if about.reason == "holder":
        return _link_ended(_, about)
    return _OUTCOMES[about.fact("outcome")](_, about)


def _granted(_: Translate, about: Occasion) -> Letter:
    values = {"number": about.fact("customer_number"), "username": about.username}
    heading = _("Request granted: customer number %(number)s") % values
    said = _("We granted your request: the customer number %(number)s belongs to your user account “%(username)s” now.")
    return Letter(
        subject=heading,
        heading=heading,
        paragraphs=(said % values,),
        button=_("See the request"),
        path=about.fact("path"),
        quote=about.fact("answer"),
    )


def _refused(_: Translate, about: Occasion) -> Letter:
    heading = _("We refused your request for customer number %(number)s") % {"number": about.fact("customer_number")}
    return Letter(
        subject=heading,
        heading=heading,
        paragraphs=(_("We checked your request and could not grant it. The reason:"),),
        button=_("See the request"),
        path=about.fact("path"),
        quote=about.fact("answer"),
        notes=(_("You see it differently? Talk to us: the direct line is below."),),
    )


def _expired(_: Translate, about: Occasion) -> Letter:
    heading = _("Your request for customer number %(number)s has expired") % {"number": about.fact("customer_number")}
    said = _(
        "Nobody decided on it within 30 days; we are sorry. You can send it again with your activation code, or talk "
        "to us: the direct line is below."
    )
    return Letter(
        subject=heading, heading=heading, paragraphs=(said,), button=_("See the request"), path=about.fact("path")
    )


def _link_ended(_: Translate, about: Occasion) -> Letter:
    values = {"number": about.fact("customer_number"), "username": about.username, "happened": about.happened}
    heading = _("Your link with customer number %(number)s was ended") % values
    said = _(
        "We ended the link between the customer number %(number)s and your user account “%(username)s” on "
        "%(happened)s, after checking a request."
    )
    return Letter(
        subject=heading,
        heading=heading,
        paragraphs=(
            said % values,
            _("You no longer see its data. What you reported yourself stays with you."),
        ),
        button=_("Object"),
        path="/tickets/new",
        notes=(_("You do not agree? Object in the portal, or talk to us: the direct line is below."),),
    )


_OUTCOMES: Final[Mapping[str, Callable[[Translate, Occasion], Letter]]] = {
    "transferred": _granted,
    "also_linked": _granted,
    "refused": _refused,
    "expired": _expired,
}
