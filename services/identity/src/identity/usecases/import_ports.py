"""What an import of accounts needs from the outer world."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import Protocol
from uuid import UUID


@dataclass(frozen=True, slots=True)
class Taken:
    """Which external ids, user names and claimed addresses are there already; the latter two in normal form."""

    external_ids: Collection[str] = ()
    usernames: Collection[str] = ()
    emails: Collection[str] = ()


class ImportStore(Protocol):
    """What an import asks of the accounts, for many lines at once."""

    async def taken(self, external_ids: Sequence[str], usernames: Sequence[str], emails: Sequence[str]) -> Taken:
        """Those that are taken; names and addresses come in normal form."""

    async def link(self, external_id: str, account_id: UUID) -> bool:
        """Remembers under which id the older system knows an account; False when the id is another's."""
