"""Names of people, organisations and customer numbers that others own: batched, kept for a moment, never required.

A page has 300 ms for them (DESIGN 14); what did not come by then is missing, and the page says a neutral word.
"""

import asyncio
import time
from collections.abc import Awaitable, Callable, Collection, Mapping, Sequence
from typing import Generic, TypeVar
from uuid import UUID

import grpc
from kundenportal.customer_link.v1 import customer_service_pb2, membership_service_pb2
from kundenportal.customer_link.v1.customer_service_pb2_grpc import CustomerServiceStub
from kundenportal.customer_link.v1.membership_service_pb2_grpc import MembershipServiceStub
from kundenportal.identity.events.v1.events_pb2 import AccountChanged
from kundenportal.identity.v1 import account_service_pb2
from kundenportal.identity.v1.account_service_pb2_grpc import AccountServiceStub

from chassis.errors import DomainError
from chassis.messaging import Bus, Event
from chassis.remote_cache import RemoteCache
from ticketing.adapters.batched import Batched
from ticketing.domain.person import Person

ACCOUNT_CHANGED = "kundenportal.identity.account.changed.v1"
ACCOUNT_CLOSED = "kundenportal.identity.account.closed.v1"
_PAGE_SECONDS = 0.3
V = TypeVar("V")


class Named(Generic[V]):
    """One kind of names behind a batch and a cache."""

    def __init__(
        self, load: Callable[[Sequence[UUID]], Awaitable[Mapping[UUID, V]]], clock: Callable[[], float]
    ) -> None:
        batch = Batched(load)
        self.cache: RemoteCache[UUID, V | None] = RemoteCache(batch.get, tags=lambda key, _: [str(key)], clock=clock)

    async def of(self, ids: Collection[UUID]) -> dict[UUID, V]:
        """Give what can be had now; what cannot is missing."""
        wanted = list(dict.fromkeys(ids))
        found = await asyncio.gather(*(self._one(key) for key in wanted))
        return {key: value for key, value in zip(wanted, found, strict=True) if value is not None}

    async def _one(self, key: UUID) -> V | None:
        try:
            return (await self.cache.get(key)).value
        except DomainError:
            return None


class Names:
    """A part of the process: people, organisations and customer numbers by their ids."""

    name = "names"

    def __init__(
        self,
        identity: grpc.aio.Channel,
        customer_link: grpc.aio.Channel,
        bus: Bus,
        *,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._accounts = AccountServiceStub(identity)
        self._organisations = MembershipServiceStub(customer_link)
        self._customers = CustomerServiceStub(customer_link)
        self._bus = bus
        self._people: Named[Person] = Named(self._load_people, clock)
        self._works: Named[str] = Named(self._load_organisations, clock)
        self._numbers: Named[str] = Named(self._load_numbers, clock)

    async def start(self) -> None:
        """Begin to hear of renamed and closed accounts."""
        await self._bus.listen([ACCOUNT_CHANGED, ACCOUNT_CLOSED], self.changed, self._connected)

    async def stop(self) -> None:
        """Nothing: the bus ends what it carries."""

    async def people(self, ids: Collection[UUID]) -> dict[UUID, Person]:
        """See ports.Names."""
        return await self._people.of(ids)

    async def organisations(self, ids: Collection[UUID]) -> dict[UUID, str]:
        """See ports.Names."""
        return await self._works.of(ids)

    async def number(self, customer_id: UUID) -> str | None:
        """See ports.Names."""
        return (await self._numbers.of([customer_id])).get(customer_id)

    async def changed(self, event: Event) -> None:
        """Forget the name of an account."""
        self._people.cache.invalidate(event.payload(AccountChanged).account_id)

    def _connected(self, up: bool) -> None:
        self._people.cache.connected(up)
        self._works.cache.connected(up)
        self._numbers.cache.connected(up)

    async def _load_people(self, ids: Sequence[UUID]) -> dict[UUID, Person]:
        request = account_service_pb2.BatchGetAccountsRequest(account_ids=[str(one) for one in ids])
        answer = await self._accounts.BatchGetAccounts(request, timeout=_PAGE_SECONDS)
        active = account_service_pb2.ACCOUNT_STATE_ACTIVE
        return {
            UUID(one.account_id): Person(one.display_name, one.staff, one.state == active) for one in answer.accounts
        }

    async def _load_organisations(self, ids: Sequence[UUID]) -> dict[UUID, str]:
        request = membership_service_pb2.BatchGetOrganisationsRequest(organisation_ids=[str(one) for one in ids])
        answer = await self._organisations.BatchGetOrganisations(request, timeout=_PAGE_SECONDS)
        return {UUID(one.organisation_id): one.name for one in answer.organisations}

    async def _load_numbers(self, ids: Sequence[UUID]) -> dict[UUID, str]:
        """Ask for one number: a page shows one ticket's, and there is no call for several."""
        answers = await asyncio.gather(*(self._number(customer_id) for customer_id in ids))
        return dict(zip(ids, answers, strict=True))

    async def _number(self, customer_id: UUID) -> str:
        request = customer_service_pb2.GetCustomerRequest(customer_id=str(customer_id))
        answer = await self._customers.GetCustomer(request, timeout=_PAGE_SECONDS)
        return str(answer.number)
