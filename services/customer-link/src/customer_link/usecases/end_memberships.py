"""An account is closed: its links, its being a contact, its invitations and its requests end."""

from uuid import UUID

from customer_link.domain.invitation import InvitationState
from customer_link.domain.link_request import Act, Step
from customer_link.usecases.end_access import finish
from customer_link.usecases.handle_request import handle_request
from customer_link.usecases.ports import Clock, Records
from customer_link.usecases.remove_contact import end_contact
from customer_link.usecases.unlink_customer import unlink_customer


async def end_memberships(account_id: UUID, *, records: Records, clock: Clock) -> None:
    """Ends whatever the account may act for."""
    for linked in await records.links.linked(account_id):
        await unlink_customer(account_id, linked.customer.id, records=records, clock=clock)
    for contact in await records.contacts.of_account(account_id):
        await end_contact(contact, records=records, clock=clock)
    for invitation in await records.invitations.of_account(account_id):
        accepted = invitation.state is InvitationState.ACCEPTED
        state = InvitationState.ENDED if accepted else InvitationState.DECLINED
        await finish(invitation, state, records=records, now=clock())
    for request_id in await records.requests.waiting_for(account_id):
        await handle_request(Step(request_id, Act.WITHDRAW, clock(), account_id), records=records)
