"""Stores of second factors in memory; each passes the contract suite of its port, as the real ones do."""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from uuid import UUID

from identity.domain.factors import Factors
from identity.domain.passkey import Ceremony, CeremonyPurpose, Passkey
from identity.usecases.factor_ports import Enrolment, SecondFactor


@dataclass
class FakeRecoveryCodeStore:
    rows: dict[UUID, set[bytes]] = field(default_factory=dict)

    async def replace(self, account_id: UUID, digests: Sequence[bytes]) -> None:
        self.rows[account_id] = set(digests)

    async def use(self, account_id: UUID, digests: Sequence[bytes]) -> bool:
        mine = self.rows.get(account_id, set())
        used = mine.intersection(digests)
        mine.difference_update(used)
        return bool(used)


@dataclass
class FakeSecondFactorStore:
    recovery_codes: FakeRecoveryCodeStore
    passkeys: "FakePasskeyStore"
    rows: dict[UUID, SecondFactor] = field(default_factory=dict)
    waiting: dict[UUID, Enrolment] = field(default_factory=dict)

    async def factors(self, account_id: UUID, *, lock: bool = False) -> Factors:
        codes = self.recovery_codes.rows.get(account_id, ())
        passkeys = await self.passkeys.of_account(account_id)
        return Factors(app=account_id in self.rows, passkeys=len(passkeys), recovery_codes=len(codes))

    async def get(self, account_id: UUID) -> SecondFactor | None:
        return self.rows.get(account_id)

    async def add(self, factor: SecondFactor) -> None:
        self.rows.setdefault(factor.account_id, factor)

    async def put(self, factor: SecondFactor) -> None:
        self.rows[factor.account_id] = factor
        self.waiting.pop(factor.account_id, None)

    async def remove(self, account_id: UUID) -> bool:
        return self.rows.pop(account_id, None) is not None

    async def accept_step(self, account_id: UUID, step: int) -> bool:
        row = self.rows.get(account_id)
        if row is None or row.last_step >= step:
            return False
        self.rows[account_id] = replace(row, last_step=step)
        return True

    async def begin(self, enrolment: Enrolment) -> None:
        self.waiting[enrolment.account_id] = enrolment

    async def enrolment(self, account_id: UUID) -> Enrolment | None:
        return self.waiting.get(account_id)

    async def delete_enrolments(self, before: datetime) -> int:
        old = [row.account_id for row in self.waiting.values() if row.started_at < before]
        for account_id in old:
            del self.waiting[account_id]
        return len(old)


@dataclass
class FakePasskeyStore:
    rows: dict[UUID, Passkey] = field(default_factory=dict)

    async def add(self, passkey: Passkey) -> bool:
        if await self.find(passkey.credential_id):
            return False
        self.rows[passkey.id] = passkey
        return True

    async def find(self, credential_id: bytes) -> Passkey | None:
        return next((row for row in self.rows.values() if row.credential_id == credential_id), None)

    async def of_account(self, account_id: UUID) -> list[Passkey]:
        mine = [row for row in self.rows.values() if row.account_id == account_id]
        return sorted(mine, key=lambda row: (row.created_at, row.id))

    async def accept(self, passkey_id: UUID, sign_count: int, now: datetime) -> bool:
        row = self.rows[passkey_id]
        if (row.sign_count, sign_count) != (0, 0) and sign_count <= row.sign_count:
            return False
        self.rows[passkey_id] = replace(row, sign_count=sign_count, last_used_at=now)
        return True

    async def rename(self, account_id: UUID, passkey_id: UUID, name: str) -> bool:
        row = self.rows.get(passkey_id)
        if row is None or row.account_id != account_id:
            return False
        self.rows[passkey_id] = replace(row, name=name)
        return True

    async def remove(self, account_id: UUID, passkey_id: UUID) -> bool:
        row = self.rows.get(passkey_id)
        if row is None or row.account_id != account_id:
            return False
        del self.rows[passkey_id]
        return True


@dataclass
class FakeCeremonyStore:
    rows: dict[UUID, Ceremony] = field(default_factory=dict)

    async def add(self, ceremony: Ceremony) -> None:
        self.rows[ceremony.id] = ceremony

    async def take(
        self, ceremony_id: UUID, purpose: CeremonyPurpose, account_id: UUID | None, now: datetime
    ) -> bytes | None:
        row = self.rows.get(ceremony_id)
        if row is None or (row.purpose, row.account_id) != (purpose, account_id) or row.expires_at <= now:
            return None
        return self.rows.pop(ceremony_id).challenge

    async def delete_expired(self, now: datetime) -> int:
        old = [row.id for row in self.rows.values() if row.expires_at <= now]
        for ceremony_id in old:
            del self.rows[ceremony_id]
        return len(old)
