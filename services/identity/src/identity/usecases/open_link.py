"""Open a mailed link: whose it is and what it is for. Changes nothing (A06, DESIGN 4.20)."""

import hmac
from dataclasses import dataclass

from identity.domain.account import Account
from identity.domain.challenge import LINKED, Challenge, ChallengeState
from identity.domain.link_token import pack, unpack
from identity.usecases.ports import Clock, Records, Signer

_LABEL = "link"


@dataclass(frozen=True, slots=True)
class OpenedLink:
    """An authentic link, its state now, and the account that it is about."""

    challenge: Challenge
    state: ChallengeState
    account: Account


def link_token(challenge: Challenge, signer: Signer) -> str | None:
    """The secret of a challenge's link, the same at every call; None when its key is gone (ADR 0011)."""
    mac = signer.mac(_LABEL, challenge.purpose.encode() + challenge.id.bytes, key_id=challenge.key_id)
    return pack(challenge.id, mac) if mac else None


async def open_link(token: str, *, records: Records, signer: Signer, clock: Clock) -> OpenedLink | None:
    """What a secret opens; None when it is none of ours or its account is gone."""
    unpacked = unpack(token)
    challenge = await records.challenges.get(unpacked[0]) if unpacked else None
    if challenge is None or challenge.account_id is None or challenge.purpose not in LINKED:
        return None
    expected = link_token(challenge, signer)
    if expected is None or not hmac.compare_digest(expected.encode(), token.encode()):
        return None
    account = await records.accounts.get(challenge.account_id)
    return OpenedLink(challenge, challenge.state(clock()), account) if account else None
