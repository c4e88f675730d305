"""MembershipService: whose customer an account is, and whom else to let see."""

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from kundenportal.customer_link.v1 import membership_service_pb2 as messages
from kundenportal.customer_link.v1.membership_service_pb2_grpc import MembershipServiceServicer

from customer_link.domain.customer import Customer, HeldNumber, Organisation
from customer_link.domain.customer_number import number_key
from customer_link.entrypoints.ids import read_id, read_ids
from customer_link.entrypoints.workplace import Workplace

_MOST_LINKS = 100


class MembershipServicer(MembershipServiceServicer):
    """Asked by services that keep the answer for a moment; `membership.changed` makes them forget it."""

    def __init__(self, workplace: Workplace) -> None:
        self._workplace = workplace

    async def GetMembership(  # noqa: N802 - the name of the RPC
        self, request: messages.GetMembershipRequest, _context: Any
    ) -> messages.GetMembershipResponse:
        """All that an account may act for; empty for a stranger."""
        account_id = read_id(request.account_id)
        async with self._workplace.open() as records:
            membership = await records.memberships.of(account_id)
        return messages.GetMembershipResponse(
            organisations=[_organisation(each) for each in membership.organisations],
            customers=[_customer(each) for each in membership.customers],
        )

    async def ListMembers(  # noqa: N802 - the name of the RPC
        self, request: messages.ListMembersRequest, _context: Any
    ) -> messages.ListMembersResponse:
        """The accounts of an organisation now."""
        async with self._workplace.open() as records:
            members = await records.memberships.members(read_id(request.organisation_id))
        return messages.ListMembersResponse(account_ids=[str(account_id) for account_id in members])

    async def BatchGetOrganisations(  # noqa: N802 - the name of the RPC
        self, request: messages.BatchGetOrganisationsRequest, _context: Any
    ) -> messages.BatchGetOrganisationsResponse:
        """Names of organisations."""
        ids = read_ids(request.organisation_ids)
        async with self._workplace.open() as records:
            found = await records.customers.organisations(ids)
        return messages.BatchGetOrganisationsResponse(organisations=[_organisation(each) for each in found])

    async def ListLinks(  # noqa: N802 - the name of the RPC
        self, request: messages.ListLinksRequest, _context: Any
    ) -> messages.ListLinksResponse:
        """What an account holds and held, and for whom it is a contact."""
        account_id = read_id(request.account_id)
        async with self._workplace.open() as records:
            held = await records.links.ever_held(account_id, _MOST_LINKS)
            owners = await records.customers.organisations({each.customer.organisation_id for each in held})
            membership = await records.memberships.of(account_id)
        names = {owner.id: owner.name for owner in owners}
        holding = {each.customer.organisation_id for each in held if each.ended_at is None}
        return messages.ListLinksResponse(
            links=[_link(each, names) for each in held],
            contact_of=[_organisation(each) for each in membership.organisations if each.id not in holding],
        )

    async def FindHolders(  # noqa: N802 - the name of the RPC
        self, request: messages.FindHoldersRequest, _context: Any
    ) -> messages.FindHoldersResponse:
        """Who holds a number, as somebody on the telephone says it."""
        key = number_key(request.number)
        async with self._workplace.open() as records:
            holders = await records.links.holders(key) if key else []
        return messages.FindHoldersResponse(account_ids=[str(account_id) for account_id in holders])


def _link(of: HeldNumber, names: Mapping[UUID, str]) -> messages.Link:
    link = messages.Link(customer=_customer(of.customer), organisation_name=names.get(of.customer.organisation_id, ""))
    link.start_time.FromDatetime(of.linked_at)
    if of.ended_at:
        link.end_time.FromDatetime(of.ended_at)
    return link


def _organisation(of: Organisation) -> messages.Organisation:
    return messages.Organisation(organisation_id=str(of.id), name=of.name)


def _customer(of: Customer) -> messages.Customer:
    return messages.Customer(
        customer_id=str(of.id), number=of.number, type=of.type, organisation_id=str(of.organisation_id)
    )
