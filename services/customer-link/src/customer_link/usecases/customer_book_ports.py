"""What other systems' view of customers needs of the world; one contract suite holds fake and real store to it."""

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from typing import Protocol
from uuid import UUID

from customer_link.domain.contact import Contact
from customer_link.domain.customer_data import CustomerData
from customer_link.domain.customer_entry import (
    CustomerRecord,
    KnownNumber,
    KnownOrganisation,
    NamedOrganisation,
    RecordPage,
    RecordQuery,
)


class CustomerBook(Protocol):
    """All customer numbers, many in one statement, and the contact persons of one organisation."""

    async def numbers(self, number_keys: Collection[str]) -> Mapping[str, KnownNumber]:
        """Known numbers by their compared form; who changes or links one of them waits."""
        ...

    async def organisations(
        self, named: Collection[NamedOrganisation], ids: Collection[UUID]
    ) -> Sequence[KnownOrganisation]:
        """All that may be meant: of these ids, or with one of the ids, references or names (case does not matter)."""
        ...

    async def add_organisations(self, added: Sequence[KnownOrganisation]) -> None: ...

    async def change_organisations(self, changed: Sequence[KnownOrganisation]) -> None:
        """Gives them these names and references."""
        ...

    async def put_data(self, data: Mapping[UUID, CustomerData], received_at: datetime) -> Collection[UUID]:
        """The customers whose data were older and are these now; nobody waits for any of them any more."""
        ...

    async def refresh(self, customer_ids: Collection[UUID], again_at: datetime) -> None:
        """Their backend has answered; it is asked anew then."""
        ...

    async def record(self, number_key: str) -> CustomerRecord | None: ...

    async def page(self, query: RecordQuery) -> RecordPage: ...

    async def contacts(self, organisation_id: UUID, after: UUID | None, limit: int) -> Sequence[Contact]:
        """Active ones in the order of their ids, after this one."""
        ...
