"""What a person typed into a form, kept for the page that says why it was not taken."""

import re
from collections.abc import Mapping

from starlette.exceptions import HTTPException
from starlette.requests import ClientDisconnect, Request

_SECRET = re.compile(r"passw|secret|token|code|otp|pin$", re.IGNORECASE)
_HIDDEN = frozenset({"idempotency_key", "next"})
_MAX_FIELDS = 100


async def typed_text(request: Request) -> Mapping[str, str]:
    """The text fields of a posted form, without secrets, files and hidden helpers; empty if it cannot be read.

    The body may have been read before through the same request; one that was too large is not read again.
    """
    if request.method not in {"POST", "PUT", "PATCH"} or not _is_form(request):
        return {}
    try:
        form = await request.form(max_fields=_MAX_FIELDS, max_files=_MAX_FIELDS)
    except (HTTPException, ClientDisconnect, RuntimeError):
        return {}
    return {
        name: value
        for name, value in form.items()
        if isinstance(value, str) and name not in _HIDDEN and not _SECRET.search(name)
    }


def _is_form(request: Request) -> bool:
    media_type = request.headers.get("content-type", "").partition(";")[0].strip().lower()
    return media_type in {"application/x-www-form-urlencoded", "multipart/form-data"}
