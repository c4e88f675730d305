"""`/customers/new-code`: order a new letter with a code; it goes to the address on file (features 1.2, L4 and L6)."""

from collections.abc import Mapping
from uuid import UUID

from fastapi import APIRouter, Request, Response

from chassis.callers import SignedIn
from chassis.errors import DomainError, ErrorKind
from chassis.idempotency import StoredAnswer
from chassis.sessions import Caller
from customer_link.domain.code_order import CodeOrder
from customer_link.domain.customer_number import LONGEST, read_number
from customer_link.entrypoints.pages.once import once
from customer_link.entrypoints.pages.site import Site, see_other
from customer_link.usecases.order_code import Wish, order_code
from ui.forms import Form, read_form
from ui.translations import N_

_PATH = "/customers/new-code"
_NUMBER_MISSING = N_("Enter your customer number")
_NUMBER_TOO_LONG = N_("A customer number has at most 40 characters")
_TOO_MANY = N_("You have ordered several letters today. Please order the next one tomorrow, or talk to us")


class OrderCodePages:
    """The answer is the same whether the number exists or not."""

    def __init__(self, site: Site) -> None:
        self._site = site
        self.router = APIRouter()
        self.router.add_api_route(_PATH, self.show, methods=["GET"])
        self.router.add_api_route(_PATH, self.order, methods=["POST"])

    async def show(self, request: Request, caller: SignedIn) -> Response:
        """The form, or when the letter that was ordered is due."""
        ordered = await self._ordered(caller, request.query_params.get("ordered", ""))
        number = request.query_params.get("number", "")[:LONGEST]
        return self._site.render(
            request, "customers/new_code.html", form=Form(values={"number": number}), ordered=ordered
        )

    async def order(self, request: Request, caller: SignedIn) -> Response:
        """Orders it, or tells when the one that is on its way is due."""
        fields = await read_form(request)
        key = read_number(fields.get("number", ""))
        if not key or len(key) > LONGEST:
            return self._again(request, fields, _NUMBER_TOO_LONG if key else _NUMBER_MISSING, 422)
        try:
            return see_other(await self._answer(caller, fields, key))
        except DomainError as error:
            if error.kind is not ErrorKind.RATE_LIMITED:
                raise
            return self._again(request, fields, _TOO_MANY, 429)

    async def _answer(self, caller: Caller, fields: Mapping[str, str], key: str) -> str:
        work = self._site.workplace
        wish = Wish(work.rules.new_id(), caller.account_id, key)

        async def act() -> StoredAnswer:
            order = await order_code(wish, records=work.records(tx), now=work.rules.clock(), takes=work.letter_takes)
            return StoredAnswer(303, f"{_PATH}?ordered={order.id}")

        async with work.database.transaction() as tx:
            answer = await once(tx, caller.account_id, _PATH, fields, act)
        return answer.location or _PATH

    async def _ordered(self, caller: Caller, text: str) -> CodeOrder | None:
        try:
            order_id = UUID(text)
        except ValueError:
            return None
        async with self._site.workplace.open() as records:
            return await records.orders.mine(caller.account_id, order_id)

    def _again(self, request: Request, fields: Mapping[str, str], problem: str, status: int) -> Response:
        form = Form(values=fields, errors={"number": problem})
        return self._site.render(request, "customers/new_code.html", status=status, form=form, ordered=None)
