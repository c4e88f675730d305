"""What second factors need from the outer world. Every implementation passes the contract suite of its port."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol
from uuid import UUID

from identity.domain.factors import Factors
from identity.usecases.passkey_ports import PasskeyProtocol


@dataclass(frozen=True, slots=True)
class SecondFactor:
    """A sealed TOTP secret and the last step accepted."""

    account_id: UUID
    key_id: str
    sealed: bytes
    last_step: int


@dataclass(frozen=True, slots=True)
class Enrolment:
    """A sealed TOTP secret that counts for nothing until a code of it has been given."""

    account_id: UUID
    key_id: str
    sealed: bytes
    started_at: datetime


class SecondFactorStore(Protocol):
    """TOTP secrets, sealed; one for each account, and one more that waits for its first code."""

    async def factors(self, account_id: UUID, *, lock: bool = False) -> Factors:
        """What the account has; `lock` lets nobody else change it before the transaction ends."""

    async def get(self, account_id: UUID) -> SecondFactor | None:
        """The factor of this account."""

    async def add(self, factor: SecondFactor) -> None:
        """Keeps a new one; nothing when the account has one."""

    async def put(self, factor: SecondFactor) -> None:
        """Keeps it in place of the one that the account had, and ends its enrolment."""

    async def remove(self, account_id: UUID) -> bool:
        """Whether there was one."""

    async def accept_step(self, account_id: UUID, step: int) -> bool:
        """Uses a step up. False when it or a later one was used before; of two at once, one gets True."""

    async def begin(self, enrolment: Enrolment) -> None:
        """Keeps a secret that waits, in place of an earlier one."""

    async def enrolment(self, account_id: UUID) -> Enrolment | None:
        """The secret that waits, however old."""

    async def delete_enrolments(self, before: datetime) -> int:
        """Deletes those that began before that time; returns how many."""


class RecoveryCodeStore(Protocol):
    """Unused recovery codes, as keyed hashes."""

    async def replace(self, account_id: UUID, digests: Sequence[bytes]) -> None:
        """Keeps these and forgets all earlier ones."""

    async def use(self, account_id: UUID, digests: Sequence[bytes]) -> bool:
        """Uses up the one that has any of these digests, which differ by key; of two at once, one gets True."""


class FactorKeys(Protocol):
    """Seals TOTP secrets and hashes recovery codes."""

    current: str

    def seal(self, secret: bytes, bound_to: bytes) -> bytes:
        """Ciphertext under the current key that opens only with the same `bound_to`."""

    def unseal(self, key_id: str, sealed: bytes, bound_to: bytes) -> bytes | None:
        """The secret; None when key, binding or ciphertext are not right."""

    def macs(self, label: str, message: bytes) -> list[bytes]:
        """32 bytes for each key, the current one first."""


@dataclass(frozen=True, slots=True)
class Verifiers:
    """With what a given factor is verified."""

    keys: FactorKeys
    protocol: PasskeyProtocol
