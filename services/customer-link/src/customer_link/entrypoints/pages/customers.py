"""`/customers`: link a number, see the linked ones and their data, give one back (A9 to A17)."""

from collections.abc import Mapping
from typing import Any
from uuid import UUID

import structlog
from fastapi import APIRouter, Request, Response
from fastapi.responses import RedirectResponse

from chassis.callers import SignedIn, no_activity
from chassis.client_address import client_address
from chassis.database import Transaction
from chassis.errors import DomainError, ErrorKind
from chassis.idempotency import StoredAnswer, form_hash, keep, replay
from chassis.sessions import Caller
from customer_link.domain.customer import LinkedCustomer
from customer_link.entrypoints.pages.link_form import CONFLICTS, Typed, read_link_form, refused_form
from customer_link.entrypoints.workplace import Workplace
from customer_link.usecases.link_customer import Attempt, Outcome, link_customer
from customer_link.usecases.unlink_customer import unlink_customer
from customer_link.usecases.view_customer import list_customers, view_customer
from ui.forms import Form, read_form
from ui.pages import Pages

_log = structlog.get_logger(__name__)
_ROUTE = "/customers/link"
_NOTICES = frozenset({"linked", "unlinked"})


class CustomerPages:
    """Pages of one's own customer numbers."""

    def __init__(self, workplace: Workplace, pages: Pages) -> None:
        self._workplace = workplace
        self._pages = pages
        self.router = APIRouter()
        add = self.router.add_api_route
        add("/customers", self.show_all, methods=["GET"])
        add(_ROUTE, self.back_to_form, methods=["GET"])
        add(_ROUTE, self.link, methods=["POST"])
        add("/customers/list", self.refresh_list, methods=["GET"])
        add("/customers/{customer_id}", self.show_one, methods=["GET"])
        add("/customers/{customer_id}/data", self.refresh_data, methods=["GET"])
        add("/customers/{customer_id}/unlink", self.ask_unlink, methods=["GET"])
        add("/customers/{customer_id}/unlink", self.unlink, methods=["POST"])

    async def show_all(self, request: Request, caller: SignedIn) -> Response:
        """The form and the list below it."""
        notice = request.query_params.get("notice")
        return await self._list_page(request, caller, notice=notice if notice in _NOTICES else None)

    async def back_to_form(self, _caller: SignedIn) -> Response:
        """Whoever reloads the address of a refused form gets a fresh one."""
        return RedirectResponse("/customers", 303)

    async def link(self, request: Request, caller: SignedIn) -> Response:
        """Takes code and number."""
        fields = await read_form(request)
        typed, form = read_link_form(fields)
        if typed is None:
            return await self._list_page(request, caller, status=422, form=form)
        outcome, location = await self._link_once(request, caller, fields, typed)
        if location:
            return RedirectResponse(location, 303)
        if outcome.alarming:
            _log.warning("customer_number_guessed", account_id=str(caller.account_id))
        status, form = refused_form(fields, outcome)
        conflict = outcome.refusal if outcome.refusal in CONFLICTS else None
        return await self._list_page(request, caller, status=status, form=form, conflict=conflict)

    @no_activity
    async def refresh_list(self, request: Request, caller: SignedIn) -> Response:
        """The list alone, while data are on their way."""
        return self._pages.fragment(request, "linked_customers.html", **await self._list_context(caller))

    async def show_one(self, request: Request, caller: SignedIn, customer_id: UUID) -> Response:
        """All that is known of one number."""
        return self._pages.render(request, "customer.html", **await self._one(caller, customer_id))

    @no_activity
    async def refresh_data(self, request: Request, caller: SignedIn, customer_id: UUID) -> Response:
        """The data alone, while they are on their way."""
        return self._pages.fragment(request, "customer_data.html", **await self._one(caller, customer_id))

    async def ask_unlink(self, request: Request, caller: SignedIn, customer_id: UUID) -> Response:
        """Asks once more."""
        return self._pages.render(request, "unlink.html", **await self._one(caller, customer_id))

    async def unlink(self, caller: SignedIn, customer_id: UUID) -> Response:
        """Ends the link; a second click finds it ended and says the same."""
        async with self._workplace.open() as records:
            await unlink_customer(caller.account_id, customer_id, records=records, clock=self._workplace.clock)
        return RedirectResponse("/customers?notice=unlinked", 303)

    async def _link_once(
        self, request: Request, caller: Caller, fields: Mapping[str, str], typed: Typed
    ) -> tuple[Outcome, str | None]:
        """The outcome, and where to go on after a link; the same form again is sent to the same place."""
        owner, key, body = str(caller.account_id), fields.get("idempotency_key", ""), form_hash(fields)
        async with self._workplace.database.transaction() as tx:
            if key and (stored := await _linked_before(tx, owner, key, body)):
                return Outcome(), stored
            outcome = await self._link(tx, caller, client_address(request), typed)
            location = f"/customers?notice=linked#n-{outcome.link.customer_id}" if outcome.link else ""
            if key:
                await keep(tx, owner, _ROUTE, key, body, StoredAnswer(303, location))
            return outcome, location

    async def _link(self, tx: Transaction, caller: Caller, source: str, typed: Typed) -> Outcome:
        workplace = self._workplace
        return await link_customer(
            Attempt(caller.account_id, source, typed.code, typed.number_key),
            records=workplace.records(tx),
            secrets=workplace.secrets,
            limits=workplace.limits,
            clock=workplace.clock,
            new_id=workplace.new_id,
        )

    async def _list_page(
        self,
        request: Request,
        caller: Caller,
        *,
        status: int = 200,
        form: Form | None = None,
        notice: str | None = None,
        conflict: str | None = None,
    ) -> Response:
        context = await self._list_context(caller)
        return self._pages.render(
            request, "customers.html", status=status, form=form or Form(), notice=notice, conflict=conflict, **context
        )

    async def _list_context(self, caller: Caller) -> dict[str, Any]:
        async with self._workplace.open() as records:
            held = await list_customers(caller.account_id, records=records)
        return {"customers": held, "types": self._workplace.types}

    async def _one(self, caller: Caller, customer_id: UUID) -> dict[str, Any]:
        async with self._workplace.open() as records:
            linked: LinkedCustomer | None = await view_customer(caller.account_id, customer_id, records=records)
        if linked is None:
            raise DomainError(ErrorKind.NOT_FOUND, "customer_not_found", "There is no such customer number.")
        return {"linked": linked, "types": self._workplace.types}


async def _linked_before(tx: Transaction, owner: str, key: str, body: bytes) -> str | None:
    """Where the first one of a double click went; a form that was refused is simply tried again."""
    stored = await replay(tx, owner, _ROUTE, key, body)
    return stored.location if stored else None
