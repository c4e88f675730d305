"""Who may see and administer an organisation (ADR 0018)."""

from dataclasses import dataclass
from uuid import UUID

from chassis.errors import DomainError, ErrorKind
from customer_link.domain.member import Member
from customer_link.usecases.ports import Records


@dataclass(frozen=True, slots=True)
class Standing:
    """An account within an organisation."""

    mine: Member
    members: tuple[Member, ...]

    def member(self, account_id: UUID) -> Member | None:
        """Somebody of the organisation."""
        return next((one for one in self.members if one.account_id == account_id), None)


async def belonging(account_id: UUID, organisation_id: UUID, *, records: Records) -> Standing:
    """How a member stands.

    Raises:
        DomainError: NOT_FOUND for everybody else, as for an organisation that does not exist.
    """
    members = tuple(await records.members.of(organisation_id))
    mine = next((one for one in members if one.account_id == account_id), None)
    if mine is None:
        raise organisation_unknown()
    return Standing(mine, members)


async def administering(account_id: UUID, organisation_id: UUID, *, records: Records) -> Standing:
    """How an administrator stands.

    Raises:
        DomainError: FORBIDDEN for other members, NOT_FOUND for everybody else.
    """
    standing = await belonging(account_id, organisation_id, records=records)
    if not standing.mine.administers:
        raise DomainError(ErrorKind.FORBIDDEN, "not_administrator", "Only administrators of the organisation may.")
    return standing


def organisation_unknown() -> DomainError:
    """The one answer for organisations of others, unknown ones, and what is no id (Z02)."""
    return DomainError(ErrorKind.NOT_FOUND, "organisation_unknown", "There is no such organisation.")
