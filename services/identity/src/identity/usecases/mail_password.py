"""Mail a generated password (M5 `mailed`) to whoever pressed the button behind a reset link."""

from chassis.errors import DomainError, ErrorKind
from identity.domain.challenge import Challenge, Purpose
from identity.domain.mailed_password import spell
from identity.usecases.issue_challenge import issue_challenge
from identity.usecases.open_link import OpenedLink
from identity.usecases.ports import Clock, NewId, Records, Signer

_LABEL = "mailed password"


async def mail_password(link: OpenedLink, *, records: Records, key_id: str, clock: Clock, new_id: NewId) -> None:
    """Uses the link up and issues the password. The old one works until the generated one is used.

    Raises:
        DomainError: NOT_FOUND `link_over` when the link was used meanwhile or the account may not.
    """
    account = await records.accounts.get(link.account.id, lock=True)
    used = await records.challenges.use(link.challenge.id, clock())
    if not used or account is None or not account.can_choose_password:
        raise DomainError(ErrorKind.NOT_FOUND, "link_over")
    await issue_challenge(
        account.id, Purpose.MAILED_PASSWORD, records=records, key_id=key_id, clock=clock, new_id=new_id
    )


def mailed_password(challenge: Challenge, signer: Signer) -> str | None:
    """The password of a challenge, the same at every call and kept nowhere; None when its key is gone (ADR 0011)."""
    mac = signer.mac(_LABEL, challenge.purpose.encode() + challenge.id.bytes, key_id=challenge.key_id)
    return spell(mac) if mac else None
