"""The tables of files that staff handed in."""

from sqlalchemy import Column, DateTime, Integer, Table, Text, Uuid
from sqlalchemy.dialects.postgresql import ARRAY, JSONB

from customer_link.adapters.tables import metadata

customer_import = Table(
    "customer_import",
    metadata,
    Column("id", Uuid, primary_key=True),
    Column("kind", Text, nullable=False),
    Column("name", Text, nullable=False),
    Column("columns", ARRAY(Text), nullable=False),
    Column("created_by", Uuid, nullable=False),
    Column("created_at", DateTime(timezone=True), nullable=False),
    Column("phase", Text, nullable=False),
    Column("lines", Integer, nullable=False),
    Column("done", Integer, nullable=False),
    Column("counts", JSONB, nullable=False),
    Column("imported_by", Uuid),
    Column("finished_at", DateTime(timezone=True)),
)

# As many lines as one transaction imports: [number, problem, cells] each; and what is wrong: [number, column, problem].
customer_import_part = Table(
    "customer_import_part",
    metadata,
    Column("import_id", Uuid, primary_key=True),
    Column("position", Integer, primary_key=True),
    Column("lines", JSONB, nullable=False),
    Column("bad", JSONB, nullable=False),
)
