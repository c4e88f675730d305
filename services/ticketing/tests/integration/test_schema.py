"""What the database itself refuses, and that the tables of the code are those of the migrations."""

from typing import Any

import pytest
from sqlalchemy import Connection, Executable, insert, inspect
from sqlalchemy.exc import IntegrityError

from chassis.database import Database, violated
from portal_fixtures import DatabaseFactory
from ticketing.adapters.tables import entries, metadata, tickets
from ticketing.adapters.ticket_rows import values_of
from ticketing.domain.ticket_state import TicketState
from ticketing.domain.visibility import Visibility
from ticketing_builders import AGENT, NOON, a_ticket


async def keep(database: Database, *statements: Executable) -> None:
    async with database.transaction() as tx:
        for statement in statements:
            await tx.execute(statement)


@pytest.mark.parametrize(
    ("changes", "constraint"),
    [
        ({"visibility": "everybody"}, "tickets_visibility_known"),
        ({"state": "lost"}, "tickets_state_known"),
        ({"organisation_id": None, "visibility": Visibility.ORGANISATION.value}, "tickets_shared_with_somebody"),
        ({"state": TicketState.DUPLICATE.value}, "tickets_duplicate_named"),
        ({"duplicate_of": a_ticket().id, "state": TicketState.DUPLICATE.value}, "tickets_duplicate_of"),
    ],
)
async def test_a_ticket_that_cannot_be(
    database_factory: DatabaseFactory, changes: dict[str, Any], constraint: str
) -> None:
    database = await database_factory("ticketing")
    with pytest.raises(IntegrityError) as caught:
        await keep(database, insert(tickets).values(**(values_of(a_ticket()) | changes), search=""))
    assert violated(caught.value) == constraint


async def test_a_number_is_given_once(database_factory: DatabaseFactory) -> None:
    database = await database_factory("ticketing")
    twins = [insert(tickets).values(**values_of(ticket), search="") for ticket in (a_ticket(1), a_ticket(1))]
    with pytest.raises(IntegrityError) as caught:
        await keep(database, *twins)
    assert violated(caught.value) == "tickets_number"


async def test_a_customer_writes_no_note(database_factory: DatabaseFactory) -> None:
    database, ticket = await database_factory("ticketing"), a_ticket()
    note = {"id": AGENT, "ticket_id": ticket.id, "position": 1, "kind": "note", "text": "x", "created_at": NOON}
    statements = [
        insert(tickets).values(**values_of(ticket), search=""),
        insert(entries).values(**note, author_id=AGENT, by_staff=False),
    ]
    with pytest.raises(IntegrityError) as caught:
        await keep(database, *statements)
    assert violated(caught.value) == "entries_note_by_staff"


async def test_the_code_knows_the_columns_of_the_migrations(database_factory: DatabaseFactory) -> None:
    def columns(connection: Connection) -> dict[str, list[str]]:
        found = inspect(connection)
        return {name: [column["name"] for column in found.get_columns(name)] for name in metadata.tables}

    database = await database_factory("ticketing")
    async with database.transaction() as tx:
        migrated = await tx.run_sync(columns)
    assert migrated == {name: [column.name for column in table.columns] for name, table in metadata.tables.items()}
