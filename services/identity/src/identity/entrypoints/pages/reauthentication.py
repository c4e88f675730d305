"""Who may change something sensitive: whoever has shown a short while ago who they are (ASVS 7.5.1).

Pages declare `RecentlySignedIn` on their GET and their POST; those of staff `Depends(recently(staff("admin")))`.
"""

from collections.abc import Awaitable, Callable
from typing import Annotated
from urllib.parse import quote, urlsplit

from fastapi import Depends, Request
from starlette.exceptions import HTTPException

from chassis.callers import admits, safe_next, signed_in
from chassis.sessions import Caller
from identity.domain.session import is_recent

CONFIRM = "/login/confirm"
_HOME = "/settings"


def recently(admitting: Callable[[Request], Awaitable[Caller]], access: str) -> Callable[[Request], Awaitable[Caller]]:
    """Lets in whom the other dependency lets in, if their login is recent; else asks them first who they are."""

    @admits(f"{access}, recently")
    async def recent_caller(request: Request) -> Caller:
        caller = await admitting(request)
        if not is_recent(caller.authenticated_at, request.app.state.clock()):
            raise HTTPException(303, headers={"Location": f"{CONFIRM}?next={quote(_page_of(request), safe='/')}"})
        return caller

    return recent_caller


RecentlySignedIn = Annotated[Caller, Depends(recently(signed_in, "signed_in"))]


def _page_of(request: Request) -> str:
    """The page to come back to: itself, or the one whose form was sent; what was typed is not kept on the way."""
    if request.method in {"GET", "HEAD"}:
        shown = urlsplit(str(request.url))
    else:
        shown = urlsplit(request.headers.get("referer", _HOME))
    return safe_next(f"{shown.path}?{shown.query}" if shown.query else shown.path)
