"""Ask a passkey something, and take the answer to what was asked: once, for one purpose, within five minutes."""

from uuid import UUID

from chassis.errors import DomainError, ErrorKind
from identity.domain.passkey import CEREMONY_LIFETIME, Ceremony, CeremonyPurpose
from identity.usecases.ports import Records
from identity.usecases.start_session import SessionRules


async def begin_ceremony(
    purpose: CeremonyPurpose, account_id: UUID | None, *, records: Records, rules: SessionRules
) -> Ceremony:
    """A new challenge; `account_id` is None where the passkey is to say whose it is."""
    ceremony = Ceremony(
        id=rules.new_id(),
        purpose=purpose,
        account_id=account_id,
        challenge=rules.new_token(),
        expires_at=rules.clock() + CEREMONY_LIFETIME,
    )
    await records.ceremonies.add(ceremony)
    return ceremony


async def take_challenge(
    ceremony: str, purpose: CeremonyPurpose, account_id: UUID | None, *, records: Records, rules: SessionRules
) -> bytes:
    """The challenge, which is used up with that; in a transaction of its own, whatever the answer is worth.

    Raises:
        DomainError: INVALID `passkey_refused`.
    """
    try:
        ceremony_id = UUID(ceremony)
    except ValueError as error:
        raise passkey_refused() from error
    challenge = await records.ceremonies.take(ceremony_id, purpose, account_id, rules.clock())
    if challenge is None:
        raise passkey_refused()
    return challenge


def passkey_refused() -> DomainError:
    """One answer for everything that may be wrong with a passkey's answer (A16)."""
    return DomainError(ErrorKind.INVALID, "passkey_refused", fields={"": "passkey_refused"})
