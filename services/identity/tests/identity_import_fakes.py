"""The fake of what an import asks; passes contract/test_import_store.py."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Protocol
from uuid import UUID

from identity.domain.account import CLAIMING, Account, AccountState
from identity.domain.normal_form import normal_key
from identity.usecases.import_ports import Taken


class HasRows(Protocol):
    """The accounts in memory."""

    rows: dict[UUID, Account]


@dataclass
class FakeImportStore:
    accounts: HasRows
    external_ids: dict[str, UUID] = field(default_factory=dict)

    async def taken(self, external_ids: Sequence[str], usernames: Sequence[str], emails: Sequence[str]) -> Taken:
        rows = self.accounts.rows.values()
        names = {normal_key(row.username) for row in rows if not _gives_way(row)}
        mails = {normal_key(row.email) for row in rows if row.state in CLAIMING}
        return Taken(
            self.external_ids.keys() & set(external_ids), names.intersection(usernames), mails.intersection(emails)
        )

    async def link(self, external_id: str, account_id: UUID) -> bool:
        return self.external_ids.setdefault(external_id, account_id) == account_id


def _gives_way(row: Account) -> bool:
    return row.state is AccountState.CLOSED and normal_key(row.username) == normal_key(row.email)
