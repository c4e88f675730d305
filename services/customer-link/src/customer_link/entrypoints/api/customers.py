"""`/api/v1/customers`: one's own customer numbers as JSON."""

from typing import Any

from fastapi import APIRouter

from chassis.callers import SignedIn
from customer_link.domain.customer import LinkedCustomer
from customer_link.entrypoints.workplace import Workplace
from customer_link.usecases.view_customer import list_customers


class CustomerApi:
    """The JSON twin of the list."""

    def __init__(self, workplace: Workplace) -> None:
        self._workplace = workplace
        self.router = APIRouter()
        self.router.add_api_route("/api/v1/customers", self.show_all, methods=["GET"], response_model=None)

    async def show_all(self, caller: SignedIn) -> dict[str, Any]:
        """All numbers of the caller; `data_time` is null while the data are on their way."""
        async with self._workplace.open() as records:
            held = await list_customers(caller.account_id, records=records)
        return {"customers": [_shown(linked) for linked in held]}


def _shown(linked: LinkedCustomer) -> dict[str, Any]:
    customer, data = linked.customer, linked.data
    return {
        "id": str(customer.id),
        "number": customer.number,
        "type": customer.type,
        "linked_time": linked.linked_at.isoformat(),
        "data_time": data.as_of.isoformat() if data else None,
        "name": data.name if data else None,
        "open_cents": data.open_cents if data else None,
    }
