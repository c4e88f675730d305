"""Tokens of the next page of a list (AIP-158): where the last row stood, in a form that nobody builds on.

They are no secret: every page is limited to what its caller may see, whatever token comes.
"""

import base64
import json

from chassis.errors import DomainError, ErrorKind

LONGEST_PAGE_TOKEN = 500
"""For the declaration of the parameter."""


def write_page_token(*position: str) -> str:
    """The token of the page after a row with this position, such as its sort key and its id."""
    text = json.dumps(position, ensure_ascii=False, separators=(",", ":"))
    return base64.urlsafe_b64encode(text.encode()).decode().rstrip("=")


def read_page_token(token: str, parts: int) -> tuple[str, ...] | None:
    """The position in a token, of so many parts; None for the empty token of the first page.

    Raises:
        DomainError: INVALID `page_token_invalid` for one that was never given.
    """
    if not token:
        return None
    try:
        position = json.loads(base64.b64decode(token + "=" * (-len(token) % 4), altchars=b"-_", validate=True))
    except (ValueError, RecursionError) as error:
        raise page_token_invalid() from error
    if not isinstance(position, list) or len(position) != parts or not all(_is_text(part) for part in position):
        raise page_token_invalid()
    return tuple(position)


def page_token_invalid() -> DomainError:
    """For a position that has the right form and means nothing."""
    return DomainError(
        ErrorKind.INVALID,
        "page_token_invalid",
        "This page token was not given here.",
        fields={"page_token": "page_token_invalid"},
    )


def _is_text(part: object) -> bool:
    # PostgreSQL takes neither U+0000 nor half of a surrogate pair.
    return isinstance(part, str) and not any(sign == "\0" or "\ud800" <= sign <= "\udfff" for sign in part)
