"""What passkeys need from the outer world. Every implementation passes the contract suite of its port."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Protocol
from uuid import UUID

from identity.domain.account import Account
from identity.domain.passkey import Ceremony, CeremonyPurpose, Passkey


class PasskeyStore(Protocol):
    """Passkeys of accounts; a credential id belongs to one account alone."""

    async def add(self, passkey: Passkey) -> bool:
        """False, and nothing done, when the credential id is known."""

    async def find(self, credential_id: bytes) -> Passkey | None:
        """The passkey of this credential id, whosever it is."""

    async def of_account(self, account_id: UUID) -> list[Passkey]:
        """All of one account, the oldest first."""

    async def accept(self, passkey_id: UUID, sign_count: int, now: datetime) -> bool:
        """Notes a use. False when the count is not higher than the one kept; of two at once, one gets True."""

    async def rename(self, account_id: UUID, passkey_id: UUID, name: str) -> bool:
        """Whether the account has it."""

    async def remove(self, account_id: UUID, passkey_id: UUID) -> bool:
        """Whether the account had it."""


class CeremonyStore(Protocol):
    """Challenges that wait for their answer."""

    async def add(self, ceremony: Ceremony) -> None:
        """Keeps a new one."""

    async def take(
        self, ceremony_id: UUID, purpose: CeremonyPurpose, account_id: UUID | None, now: datetime
    ) -> bytes | None:
        """Its challenge, which is gone with that; None when there is none for this purpose and account."""

    async def delete_expired(self, now: datetime) -> int:
        """Deletes those past their time; returns how many."""


@dataclass(frozen=True, slots=True)
class NewCredential:
    """What a device says of a key pair that it has just made."""

    credential_id: bytes
    public_key: bytes
    sign_count: int


@dataclass(frozen=True, slots=True)
class Assertion:
    """Which passkey somebody used, as the unverified answer says."""

    credential_id: bytes
    user_handle: bytes | None


class PasskeyProtocol(Protocol):
    """The messages of WebAuthn, for one relying party and origin. User verification is always required."""

    def creation_options(self, account: Account, challenge: bytes, known: Sequence[Passkey]) -> Mapping[str, Any]:
        """What `navigator.credentials.create` is asked, as JSON; devices with a known passkey make no second one."""

    def request_options(self, challenge: bytes, allowed: Sequence[Passkey]) -> Mapping[str, Any]:
        """What `navigator.credentials.get` is asked, as JSON; any passkey if none is named."""

    def read_new(self, credential: str, challenge: bytes) -> NewCredential | None:
        """The verified key pair, None when anything is not right."""

    def read_assertion(self, credential: str) -> Assertion | None:
        """Whom to look up, before anything is verified; None when it is no answer at all."""

    def verify(self, credential: str, challenge: bytes, passkey: Passkey) -> int | None:
        """The new sign count, None when anything is not right: challenge, origin, party, signature, count."""
