"""What all entry points share; the composition root fills it once."""

from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import timedelta

from chassis.database import Database, Transaction
from chassis.file_store import FileStore
from customer_link.usecases.import_lines import CustomerImportRules
from customer_link.usecases.issue_code import IssueMeans
from customer_link.usecases.link_customer import LinkRules
from customer_link.usecases.ports import Records


@dataclass(frozen=True, slots=True)
class Workplace:
    """`open` gives the stores of one transaction."""

    database: Database
    records: Callable[[Transaction], Records]
    rules: LinkRules
    types: Mapping[str, Mapping[str, str]]
    """Labels of the types of customer numbers by id and language."""
    data_max_age: timedelta
    issuing: IssueMeans
    code_valid_days: int
    """For how many days a code holds unless staff say otherwise."""
    letter_takes: timedelta
    """How long an ordered letter takes to arrive, as customers are told."""
    importing: CustomerImportRules
    files: FileStore
    documents_kept: timedelta
    """How long documents of a request are kept after its end."""

    @asynccontextmanager
    async def open(self) -> AsyncIterator[Records]:
        """A transaction; it is committed at the end of the block."""
        async with self.database.transaction() as tx:
            yield self.records(tx)
