"""`/customers/requests/{id}`: one of one's own requests, how it stands, and taking it back (STEPS A15)."""

from uuid import UUID

from fastapi import APIRouter, Request, Response

from chassis.callers import SignedIn
from chassis.errors import DomainError, ErrorKind
from chassis.sessions import Caller
from customer_link.domain.link_request import Act, Step
from customer_link.domain.request_listing import HistoryStep, RequestEntry
from customer_link.entrypoints.pages.site import Site, see_other
from customer_link.usecases.handle_request import handle_request

_PATH = "/customers/requests/{request_id}"
_NOTICES = frozenset({"sent", "waits", "withdrawn", "ended"})


class OwnRequestPages:
    """For everybody but who asked there is no such page."""

    def __init__(self, site: Site) -> None:
        self._site = site
        self._workplace = site.workplace
        self.router = APIRouter()
        self.router.add_api_route(_PATH, self.show, methods=["GET"])
        self.router.add_api_route(f"{_PATH}/withdraw", self.confirm, methods=["GET"])
        self.router.add_api_route(f"{_PATH}/withdraw", self.withdraw, methods=["POST"])

    async def show(self, request: Request, caller: SignedIn, request_id: str) -> Response:
        """State, answer, history. It says nothing of who holds the number, nor who of staff decided."""
        entry, history = await self._mine(caller, request_id)
        async with self._workplace.open() as records:
            documents = await records.documents.of_request(entry.request.id)
        notice = request.query_params.get("notice", "")
        return self._site.render(
            request,
            "requests/request.html",
            entry=entry,
            history=history,
            documents=documents,
            notice=notice if notice in _NOTICES else "",
        )

    async def confirm(self, request: Request, caller: SignedIn, request_id: str) -> Response:
        """Asks once more."""
        entry, _ = await self._mine(caller, request_id)
        if not entry.request.waits:
            return see_other(f"/customers/requests/{entry.request.id}?notice=ended")
        return self._site.render(request, "requests/withdraw.html", entry=entry)

    async def withdraw(self, caller: SignedIn, request_id: str) -> Response:
        """Ends it; a second click finds it withdrawn and is told the same."""
        entry, _ = await self._mine(caller, request_id)
        step = Step(entry.request.id, Act.WITHDRAW, self._workplace.rules.clock(), caller.account_id)
        async with self._workplace.open() as records:
            await handle_request(step, records=records)
            after = await records.requests.get(entry.request.id)
        withdrawn = after is not None and after.request.state == "withdrawn"
        return see_other(f"/customers/requests/{entry.request.id}?notice={'withdrawn' if withdrawn else 'ended'}")

    async def _mine(self, caller: Caller, text: str) -> tuple[RequestEntry, list[HistoryStep]]:
        wanted = read_request_id(text)
        async with self._workplace.open() as records:
            entry = await records.requests.mine(caller.account_id, wanted)
            history = await records.requests.history(wanted) if entry else []
        if entry is None:
            raise request_unknown()
        return entry, history


def read_request_id(text: str) -> UUID:
    """The id in an address; NOT_FOUND for what is none."""
    try:
        return UUID(text)
    except ValueError:
        raise request_unknown() from None


def request_unknown() -> DomainError:
    """The one answer for others' requests, unknown ones, and what is no id."""
    return DomainError(ErrorKind.NOT_FOUND, "request_unknown", "There is no such request.")
