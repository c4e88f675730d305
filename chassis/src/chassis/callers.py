"""Who calls a page: the dependencies by which every route declares whom it lets in."""

from collections.abc import Callable
from typing import Annotated, Any, NoReturn, TypeVar
from urllib.parse import quote, urlsplit

from fastapi import Depends, Request
from starlette.exceptions import HTTPException

from chassis.errors import DomainError, ErrorKind
from chassis.remote_sessions import RemoteSessions
from chassis.sessions import Caller, SessionDirectory, token_hash

__all__ = [
    "Anyone",
    "Caller",
    "RemoteSessions",
    "SessionDirectory",
    "SignedIn",
    "access_of",
    "admits",
    "anyone",
    "find_caller",
    "login_path",
    "no_activity",
    "safe_next",
    "signed_in",
    "staff",
    "token_hash",
]

Endpoint = TypeVar("Endpoint", bound=Callable[..., object])
_ACCESS = "access"
_NO_ACTIVITY = "no_activity"


def no_activity(endpoint: Endpoint) -> Endpoint:
    """Marks a fragment or stream that loads by itself: it does not extend the session (ASVS 7.3.1)."""
    setattr(endpoint, _NO_ACTIVITY, True)
    return endpoint


def admits(access: str) -> Callable[[Endpoint], Endpoint]:
    """Names whom a dependency lets in, for the table of all routes and callers."""

    def mark(dependency: Endpoint) -> Endpoint:
        setattr(dependency, _ACCESS, access)
        return dependency

    return mark


@admits("anyone")
async def anyone(request: Request) -> Caller | None:
    """Lets everybody in; who cannot be recognised now is a stranger."""
    try:
        return await find_caller(request, grace=True)
    except DomainError:
        return None


@admits("signed_in")
async def signed_in(request: Request) -> Caller:
    """Lets people with a session in; others are sent to the login."""
    return await find_caller(request, grace=True) or _ask_to_sign_in(request)


def staff(*roles: str) -> Callable[[Request], Any]:
    """Lets staff with one of the roles (any role if none is named) and a second factor in; no grace."""

    @admits(f"staff:{','.join(roles)}" if roles else "staff")
    async def staff_member(request: Request) -> Caller:
        caller = await find_caller(request, grace=False) or _ask_to_sign_in(request)
        if not (caller.roles.intersection(roles) if roles else caller.roles):
            raise DomainError(ErrorKind.FORBIDDEN, "role_missing", "Your account does not have the role for this.")
        if not caller.second_factor:
            raise DomainError(ErrorKind.FORBIDDEN, "second_factor_missing", "This needs a second factor.")
        return caller

    return staff_member


Anyone = Annotated[Caller | None, Depends(anyone)]
SignedIn = Annotated[Caller, Depends(signed_in)]


async def find_caller(request: Request, *, grace: bool, activity: bool | None = None) -> Caller | None:
    """The caller of a request, looked up once; activity by default as the route declares.

    Raises:
        DomainError: UNAVAILABLE when nobody can tell now.
    """
    state = request.state
    token = request.cookies.get(request.app.state.cookie_name)
    if token is None:
        return None
    if state.caller is None or (state.caller_by_grace and not grace):
        if activity is None:
            activity = not getattr(request.scope.get("endpoint"), _NO_ACTIVITY, False)
        sessions: SessionDirectory = request.app.state.sessions
        state.caller = await sessions.find(token_hash(token), activity=activity, grace=grace)
        state.caller_by_grace = grace
    caller: Caller | None = state.caller
    return caller


def access_of(route: Any) -> str | None:
    """Who may call a route, as its signature declares; None if it does not."""
    dependant = getattr(route, "dependant", None)
    found = [getattr(each.call, _ACCESS, None) for each in dependant.dependencies] if dependant is not None else []
    return next((access for access in found if access is not None), None)


def safe_next(value: str | None) -> str:
    """A place of this site to go on to after the login; `/` for anything else (S10)."""
    if not value or not value.startswith("/") or value.startswith("//"):
        return "/"
    if "\\" in value or any(ord(symbol) < 0x21 or ord(symbol) == 0x7F for symbol in value):  # noqa: PLR2004
        return "/"
    parts = urlsplit(value)
    return "/" if parts.scheme or parts.netloc else value


def login_path(place: str) -> str:
    """The login's address, to come back to a place afterwards."""
    return "/login?next=" + quote(safe_next(place), safe="/")


def _ask_to_sign_in(request: Request) -> NoReturn:
    """Raises what sends a stranger to the login without losing typed text."""
    if request.url.path.startswith("/api/") or request.method not in {"GET", "HEAD"}:
        raise DomainError(ErrorKind.UNAUTHENTICATED, "not_signed_in", "This needs a session.")
    if request.headers.get("hx-request") == "true":
        shown = urlsplit(request.headers.get("hx-current-url", ""))
        raise HTTPException(401, headers={"HX-Redirect": login_path(_with_query(shown.path, shown.query))})
    raise HTTPException(303, headers={"Location": login_path(_with_query(request.url.path, request.url.query))})


def _with_query(path: str, query: str) -> str:
    return f"{path}?{query}" if query else path
