"""Give the link of an open challenge to the one who mails it (DESIGN 4.12)."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from chassis.errors import DomainError, ErrorKind
from identity.domain.account import Account
from identity.domain.challenge import LINKED, Challenge, ChallengeState, Purpose
from identity.usecases.mail_password import mailed_password
from identity.usecases.open_link import link_token
from identity.usecases.ports import Clock, Records, Signer


@dataclass(frozen=True, slots=True)
class MailLink:
    """Path below the base URL, with its secret or with the generated password to use there, and until when."""

    path: str
    expires_at: datetime
    password: str = ""
    email: str = ""
    """Where the mail goes, if that is not the account's address."""


async def link_for_mail(challenge_id: UUID, *, records: Records, signer: Signer, clock: Clock) -> MailLink:
    """The same at every call while the challenge is open.

    Raises:
        DomainError: NOT_FOUND when there is none or its mail has no secret; CONFLICT `challenge_closed` once it is
            used, replaced or expired.
    """
    challenge = await records.challenges.get(challenge_id)
    if challenge is None or challenge.purpose not in LINKED | {Purpose.MAILED_PASSWORD}:
        raise DomainError(ErrorKind.NOT_FOUND, "challenge_unknown")
    link = _link(challenge, signer)
    over = challenge.state(clock()) is not ChallengeState.OPEN or await foreign_owner(challenge, records=records)
    if over or link is None:
        raise DomainError(ErrorKind.CONFLICT, "challenge_closed")
    return link


def _link(challenge: Challenge, signer: Signer) -> MailLink | None:
    if challenge.purpose is Purpose.MAILED_PASSWORD:
        password = mailed_password(challenge, signer)
        return MailLink("/login", challenge.expires_at, password) if password else None
    token = link_token(challenge, signer)
    return MailLink(f"/c/{token}", challenge.expires_at, email=challenge.email) if token else None


async def foreign_owner(challenge: Challenge, *, records: Records) -> Account | None:
    """The account that has the address which another one wants to be its own; its owner is told instead of linked."""
    if challenge.purpose is not Purpose.CONFIRM_EMAIL:
        return None
    owner = await records.accounts.find_claiming(challenge.email)
    return owner if owner and owner.id != challenge.account_id else None
