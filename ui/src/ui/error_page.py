"""What error pages say: what happened, what to do now, and which typed text is handed back."""

import re
from collections.abc import Mapping
from dataclasses import dataclass

from ui.translations import N_

_SECRET = re.compile(r"pass|code|token|secret|idempotency", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class ErrorText:
    """Heading and advice of an error page, as message ids."""

    title: str
    advice: str


_FORBIDDEN = ErrorText(
    N_("You are not allowed to do this"),
    N_("Your login does not cover this page. If you think it should, call us or write to us."),
)
_NOT_SAME_SITE = ErrorText(
    N_("We could not accept this form"),
    N_("It did not come from this portal, so nothing was saved. Open the page again and send the form from there."),
)
_BY_STATUS = {
    400: ErrorText(
        N_("We could not read your request"), N_("Nothing was saved. Go back, check your input and try again.")
    ),
    403: _FORBIDDEN,
    404: ErrorText(
        N_("Page not found"),
        N_("Check the address, or start from the overview. Links from mails can be used only once and for a while."),
    ),
    405: ErrorText(N_("This page cannot be opened like that"), N_("Start from the overview and try again from there.")),
    409: ErrorText(
        N_("Somebody was faster"),
        N_("This has been changed in the meantime. Open the page again to see how it is now."),
    ),
    413: ErrorText(
        N_("That was too much at once"),
        N_("Nothing was saved. Go back, and shorten the text or choose fewer or smaller files."),
    ),
    422: ErrorText(
        N_("Something is missing in your input"), N_("Nothing was saved. Go back, check your input and try again.")
    ),
    429: ErrorText(N_("That was a little too fast"), N_("Wait a minute, then try again. Nothing is lost.")),
    503: ErrorText(
        N_("This is not available at the moment"),
        N_("We are working on it. Wait a minute, then try again. If it is urgent, call us."),
    ),
}
_FAILED = ErrorText(
    N_("Something went wrong on our side"),
    N_("We have been told and are looking into it. Try again in a moment. If it is urgent, call us."),
)
_BY_CODE = {"cross_site": _NOT_SAME_SITE, "cross_site_request": _NOT_SAME_SITE}


def describe(status: int, code: str) -> ErrorText:
    """The words for an error: by its code where that needs other words than its status."""
    return _BY_CODE.get(code) or _BY_STATUS.get(status) or (_FAILED if status >= 500 else _BY_STATUS[400])  # noqa: PLR2004


def safe_to_show(typed: Mapping[str, str]) -> dict[str, str]:
    """What was typed, without passwords, codes and keys, and without empty fields."""
    return {name: value for name, value in typed.items() if value.strip() and not _SECRET.search(name)}
