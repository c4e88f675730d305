"""`/staff/customers/{id}/invitations/{invitation}/end`: staff help where nobody of the organisation can (ADR 0018)."""

from fastapi import APIRouter, Request, Response

from customer_link.domain.customer import Customer
from customer_link.domain.invitation import Invitation
from customer_link.entrypoints.pages.directory.site import CustomerStaff
from customer_link.entrypoints.pages.site import Site, customer_unknown, read_customer_id, see_other
from customer_link.usecases.end_access import end_for_staff
from customer_link.usecases.ports import Records

_PATH = "/staff/customers/{customer_id}/invitations/{invitation_id}/end"


class StaffInvitedPages:
    """Asks once more, then ends an access that an administrator gave, or takes an open invitation back."""

    def __init__(self, site: Site) -> None:
        self._site = site
        self._workplace = site.workplace
        self.router = APIRouter()
        self.router.add_api_route(_PATH, self.ask, methods=["GET"])
        self.router.add_api_route(_PATH, self.end, methods=["POST"])

    async def ask(self, request: Request, _caller: CustomerStaff, customer_id: str, invitation_id: str) -> Response:
        """Says what it means before it is done."""
        async with self._workplace.open() as records:
            customer, invitation = await _wanted(customer_id, invitation_id, records)
        return self._site.render(request, "directory/end_access.html", customer=customer, invitation=invitation)

    async def end(self, _caller: CustomerStaff, customer_id: str, invitation_id: str) -> Response:
        """Out everywhere within a second; again without effect."""
        async with self._workplace.open() as records:
            customer, invitation = await _wanted(customer_id, invitation_id, records)
            await end_for_staff(invitation, records=records, now=self._workplace.rules.clock())
        return see_other(f"/staff/customers/{customer.id}?notice=access_ended")


async def _wanted(customer_id: str, invitation_id: str, records: Records) -> tuple[Customer, Invitation]:
    customer = await records.customers.get(read_customer_id(customer_id))
    invitation = await records.invitations.get(read_customer_id(invitation_id))
    if customer is None or invitation is None or invitation.organisation_id != customer.organisation_id:
        raise customer_unknown()
    return customer, invitation
