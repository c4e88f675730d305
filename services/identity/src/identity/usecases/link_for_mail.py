"""Give the link of an open challenge to the one who mails it (DESIGN 4.12)."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from chassis.errors import DomainError, ErrorKind
from identity.domain.challenge import LINKED, ChallengeState
from identity.usecases.open_link import link_token
from identity.usecases.ports import Clock, Records, Signer


@dataclass(frozen=True, slots=True)
class MailLink:
    """Path below the base URL, with its secret, and until when it works."""

    path: str
    expires_at: datetime


async def link_for_mail(challenge_id: UUID, *, records: Records, signer: Signer, clock: Clock) -> MailLink:
    """The same path at every call while the challenge is open.

    Raises:
        DomainError: NOT_FOUND when there is none or its mail has no link; CONFLICT `challenge_closed` once it is
            used, replaced or expired.
    """
    challenge = await records.challenges.get(challenge_id)
    if challenge is None or challenge.purpose not in LINKED:
        raise DomainError(ErrorKind.NOT_FOUND, "challenge_unknown")
    token = link_token(challenge, signer)
    if challenge.state(clock()) is not ChallengeState.OPEN or token is None:
        raise DomainError(ErrorKind.CONFLICT, "challenge_closed")
    return MailLink(f"/c/{token}", challenge.expires_at)
