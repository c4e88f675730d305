"""One's own customer numbers as JSON, for the person of a session."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from pydantic import BaseModel

from customer_link.domain.customer import LinkedCustomer
from customer_link.entrypoints.api.customer_models import DataJson


class OwnCustomerJson(BaseModel):
    """A number that the person holds."""

    customer_id: UUID
    number: str
    type: str
    organisation_id: UUID
    link_time: datetime
    data: DataJson | None
    """None while they are on their way."""


class OwnCustomersJson(BaseModel):
    """All of them."""

    customers: list[OwnCustomerJson]

    @classmethod
    def of(cls, held: Sequence[LinkedCustomer]) -> "OwnCustomersJson":
        """Few, so there are no pages."""
        return cls(customers=[_shown(linked) for linked in held])


def _shown(linked: LinkedCustomer) -> OwnCustomerJson:
    customer = linked.customer
    return OwnCustomerJson(
        customer_id=customer.id,
        number=customer.number,
        type=customer.type,
        organisation_id=customer.organisation_id,
        link_time=linked.linked_at,
        data=DataJson.of(linked.data) if linked.data else None,
    )
