"""`/customers/{id}`: the data behind one number, and giving it back (STEPS A11, A17)."""

from fastapi import APIRouter, Request, Response

from chassis.callers import SignedIn, no_activity
from chassis.idempotency import StoredAnswer
from customer_link.entrypoints.pages.invoice_documents import invoices_of
from customer_link.entrypoints.pages.once import once
from customer_link.entrypoints.pages.site import Site, customer_unknown, read_customer_id, see_other
from customer_link.usecases.ask_for_data import ask_again
from customer_link.usecases.name_administrator import may_give_back
from customer_link.usecases.unlink_customer import unlink_customer
from ui.forms import read_form

_MOST_SHOWN = 20


class CustomerPages:
    """Pages of one of the caller's numbers; for everybody else there is no such page."""

    def __init__(self, site: Site) -> None:
        self._site = site
        self._workplace = site.workplace
        self.router = APIRouter()
        path = "/customers/{customer_id}"
        self.router.add_api_route(path, self.show, methods=["GET"])
        self.router.add_api_route(f"{path}/data", self.refresh, methods=["GET"])
        self.router.add_api_route(f"{path}/ask", self.ask_again, methods=["POST"])
        self.router.add_api_route(f"{path}/unlink", self.ask, methods=["GET"])
        self.router.add_api_route(f"{path}/unlink", self.unlink, methods=["POST"])

    async def show(self, request: Request, caller: SignedIn, customer_id: str) -> Response:
        """Name and address, contracts, invoices, who else has access."""
        linked = await self._site.held(caller, customer_id)
        owner = linked.customer.organisation_id
        async with self._workplace.open() as records:
            [organisation] = await records.customers.organisations([owner])
            members = await records.members.of(owner)
            pdfs = await invoices_of(records, linked.customer.id)
        others = [one for one in members if one.account_id != caller.account_id]
        shown = sorted(others, key=lambda one: one.holding(linked.customer.id) is None)[:_MOST_SHOWN]
        return self._site.render(
            request,
            "customer/page.html",
            linked=linked,
            pdfs=pdfs,
            organisation=organisation,
            others=shown,
            unshown=len(others) - len(shown),
            names=await self._site.names([one.account_id for one in shown]),
            asked="asked" in request.query_params,
        )

    @no_activity
    async def refresh(self, request: Request, caller: SignedIn, customer_id: str) -> Response:
        """The data alone while they are on their way; nothing as long as the page says so already."""
        linked = await self._site.held(caller, customer_id)
        late = linked.late(self._workplace.rules.clock())
        if linked.data is None and late == ("late" in request.query_params):
            return Response(status_code=204)
        async with self._workplace.open() as records:
            pdfs = await invoices_of(records, linked.customer.id)
        return self._site.render(request, "customer/data.html", linked=linked, pdfs=pdfs)

    async def ask_again(self, caller: SignedIn, customer_id: str) -> Response:
        """Asks the organisation's systems once more for data that do not come; a second click asks nobody."""
        linked, now = await self._site.held(caller, customer_id), self._workplace.rules.clock()
        async with self._workplace.open() as records:
            await ask_again(linked, records=records, now=now)
        return see_other(f"/customers/{linked.customer.id}?asked=1")

    async def ask(self, request: Request, caller: SignedIn, customer_id: str) -> Response:
        """Asks once more before a link is ended."""
        linked = await self._site.held(caller, customer_id)
        async with self._workplace.open() as records:
            free = await may_give_back(caller.account_id, linked.customer, records=records)
        return self._site.render(request, "customer/unlink.html", linked=linked, free=free)

    async def unlink(self, request: Request, caller: SignedIn, customer_id: str) -> Response:
        """Ends the link; a second click is told the same."""
        fields, wanted = await read_form(request), read_customer_id(customer_id)
        route = f"/customers/{wanted}/unlink"

        async def act() -> StoredAnswer:
            records, clock = self._workplace.records(tx), self._workplace.rules.clock
            customer = await records.customers.get(wanted)
            if customer is not None and not await may_give_back(caller.account_id, customer, records=records):
                return StoredAnswer(303, route)
            if await unlink_customer(caller.account_id, wanted, records=records, clock=clock) is None:
                raise customer_unknown()
            return StoredAnswer(303, "/customers?unlinked=1")

        async with self._workplace.database.transaction() as tx:
            answer = await once(tx, caller.account_id, route, fields, act)
        return see_other(answer.location or "/customers")
