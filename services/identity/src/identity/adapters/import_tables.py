"""The tables of imports."""

from sqlalchemy import (
    Boolean,
    Column,
    DateTime,
    ForeignKey,
    Index,
    Integer,
    LargeBinary,
    Table,
    Text,
    UniqueConstraint,
    Uuid,
)
from sqlalchemy.dialects.postgresql import JSONB

from identity.adapters.tables import metadata

# Under which id an older system knows an account: what makes an import repeatable.
external_account = Table(
    "external_account",
    metadata,
    Column("external_id", Text(collation="C"), primary_key=True),
    Column("account_id", Uuid, ForeignKey("account.id", ondelete="CASCADE"), nullable=False),
    UniqueConstraint("account_id", name="external_account_account"),
)

account_import = Table(
    "account_import",
    metadata,
    Column("id", Uuid, primary_key=True),
    Column("staff_id", Uuid, ForeignKey("account.id", ondelete="CASCADE"), nullable=False),
    Column("created_at", DateTime(timezone=True), nullable=False),
    Column("phase", Text, nullable=False),
    Column("lines", Integer, nullable=False),
    Column("done", Integer, nullable=False),
    Column("notify", Boolean, nullable=False),
    Column("report", JSONB, nullable=False),
    Column("key_id", Text, nullable=False),
    Column("sealed", LargeBinary),
    Index("account_import_created", "created_at"),
)
