"""`/customers`: link a number by its code, ask for one that is taken, and what is linked and asked for (A9 to A16)."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from types import MappingProxyType
from typing import Any

from fastapi import APIRouter, Request, Response
from starlette.datastructures import UploadFile

from chassis.callers import SignedIn, no_activity
from chassis.client_address import client_address
from chassis.database import Transaction
from chassis.errors import DomainError, ErrorKind
from chassis.idempotency import StoredAnswer
from chassis.sessions import Caller
from chassis.uploaded_file import KINDS, AcceptedFile
from customer_link.domain.customer import Link, LinkedCustomer
from customer_link.entrypoints.pages.link_form import (
    CONFLICTS,
    PAUSED,
    REFUSALS,
    Typed,
    read_link_form,
    read_wish,
    refused_form,
    status_of,
)
from customer_link.entrypoints.pages.once import once
from customer_link.entrypoints.pages.requests.sent_documents import (
    BODY_LIMIT,
    FIELD,
    SentDocuments,
    keeping,
    read_documents,
)
from customer_link.entrypoints.pages.site import Site, see_other
from customer_link.usecases.ask_for_link import Asked, Wish, ask_for_link
from customer_link.usecases.link_customer import Attempt
from ui.forms import Form, Message, form_with_files, read_form

_ROUTE = "/customers"
_ASK = "/customers/requests"
_MOST_REQUESTS = 20


@dataclass(frozen=True, slots=True)
class _Sent:
    """One sending of the form: where to, and what."""

    route: str
    fields: dict[str, str]
    typed: Typed
    wish: Wish | None
    documents: SentDocuments


@dataclass(frozen=True, slots=True)
class _Asking:
    """What a request says and brings, or what is wrong with it; neither where nothing is asked."""

    wish: Wish | None = None
    documents: Sequence[AcceptedFile] = ()
    missing: Mapping[str, str | Message] = field(default_factory=dict)


class LinkingPages:
    """The form and the list below it."""

    def __init__(self, site: Site) -> None:
        self._site = site
        self._workplace = site.workplace
        self.router = APIRouter()
        self.router.add_api_route(_ROUTE, self.show, methods=["GET"])
        self.router.add_api_route(_ROUTE, self.link, methods=["POST"])
        self.router.add_api_route(_ASK, self.ask, methods=["POST"], max_body_size=BODY_LIMIT)
        self.router.add_api_route("/customers/list", self.refresh, methods=["GET"])

    async def show(self, request: Request, caller: SignedIn) -> Response:
        """An empty form; what was linked or unlinked a moment ago is said above it."""
        return await self._page(request, caller, linked_id=request.query_params.get("linked", ""))

    async def link(self, request: Request, caller: SignedIn) -> Response:
        """Takes code and number; whatever is refused comes back with what was typed."""
        return await self._try(request, caller, await read_form(request), _ROUTE)

    async def ask(self, request: Request, caller: SignedIn) -> Response:
        """Sends a request to staff out of a conflict. Code and number are checked anew: they are the proof (A15)."""
        async with form_with_files(request, FIELD) as (fields, uploads):
            fields[FIELD] = " ".join(one.filename or "" for one in uploads)
            return await self._try(request, caller, fields, _ASK, uploads)

    @no_activity
    async def refresh(self, request: Request, caller: SignedIn) -> Response:
        """The list alone while data are on their way; nothing as long as it is as the page has it."""
        held = await self._held(caller)
        state = self._state(held)
        if request.query_params.get("seen") == state:
            return Response(status_code=204)
        return self._site.render(request, "customers/list.html", customers=held, state=state)

    async def _try(
        self, request: Request, caller: Caller, fields: dict[str, str], route: str, uploads: Sequence[UploadFile] = ()
    ) -> Response:
        typed = read_link_form(fields)
        if isinstance(typed, Form):
            return await self._page(request, caller, status=422, form=typed)
        asking = await _read_request(fields, uploads) if route == _ASK else _Asking()
        try:
            async with keeping(asking.documents, self._workplace) as documents:
                answer = await self._answer(request, caller, _Sent(route, fields, typed, asking.wish, documents))
        except DomainError as error:
            if error.kind is not ErrorKind.RATE_LIMITED or error.retry_after is None:
                raise
            until = self._workplace.rules.clock() + error.retry_after
            return await self._refused(request, caller, fields, PAUSED, until=until)
        if answer.location:
            return see_other(answer.location)
        return await self._refused(request, caller, fields, answer.body, missing=asking.missing)

    async def _answer(self, request: Request, caller: Caller, sent: _Sent) -> StoredAnswer:
        source = client_address(request)

        async def act() -> StoredAnswer:
            return await self._act(tx, caller, source, sent)

        async with self._workplace.database.transaction() as tx:
            told = {**sent.fields, FIELD: sent.documents.fingerprint}
            return await once(tx, caller.account_id, sent.route, told, act)

    async def _act(self, tx: Transaction, caller: Caller, source: str, sent: _Sent) -> StoredAnswer:
        attempt = Attempt(caller.account_id, source, sent.typed.code, sent.typed.number_key)
        work = self._workplace
        outcome = await ask_for_link(attempt, sent.wish, records=work.records(tx), rules=work.rules)
        if isinstance(outcome, Link):
            return StoredAnswer(303, f"/customers?linked={outcome.customer_id}")
        if isinstance(outcome, Asked):
            if outcome.new:
                await sent.documents.give(outcome.request_id, work.records(tx))
            return StoredAnswer(303, f"{_ASK}/{outcome.request_id}?notice={'sent' if outcome.new else 'waits'}")
        return StoredAnswer(status_of(outcome), None, outcome)

    async def _refused(
        self,
        request: Request,
        caller: Caller,
        fields: dict[str, str],
        refusal: str,
        *,
        until: datetime | None = None,
        missing: Mapping[str, str | Message] = MappingProxyType({}),
    ) -> Response:
        """`missing` is what a request still lacks; it is said beside its fields if the conflict is still there."""
        missing = missing if refusal in CONFLICTS else {}
        form, status = refused_form(fields, refusal, missing), 422 if missing else status_of(refusal)
        page = await self._page(request, caller, status=status, form=form, refusal=refusal, until=until)
        if until is not None:
            page.headers["Retry-After"] = str(int((until - self._workplace.rules.clock()).total_seconds()) + 1)
        return page

    async def _page(
        self,
        request: Request,
        caller: Caller,
        *,
        status: int = 200,
        form: Form | None = None,
        refusal: str = "",
        until: datetime | None = None,
        linked_id: str = "",
    ) -> Response:
        async with self._workplace.open() as records:
            held = await records.links.linked(caller.account_id)
            asked = await records.requests.of_account(caller.account_id, _MOST_REQUESTS)
        context: dict[str, Any] = {
            "customers": held,
            "requests": asked,
            "state": self._state(held),
            "refusal": refusal,
            "said": REFUSALS.get(refusal, ""),
            "reasons": CONFLICTS.get(refusal, ()),
            "kinds": tuple(KINDS),
            "documents_days": self._workplace.documents_kept.days,
            "until": until,
            "linked": next((one for one in held if str(one.customer.id) == linked_id), None),
            "unlinked": request.method == "GET" and "unlinked" in request.query_params,
            "left": request.method == "GET" and "left" in request.query_params,
            "declined": request.method == "GET" and "declined" in request.query_params,
        } | await self._organisations(caller)
        return self._site.render(request, "customers/page.html", status=status, form=form or Form(), **context)

    async def _organisations(self, caller: Caller) -> dict[str, Any]:
        """Where the caller is a member, and where somebody waits for an answer."""
        now = self._workplace.rules.clock()
        async with self._workplace.open() as records:
            membership = await records.memberships.of(caller.account_id)
            own = await records.invitations.of_account(caller.account_id)
            waiting = [one for one in own if one.answerable(now)]
            inviting = await records.customers.organisations({one.organisation_id for one in waiting})
        names = {one.id: one.name for one in inviting}
        invitations = [(one, names[one.organisation_id]) for one in waiting]
        return {"organisations": membership.organisations, "invitations": invitations}

    async def _held(self, caller: Caller) -> list[LinkedCustomer]:
        async with self._workplace.open() as records:
            return await records.links.linked(caller.account_id)

    def _state(self, held: list[LinkedCustomer]) -> str:
        """A letter for each row: what a page shows of it, so that a fragment is sent only when that changes."""
        now = self._workplace.rules.clock()
        return "".join("d" if one.data else "l" if one.late(now) else "w" for one in held)


async def _read_request(fields: Mapping[str, str], uploads: Sequence[UploadFile]) -> _Asking:
    wish, documents = read_wish(fields), await read_documents(uploads)
    missing: dict[str, str | Message] = {} if isinstance(wish, Wish) else {**wish}
    if isinstance(documents, Message):
        missing[FIELD] = documents
    if missing or not isinstance(wish, Wish) or isinstance(documents, Message):
        return _Asking(missing=missing)
    return _Asking(wish, documents)
