"""Entity tags: a client changes only what it has seen (RFC 9110, sections 8.8.3 and 13.1.1; RFC 6585, section 3)."""

import hashlib
import re
from http import HTTPStatus

from fastapi import Request
from pydantic import BaseModel
from starlette.exceptions import HTTPException

_STRONG_TAG = re.compile(r'"[\x21\x23-\x7e\x80-\xff]*"')


def etag_of(shown: BaseModel) -> str:
    """The strong tag of what a client is shown, quoted as the header wants it."""
    return '"' + hashlib.sha256(shown.model_dump_json().encode()).hexdigest()[:32] + '"'


def require_match(request: Request, etag: str) -> None:
    """Lets a change through if its If-Match names the present tag, or is `*`.

    Call it in the transaction of the change, with the row locked.

    Raises:
        HTTPException: 428 without the header, 412 when somebody else changed it meanwhile.
    """
    given = ",".join(request.headers.getlist("if-match"))
    if not given.strip():
        raise HTTPException(HTTPStatus.PRECONDITION_REQUIRED)
    # A weak tag (W/"…") never matches here.
    if given.strip() != "*" and etag not in _tags(given):
        raise HTTPException(HTTPStatus.PRECONDITION_FAILED)


def check_conditions(request: Request, etag: str | None) -> None:
    """Lets a change through that needs no condition, unless it names one that does not hold.

    Call it in the transaction of the change, with the row locked.

    Args:
        request: `If-Match` asks for the tag that is there, `If-None-Match: *` that nothing is there.
        etag: the present tag; None where there is nothing.

    Raises:
        HTTPException: 412.
    """
    wanted = ",".join(request.headers.getlist("if-match")).strip()
    unwanted = ",".join(request.headers.getlist("if-none-match")).strip()
    fits = etag is not None and (wanted == "*" or etag in _tags(wanted))
    there = etag is not None and (unwanted == "*" or etag in _tags(unwanted))
    if (wanted and not fits) or (unwanted and there):
        raise HTTPException(HTTPStatus.PRECONDITION_FAILED)


def _tags(header: str) -> set[str]:
    return {part.strip() for part in header.split(",") if _STRONG_TAG.fullmatch(part.strip())}
