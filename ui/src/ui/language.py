"""Which language a page is in: asked for, chosen, of the account, of the browser, of the brand; in this order."""

from collections.abc import Sequence

from babel.core import negotiate_locale
from starlette.requests import Request

COOKIE = "language"


def language_of(request: Request, languages: Sequence[str]) -> str:
    """The language for this request, one of `languages`, whose first is the brand's own."""
    caller = getattr(request.state, "caller", None)
    wishes = (request.query_params.get("lang"), request.cookies.get(COOKIE), getattr(caller, "language", None))
    for wish in wishes:
        if wish is not None and wish in languages:
            return str(wish)
    accepted = _accepted(request.headers.get("accept-language", ""))
    return str(negotiate_locale(accepted, languages, sep="-") or languages[0])


def _accepted(header: str) -> list[str]:
    """Languages of an Accept-Language header, the dearest first (RFC 9110, section 12.5.4)."""
    ranked = []
    for position, part in enumerate(header.split(",")[:20]):
        name, _, parameter = part.partition(";")
        quality = _quality(parameter)
        if name.strip() and quality > 0:
            ranked.append((-quality, position, name.strip()))
    return [name for _, _, name in sorted(ranked)]


def _quality(parameter: str) -> float:
    name, _, value = parameter.strip().partition("=")
    if name != "q":
        return 1.0
    try:
        return float(value)
    except ValueError:
        return 0.0
