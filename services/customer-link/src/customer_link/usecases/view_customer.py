"""The numbers that an account holds, with their data (A11, A16)."""

from uuid import UUID

from customer_link.domain.customer import LinkedCustomer
from customer_link.usecases.ports import Records


async def list_customers(account_id: UUID, *, records: Records) -> list[LinkedCustomer]:
    """All of the account, in the order of linking; brands allow a handful, so there is one page."""
    return await records.links.active_of_account(account_id)


async def view_customer(account_id: UUID, customer_id: UUID, *, records: Records) -> LinkedCustomer | None:
    """One of them; None for others' numbers as for numbers that do not exist (Z02)."""
    held = await records.links.active_of_account(account_id)
    return next((linked for linked in held if linked.customer.id == customer_id), None)
