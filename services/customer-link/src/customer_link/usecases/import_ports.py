"""What imports need of the world; one contract suite holds fake and real store to it."""

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from typing import Protocol
from uuid import UUID

from customer_link.domain.contact import Contact
from customer_link.domain.customer import Customer, Organisation
from customer_link.domain.customer_data import CustomerData
from customer_link.domain.customer_import import CustomerImportFile, ImportPhase
from customer_link.usecases.import_lines import BadLine, FileLine


class CustomerImports(Protocol):
    """What an import asks and changes, for many lines in one statement."""

    async def begin(self) -> None:
        """Other imports wait until this transaction has ended: names of organisations are not unique by themselves."""
        ...

    async def organisations(self, name_keys: Collection[str]) -> Mapping[str, Sequence[UUID]]:
        """Those that have one of these names, by its compared form."""
        ...

    async def customers(self, number_keys: Collection[str]) -> Mapping[str, Customer]:
        """Known numbers by their compared form."""
        ...

    async def contacts(self, email_keys: Collection[str]) -> Mapping[tuple[UUID, str], UUID]:
        """Those who are named already, by organisation and address."""
        ...

    async def hold_still(self, customer_ids: Collection[UUID]) -> None:
        """Others who change these numbers or their data wait until this transaction has ended."""
        ...

    async def data(self, customer_ids: Collection[UUID]) -> Mapping[UUID, CustomerData]:
        """Those that are held."""
        ...

    async def add(self, organisations: Sequence[Organisation], customers: Sequence[Customer]) -> None:
        """New ones; a number that came meanwhile stays as it is."""
        ...

    async def name(self, contacts: Sequence[Contact]) -> Collection[UUID]:
        """New contact persons; those that were added, as one may have come meanwhile."""
        ...

    async def unname(self, contact_ids: Collection[UUID], at: datetime) -> list[Contact]:
        """They are named no longer, and administer no longer by that; those who were until now."""
        ...

    async def put_data(
        self, data: Mapping[UUID, CustomerData], *, at: datetime, refresh_at: datetime
    ) -> Collection[UUID]:
        """Whose data are now these: not those of whom there is nothing, nor whose are newer.

        Nobody is asked for them until then, and nobody at all for numbers that nobody holds.
        """
        ...


class ImportFiles(Protocol):
    """Files that staff handed in, with their lines as long as those are needed."""

    async def add(self, file: CustomerImportFile) -> None:
        """Keeps a new one, still without lines."""
        ...

    async def add_lines(self, import_id: UUID, position: int, lines: Sequence[FileLine]) -> None:
        """The next ones; `position` says how many came before."""
        ...

    async def count(self, import_id: UUID, lines: int) -> None:
        """Notes how many lines it has."""
        ...

    async def get(self, import_id: UUID) -> CustomerImportFile | None: ...

    async def lock(self, import_id: UUID) -> CustomerImportFile | None:
        """The same; others who want to change it wait until this transaction has ended."""
        ...

    async def recent(self, limit: int) -> list[CustomerImportFile]:
        """The newest first."""
        ...

    async def lines(self, import_id: UUID, position: int) -> tuple[list[FileLine], list[BadLine]]:
        """Lines that were added under a position, as far as they are still there, and what is known to be wrong."""
        ...

    async def first_bad(self, import_id: UUID, limit: int) -> list[BadLine]:
        """What is wrong, in the order of the file."""
        ...

    async def bad_lines(self, import_id: UUID, after: int) -> tuple[int, list[FileLine], list[BadLine]] | None:
        """The first bad ones that were added under a later position than this, and that position."""
        ...

    async def note(self, import_id: UUID, position: int, bad: Sequence[BadLine]) -> None:
        """What is wrong with the lines of this position."""
        ...

    async def keep_only_bad(self, import_id: UUID, position: int, bad: Sequence[BadLine]) -> None:
        """The same; the lines with which nothing is wrong are erased."""
        ...

    async def progress(self, import_id: UUID, done: int, counts: Mapping[str, int]) -> None: ...

    async def begin_import(self, import_id: UUID, by: UUID) -> bool:
        """From checked to importing, the count of refused lines stays; of two clicks at once, one gets True."""
        ...

    async def finish(self, import_id: UUID, phase: ImportPhase, at: datetime) -> bool:
        """Ends it, or a phase of it. With DROPPED the lines go, and only from a phase before importing; else False."""
        ...

    async def erase_lines(self, before: datetime) -> int:
        """Erases what is left of files handed in before; those that are not done are dropped. How many files."""
        ...

    async def forget(self, before: datetime) -> int:
        """Forgets that files were handed in before; how many."""
        ...
