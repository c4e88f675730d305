"""The tables of the service's own database, beside those of the chassis."""

from sqlalchemy import (
    BigInteger,
    Boolean,
    Column,
    Date,
    DateTime,
    Integer,
    MetaData,
    Sequence,
    SmallInteger,
    Table,
    Text,
    Uuid,
)
from sqlalchemy.dialects.postgresql import TSVECTOR

metadata = MetaData()
_TIME = DateTime(timezone=True)

# `number` is TicketNumber.value. `search` has the words of subject and description, and as lexemes of
# their own the reporter and the organisation, so that one GIN index finds words within somebody's tickets.
tickets = Table(
    "tickets",
    metadata,
    Column("id", Uuid, primary_key=True),
    Column("number", BigInteger, nullable=False),
    Column("kind", Text, nullable=False),
    Column("subject", Text, nullable=False),
    Column("state", Text, nullable=False),
    Column("visibility", Text, nullable=False),
    Column("reporter_id", Uuid, nullable=False),
    Column("organisation_id", Uuid),
    Column("customer_id", Uuid),
    Column("assignee_id", Uuid),
    Column("answer_due", Date),
    Column("duplicate_of", Uuid),
    Column("follows", Uuid),
    Column("opened_at", _TIME, nullable=False),
    Column("updated_at", _TIME, nullable=False),
    Column("state_since", _TIME, nullable=False),
    Column("search", TSVECTOR, nullable=False),
)

# The history: comments, steps and, for staff alone, notes and assignments. Never changed, only added to.
entries = Table(
    "entries",
    metadata,
    Column("id", Uuid, primary_key=True),
    Column("ticket_id", Uuid, nullable=False),
    Column("position", Integer, nullable=False),
    Column("kind", Text, nullable=False),
    Column("author_id", Uuid),
    Column("by_staff", Boolean, nullable=False),
    Column("created_at", _TIME, nullable=False),
    Column("text", Text),
    Column("from_state", Text),
    Column("to_state", Text),
    Column("visibility", Text),
    Column("assignee_id", Uuid),
    Column("comment_id", Uuid),
)

# One sequence for all years; a year's numbers count from what it stood at when the year's first ticket came.
ticket_serial = Sequence("ticket_serial", metadata=metadata)
ticket_years = Table(
    "ticket_years",
    metadata,
    Column("year", SmallInteger, primary_key=True),
    Column("base", BigInteger, nullable=False),
)

# Members of staff who have worked at the desk, so that a ticket can be given to them.
desk_agents = Table(
    "desk_agents",
    metadata,
    Column("account_id", Uuid, primary_key=True),
    Column("seen_at", _TIME, nullable=False),
)
