"""For whom an account may act: asked of customer-link, kept for a moment, forgotten when it changes (DESIGN 7)."""

import time
from collections.abc import Callable
from uuid import UUID

import grpc
from kundenportal.customer_link.events.v1.events_pb2 import MembershipChanged
from kundenportal.customer_link.v1 import membership_service_pb2 as messages
from kundenportal.customer_link.v1.membership_service_pb2_grpc import MembershipServiceStub

from chassis.errors import DomainError, ErrorKind
from chassis.messaging import Bus, Event
from chassis.remote_cache import RemoteCache
from ticketing.domain.membership import UNKNOWN, Customer, Membership, Organisation

MEMBERSHIP_CHANGED = "kundenportal.customer_link.membership.changed.v1"
_ASK_SECONDS = 0.3
_JOB_SECONDS = 5.0
_GRACE_SECONDS = 600.0


class Memberships:
    """A part of the process: listens for changes and answers from the cache or by asking."""

    name = "memberships"

    def __init__(self, channel: grpc.aio.Channel, bus: Bus, *, clock: Callable[[], float] = time.monotonic) -> None:
        self._stub = MembershipServiceStub(channel)
        self._bus = bus
        self._cache = RemoteCache(
            self._load, tags=lambda account_id, _: [str(account_id)], clock=clock, grace=_GRACE_SECONDS
        )

    async def start(self) -> None:
        """Begin to hear of changes."""
        await self._bus.listen([MEMBERSHIP_CHANGED], self.changed, self._cache.connected)

    async def stop(self) -> None:
        """Nothing: the bus ends what it carries."""

    async def of(self, account_id: UUID) -> Membership:
        """Give the membership; UNKNOWN, which lets one see one's own tickets only, when nobody can tell."""
        try:
            return (await self._cache.get(account_id)).value
        except DomainError as error:
            if error.kind is not ErrorKind.UNAVAILABLE:
                raise
            return UNKNOWN

    async def members(self, organisation_id: UUID) -> frozenset[UUID]:
        """Give the members of an organisation as they are now; raises DomainError UNAVAILABLE."""
        request = messages.ListMembersRequest(organisation_id=str(organisation_id))
        answer = await self._stub.ListMembers(request, timeout=_JOB_SECONDS)
        return frozenset(UUID(account_id) for account_id in answer.account_ids)

    async def changed(self, event: Event) -> None:
        """Forget what was known of an account."""
        self._cache.invalidate(event.payload(MembershipChanged).account_id)

    async def _load(self, account_id: UUID) -> Membership:
        request = messages.GetMembershipRequest(account_id=str(account_id))
        answer = await self._stub.GetMembership(request, timeout=_ASK_SECONDS)
        return Membership(
            tuple(Organisation(UUID(one.organisation_id), one.name) for one in answer.organisations),
            tuple(
                Customer(UUID(one.customer_id), one.number, one.type, UUID(one.organisation_id))
                for one in answer.customers
            ),
        )
