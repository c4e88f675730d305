"""What the pages of organisations share."""

from uuid import UUID

from customer_link.domain.customer import Organisation
from customer_link.usecases.organisation_rights import organisation_unknown
from customer_link.usecases.ports import Records


def members_path(organisation_id: UUID) -> str:
    """Where its members stand."""
    return f"/customers/organisations/{organisation_id}/members"


def read_organisation_id(text: str) -> UUID:
    """An id in an address; what is none is no organisation either."""
    try:
        return UUID(text)
    except ValueError:
        raise organisation_unknown() from None


async def organisation_of(organisation_id: UUID, records: Records) -> Organisation:
    """An organisation to which somebody belongs, so there is one."""
    [found] = await records.customers.organisations([organisation_id])
    return found
