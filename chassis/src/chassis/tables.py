"""The tables that every service's database has besides its own; made by migration.create_chassis_tables."""

from sqlalchemy import (
    BigInteger,
    Boolean,
    Column,
    DateTime,
    Identity,
    Index,
    LargeBinary,
    MetaData,
    SmallInteger,
    Table,
    Text,
    UniqueConstraint,
    Uuid,
    text,
)
from sqlalchemy.dialects.postgresql import JSONB

metadata = MetaData()
_TIME = DateTime(timezone=True)

outbox = Table(
    "outbox",
    metadata,
    Column("id", Uuid, primary_key=True),
    Column("position", BigInteger, Identity(always=True), nullable=False),
    Column("subject", Uuid, nullable=False),
    Column("sequence", BigInteger, nullable=False),
    Column("type", Text, nullable=False),
    Column("time", _TIME, nullable=False),
    Column("data", JSONB, nullable=False),
    Column("traceparent", Text),
    Column("urgent", Boolean, nullable=False, server_default=text("false")),
    Column("publish_time", _TIME),
    UniqueConstraint("subject", "sequence", name="outbox_subject_sequence"),
    Index("outbox_pending", "subject", "sequence", postgresql_where=text("publish_time IS NULL")),
    Index("outbox_published", "publish_time", postgresql_where=text("publish_time IS NOT NULL")),
)

# The last sequence given per aggregate; its row lock makes sequences contiguous in order of commit.
outbox_sequences = Table(
    "outbox_sequences",
    metadata,
    Column("subject", Uuid, primary_key=True),
    Column("last", BigInteger, nullable=False),
)

# One row: which replica publishes the outbox now. `term` grows with every change of hands.
relay_lease = Table(
    "relay_lease",
    metadata,
    Column("name", Text, primary_key=True),
    Column("holder", Text, nullable=False),
    Column("term", BigInteger, nullable=False),
    Column("expire_time", _TIME, nullable=False),
)

inbox = Table(
    "inbox",
    metadata,
    Column("consumer", Text, primary_key=True),
    Column("event_id", Uuid, primary_key=True),
    Column("receive_time", _TIME, nullable=False, server_default=text("now()")),
    Index("inbox_receive_time", "receive_time"),
)

# A claim has no status yet; the answer is kept in the transaction of its effect.
idempotency_keys = Table(
    "idempotency_keys",
    metadata,
    Column("caller", Text, primary_key=True),
    Column("route", Text, primary_key=True),
    Column("key", Text, primary_key=True),
    Column("body_hash", LargeBinary, primary_key=True),
    Column("status", SmallInteger),
    Column("location", Text),
    Column("body", Text),
    Column("create_time", _TIME, nullable=False, server_default=text("now()")),
    Index("idempotency_keys_create_time", "create_time"),
)
