"""Stores of second factors in memory; each passes the contract suite of its port, as the real ones do."""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from uuid import UUID

from identity.domain.factors import Factors
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
    rows: dict[UUID, SecondFactor] = field(default_factory=dict)
    waiting: dict[UUID, Enrolment] = field(default_factory=dict)

    async def factors(self, account_id: UUID, *, lock: bool = False) -> Factors:
        codes = self.recovery_codes.rows.get(account_id, ())
        return Factors(app=account_id in self.rows, recovery_codes=len(codes))

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
