"""`/staff/customers/{id}`: a customer with everything in one view; its contact persons are named here (S4, M2, M2b)."""

from uuid import UUID

from fastapi import APIRouter, Request, Response

from chassis.callers import Caller
from chassis.database import Transaction
from chassis.idempotency import StoredAnswer
from customer_link.domain.contact import Contact
from customer_link.domain.customer_view import MOST_SHOWN, CustomerView
from customer_link.entrypoints.pages.codes.site import last_day
from customer_link.entrypoints.pages.directory.site import CustomerStaff, DirectorySite
from customer_link.entrypoints.pages.invoice_documents import invoices_of
from customer_link.entrypoints.pages.once import once
from customer_link.entrypoints.pages.site import customer_unknown, read_customer_id, see_other
from customer_link.usecases.add_contact import add_contact
from customer_link.usecases.ask_for_data import first_ask
from customer_link.usecases.import_contacts import Fault
from customer_link.usecases.ports import Records
from customer_link.usecases.remove_contact import end_contact
from ui.forms import Form, read_form
from ui.translations import N_

_PATH = "/staff/customers/{customer_id}"
_CONTACT = f"{_PATH}/contacts/{{contact_id}}/remove"
_NOTICES = frozenset({"named", "removed", "asked", "access_ended"})
_FAULTS = {
    Fault.EMAIL_INVALID: {"email": N_("Enter an e-mail address, for example name@example.com")},
    Fault.EMAIL_TWICE: {"email": N_("This address is named for the organisation already")},
    Fault.NAME_MISSING: {"display_name": N_("Enter the name of the person")},
    Fault.NAME_TOO_LONG: {"display_name": N_("Enter a name of at most 200 characters")},
}


class StaffCustomerPages:
    """Who opens it is written down. Names of accounts come from identity, and are missing when it does not answer."""

    def __init__(self, directory: DirectorySite) -> None:
        self._directory = directory
        self._site = directory.site
        self.router = APIRouter()
        add = self.router.add_api_route
        add(_PATH, self.show, methods=["GET"])
        add(f"{_PATH}/ask", self.ask, methods=["POST"])
        add(f"{_PATH}/contacts", self.name, methods=["POST"])
        add(_CONTACT, self.confirm_removal, methods=["GET"])
        add(_CONTACT, self.remove, methods=["POST"])

    async def show(self, request: Request, caller: CustomerStaff, customer_id: str) -> Response:
        """Everything about it; the look is noted."""
        return await self._page(request, caller, read_customer_id(customer_id), Form())

    async def ask(self, _caller: CustomerStaff, customer_id: str) -> Response:
        """Asks the backend for its data anew."""
        wanted = read_customer_id(customer_id)
        async with self._site.workplace.open() as records:
            if await records.customers.get(wanted) is None:
                raise customer_unknown()
            await first_ask(wanted, records=records, now=self._site.workplace.rules.clock())
        return see_other(f"/staff/customers/{wanted}?notice=asked")

    async def name(self, request: Request, caller: CustomerStaff, customer_id: str) -> Response:
        """Names a contact person of the organisation; identity is asked for the account by a job."""
        wanted, fields = read_customer_id(customer_id), await read_form(request)
        async with self._site.workplace.database.transaction() as tx:
            fault, location = await self._named(tx, caller, wanted, fields)
        if fault is not None:
            missing = {} if fields.get("display_name", "").strip() else _FAULTS[Fault.NAME_MISSING]
            return await self._page(request, caller, wanted, Form(fields, missing | _FAULTS[fault]), status=422)
        return see_other(location)

    async def confirm_removal(
        self, request: Request, _caller: CustomerStaff, customer_id: str, contact_id: str
    ) -> Response:
        """Says what it means before it is done."""
        wanted = read_customer_id(customer_id)
        async with self._site.workplace.open() as records:
            contact = await records.directory.contact(wanted, read_customer_id(contact_id))
            customer = await records.customers.get(wanted)
        if contact is None or customer is None:
            raise customer_unknown()
        return self._site.render(request, "directory/remove_contact.html", contact=contact, customer=customer)

    async def remove(self, _caller: CustomerStaff, customer_id: str, contact_id: str) -> Response:
        """No longer named: out everywhere within a second."""
        wanted = read_customer_id(customer_id)
        async with self._site.workplace.open() as records:
            contact = await records.directory.contact(wanted, read_customer_id(contact_id))
            if contact is not None:
                await end_contact(contact, records=records, clock=self._site.workplace.rules.clock)
        return see_other(f"/staff/customers/{wanted}?notice=removed")

    async def _named(
        self, tx: Transaction, caller: Caller, customer_id: UUID, fields: dict[str, str]
    ) -> tuple[Fault | None, str]:
        records = self._site.workplace.records(tx)
        customer = await records.customers.get(customer_id)
        if customer is None:
            raise customer_unknown()

        async def act() -> StoredAnswer:
            typed = (fields.get("email", ""), fields.get("display_name", ""))
            done = await add_contact(customer.organisation_id, *typed, records=records, rules=self._directory.contacts)
            if isinstance(done, Contact):
                return StoredAnswer(303, f"/staff/customers/{customer_id}?notice=named")
            return StoredAnswer(422, None, done.value)

        answer = await once(tx, caller.account_id, f"/staff/customers/{customer_id}/contacts", fields, act)
        return (None, answer.location) if answer.location else (Fault(answer.body), "")

    async def _page(
        self, request: Request, caller: Caller, customer_id: UUID, form: Form, *, status: int = 200
    ) -> Response:
        async with self._site.workplace.open() as records:
            view = await self._view(caller, customer_id, records)
            invited = await records.invitations.current(view.organisation.id, MOST_SHOWN)
            pdfs = await invoices_of(records, customer_id)
            asked = [one.request for one in await records.requests.of_customer(customer_id, MOST_SHOWN)]
        people = await self._site.names(view.accounts | {one.account_id for one in asked})
        notice = request.query_params.get("notice", "")
        return self._site.render(
            request,
            "directory/customer.html",
            status=status,
            form=form,
            view=view,
            invited=invited,
            asked=asked,
            last_day=last_day,
            pdfs=pdfs,
            people=people,
            notice=notice if notice in _NOTICES else "",
            sees_looks="admin" in caller.roles,
        )

    async def _view(self, caller: Caller, customer_id: UUID, records: Records) -> CustomerView:
        view = await records.directory.view(customer_id)
        if view is None:
            raise customer_unknown()
        await records.directory.note_look(customer_id, caller.account_id, self._site.workplace.rules.clock())
        return view
