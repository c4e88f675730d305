"""`/staff/codes/new`: issue one code for a customer number (STEPS A10)."""

from collections.abc import Mapping
from datetime import datetime
from uuid import UUID

from fastapi import APIRouter, Request, Response

from chassis.database import Transaction
from chassis.idempotency import StoredAnswer
from customer_link.domain.customer_number import LONGEST, read_number
from customer_link.domain.validity import LONGEST as LONGEST_VALIDITY
from customer_link.domain.validity import day_after, end_of, read_day
from customer_link.entrypoints.pages.codes.site import CodeSite, CodeStaff
from customer_link.entrypoints.pages.once import once
from customer_link.entrypoints.pages.site import see_other
from customer_link.usecases.ask_for_data import ask_for_address
from customer_link.usecases.issue_code import Order, issue_code
from ui.forms import Form, read_form
from ui.translations import N_

_PATH = "/staff/codes/new"
_NUMBER_MISSING = N_("Enter the customer number")
_NUMBER_UNKNOWN = N_("There is no such customer number. Please check it")
_DAY_UNREADABLE = N_("Enter the last day on which the code works, for example 28.02.2027")
_DAY_PAST = N_("Choose a day from today on")
_DAY_TOO_FAR = N_("A code works for two years at most. Choose an earlier day")


class NewCodePage:
    """Number and date of validity; an older code of the number gives way to the new one."""

    def __init__(self, site: CodeSite) -> None:
        self._site = site
        self.router = APIRouter()
        self.router.add_api_route(_PATH, self.show, methods=["GET"])
        self.router.add_api_route(_PATH, self.issue, methods=["POST"])

    async def show(self, request: Request, _caller: CodeStaff) -> Response:
        """The form; a number in the address is filled in."""
        return self._page(request, Form(values={"number": request.query_params.get("number", "")[:LONGEST]}))

    async def issue(self, request: Request, caller: CodeStaff) -> Response:
        """Issues it and goes to its page, where it is handed over."""
        fields = await read_form(request)
        end = read_validity(fields.get("valid_until", ""), self._site)
        errors = {} if isinstance(end, datetime) else {"valid_until": end}
        async with self._site.workplace.database.transaction() as tx:
            customer = await self._site.workplace.records(tx).customers.numbered(read_number(fields.get("number", "")))
            if customer is None or not isinstance(end, datetime):
                missing = _NUMBER_UNKNOWN if read_number(fields.get("number", "")) else _NUMBER_MISSING
                wrong = ({} if customer else {"number": missing}) | errors
                return self._page(request, Form(values=fields, errors=wrong), status=422)
            location = await self._issued(tx, fields, Order(self._new_id(), customer.id, end, caller.account_id))
        return see_other(location)

    async def _issued(self, tx: Transaction, fields: Mapping[str, str], order: Order) -> str:
        work = self._site.workplace

        async def act() -> StoredAnswer:
            records = work.records(tx)
            await issue_code(order, records=records, means=work.issuing)
            await ask_for_address(order.customer_id, records=records, now=self._site.now())
            return StoredAnswer(303, f"/staff/codes/{order.code_id}?notice=issued")

        assert order.issued_by is not None  # noqa: S101 - somebody is signed in
        answer = await once(tx, order.issued_by, _PATH, fields, act)
        return answer.location or "/staff/codes"

    def _new_id(self) -> UUID:
        return self._site.workplace.rules.new_id()

    def _page(self, request: Request, form: Form, *, status: int = 200) -> Response:
        work = self._site.workplace
        day = day_after(self._site.now(), work.code_valid_days, self._site.site.pages.brand.time_zone)
        return self._site.render(request, "codes/new.html", status=status, form=form, valid_until=day.isoformat())


def read_validity(typed: str, site: CodeSite) -> datetime | str:
    """The end of the day that was typed, or what is wrong with it."""
    zone, now, day = site.site.pages.brand.time_zone, site.now(), read_day(typed)
    if day is None:
        return _DAY_UNREADABLE
    end = end_of(day, zone)
    if end <= now:
        return _DAY_PAST
    return _DAY_TOO_FAR if end > now + LONGEST_VALIDITY else end
