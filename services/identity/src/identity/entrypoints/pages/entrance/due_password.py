"""The page that comes before anything else after a login with a generated password (M5 `mailed`)."""

from urllib.parse import urlencode

from fastapi import APIRouter, Request, Response

from chassis.callers import Anyone, safe_next
from chassis.errors import DomainError, ErrorKind
from identity.domain.account import Account
from identity.domain.session import Session
from identity.entrypoints.pages.site import Site, see_other
from identity.usecases.choose_due_password import choose_due_password, find_due, is_the_mailed_one
from ui.forms import read_form

DUE_PAGE = "/password/new"
_TEMPLATE = "entrance/due_password.html"


class DuePasswordPages:
    """`/password/new`, for browsers that have just used a generated password."""

    def __init__(self, site: Site) -> None:
        self._site = site
        self.router = APIRouter()
        self.router.add_api_route(DUE_PAGE, self.form, methods=["GET"])
        self.router.add_api_route(DUE_PAGE, self.choose, methods=["POST"])

    async def form(self, request: Request, _caller: Anyone) -> Response:
        """Asks for a password of one's own; without a login before it, for that first."""
        wanted = safe_next(request.query_params.get("next"))
        due = await _find(self._site, request)
        if due is None:
            return see_other("/login")
        return self._site.render(request, _TEMPLATE, wanted=wanted, username=due[1].username)

    async def choose(self, request: Request, _caller: Anyone) -> Response:
        """Takes the password and signs in for good, under a new id."""
        typed = await read_form(request)
        wanted, due = safe_next(typed.get("next")), await _find(self._site, request)
        if due is None:
            return see_other("/login")
        session, account = due
        try:
            token = await self._choose(session, account, typed.get("password", ""))
        except DomainError as error:
            if error.kind is ErrorKind.UNAUTHENTICATED:
                return see_other("/login")
            context = {"wanted": wanted, "username": account.username}
            return self._site.refused_form(request, _TEMPLATE, typed, error, **context)
        response = see_other(wanted)
        self._site.cookies.set_session(response, token)
        self._site.cookies.remember_device(response, account, self._site.cookies.visitor(request))
        return response

    async def _choose(self, session: Session, account: Account, password: str) -> str:
        site = self._site
        problem = site.password_rules.problem(password, account.personal) or await self._mailed(account, password)
        if problem:
            raise DomainError(ErrorKind.INVALID, problem, fields={"password": problem})
        password_hash = await site.passwords.hash(password)
        async with site.database.transaction() as tx:
            return await choose_due_password(
                session, account, password_hash, records=site.records(tx), rules=site.rules
            )

    async def _mailed(self, account: Account, password: str) -> str:
        site = self._site
        async with site.database.transaction() as tx:
            mailed = await is_the_mailed_one(account, password, records=site.records(tx), signer=site.signer)
        return "password_mailed" if mailed else ""


def due_page(wanted: str) -> str:
    """Where to choose it, and go on from there to what was wanted."""
    return DUE_PAGE if wanted == "/" else f"{DUE_PAGE}?{urlencode({'next': wanted})}"


async def password_is_due(site: Site, request: Request) -> bool:
    """Whether this browser has to choose a password before anything else."""
    return await _find(site, request) is not None


async def _find(site: Site, request: Request) -> tuple[Session, Account] | None:
    async with site.database.transaction() as tx:
        return await find_due(site.cookies.session_hash(request), records=site.records(tx), rules=site.rules)
