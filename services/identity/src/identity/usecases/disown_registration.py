"""Delete a registration that somebody else made with my address ("Das war ich nicht")."""

from chassis.errors import DomainError, ErrorKind
from identity.usecases.open_link import OpenedLink
from identity.usecases.ports import Clock, Records


async def disown_registration(link: OpenedLink, *, records: Records, clock: Clock) -> None:
    """Deletes the account with its challenges.

    Raises:
        DomainError: NOT_FOUND `link_over` when it was used or confirmed meanwhile.
    """
    used = await records.challenges.use(link.challenge.id, clock())
    if not used or not await records.accounts.delete_unconfirmed(link.account.id):
        raise DomainError(ErrorKind.NOT_FOUND, "link_over")
    await records.throttles.clear_account(link.account.id)
    await records.announcements.account_closed(link.account.id)
