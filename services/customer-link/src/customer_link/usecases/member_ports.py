"""What the use cases around members need of the world."""

from collections.abc import Collection, Mapping
from datetime import datetime
from typing import Protocol
from uuid import UUID

from customer_link.domain.invitation import Invitation, InvitationState
from customer_link.domain.member import Member


class Members(Protocol):
    """Who belongs to an organisation, and why."""

    async def of(self, organisation_id: UUID) -> list[Member]:
        """Everybody, those who hold a number first, then by account."""
        ...

    async def hold_still(self, organisation_id: UUID) -> None:
        """Others who invite, name or leave wait until this transaction has ended."""
        ...

    async def name(self, organisation_id: UUID, account_id: UUID, by: UUID, at: datetime) -> None:
        """The account administers, as long as it is a member."""
        ...

    async def unname(self, organisation_id: UUID, account_id: UUID) -> None:
        """It administers no longer by having been named."""
        ...


class Invitations(Protocol):
    """Whom administrators invited."""

    async def add(self, invitation: Invitation) -> bool:
        """False when the address has an open invitation to the organisation."""
        ...

    async def get(self, invitation_id: UUID) -> Invitation | None: ...

    async def give_account(self, invitation_id: UUID, account_id: UUID) -> bool:
        """False when it is no longer open or has one already."""
        ...

    async def change(self, invitation: Invitation, state: InvitationState, at: datetime) -> bool:
        """False when it is no longer in the state in which it was read."""
        ...

    async def membership(self, organisation_id: UUID, account_id: UUID) -> Invitation | None:
        """The accepted one of an account."""
        ...

    async def waiting(self, organisation_id: UUID) -> list[Invitation]:
        """Open ones, the oldest first."""
        ...

    async def current(self, organisation_id: UUID, limit: int) -> list[Invitation]:
        """Open and accepted ones, the oldest first."""
        ...

    async def of_account(self, account_id: UUID) -> list[Invitation]:
        """Open and accepted ones, the oldest first."""
        ...

    async def sent_since(self, organisation_id: UUID, since: datetime) -> int: ...

    async def due(self, now: datetime, limit: int) -> list[Invitation]:
        """Those that are over by the clock; locked, and passing over those that another replica has."""
        ...

    async def forget(self, before: datetime) -> int:
        """Those that came to an end before; how many."""
        ...


class InvitationAnnouncements(Protocol):
    """What others are told about invitations and the accesses that they give."""

    async def invitee_wanted(self, invitation_id: UUID) -> None:
        """A job: identity is asked for the account of who was invited, and the invitation is mailed."""
        ...

    async def invitation_issued(self, invitation: Invitation) -> None: ...

    async def invitation_closed(self, invitation: Invitation) -> None:
        """Nobody can accept it any more, and nobody did."""
        ...

    async def access_granted(self, invitation: Invitation) -> None: ...

    async def access_ended(self, invitation: Invitation) -> None: ...


class Directory(Protocol):
    """Names of accounts, as a page shows them; they belong to identity."""

    async def names(self, account_ids: Collection[UUID]) -> Mapping[UUID, str]:
        """Lacks accounts that do not exist.

        Raises:
            DomainError: identity does not answer within 300 ms.
        """
        ...
