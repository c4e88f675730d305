"""MembershipService: whose customer an account is, and whom else to let see."""

from typing import Any

from kundenportal.customer_link.v1 import membership_service_pb2 as messages
from kundenportal.customer_link.v1.membership_service_pb2_grpc import MembershipServiceServicer

from customer_link.domain.customer import Customer, Organisation
from customer_link.entrypoints.ids import read_id, read_ids
from customer_link.entrypoints.workplace import Workplace


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


def _organisation(of: Organisation) -> messages.Organisation:
    return messages.Organisation(organisation_id=str(of.id), name=of.name)


def _customer(of: Customer) -> messages.Customer:
    return messages.Customer(
        customer_id=str(of.id), number=of.number, type=of.type, organisation_id=str(of.organisation_id)
    )
