"""The tables of this service; migrations make them."""

from sqlalchemy import (
    Column,
    DateTime,
    ForeignKey,
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
_ACTIVE = text("ended_at IS NULL")

organisation = Table(
    "organisation",
    metadata,
    Column("id", Uuid, primary_key=True),
    Column("name", Text, nullable=False),
    UniqueConstraint("name", name="organisation_name"),
)

customer = Table(
    "customer",
    metadata,
    Column("id", Uuid, primary_key=True),
    Column("number", Text, nullable=False),
    Column("number_key", Text, nullable=False),
    Column("type", Text, nullable=False),
    Column("organisation_id", Uuid, ForeignKey("organisation.id"), nullable=False),
    Column("asked_at", _TIME),
    Column("data_as_of", _TIME),
    Column("data", JSONB),
    UniqueConstraint("number_key", name="customer_number"),
    Index("customer_organisation", "organisation_id"),
)

activation_code = Table(
    "activation_code",
    metadata,
    Column("id", Uuid, primary_key=True),
    Column("customer_id", Uuid, ForeignKey("customer.id"), nullable=False),
    Column("state", Text, nullable=False),
    Column("key_id", Text, nullable=False),
    Column("mac", LargeBinary, nullable=False),
    Column("sealed", LargeBinary),
    Column("issued_at", _TIME, nullable=False),
    Column("valid_until", _TIME, nullable=False),
    Column("superseded_at", _TIME),
    Column("used_at", _TIME),
    Column("used_by", Uuid),
    UniqueConstraint("key_id", "mac", "customer_id", name="activation_code_mac"),
    Index("activation_code_customer", "customer_id"),
    Index("activation_code_sealed", "issued_at", postgresql_where=text("sealed IS NOT NULL")),
)

link = Table(
    "link",
    metadata,
    Column("id", Uuid, primary_key=True),
    Column("account_id", Uuid, nullable=False),
    Column("customer_id", Uuid, ForeignKey("customer.id"), nullable=False),
    Column("type", Text, nullable=False),
    Column("holder_slot", SmallInteger, nullable=False),
    Column("type_slot", SmallInteger, nullable=False),
    Column("created_at", _TIME, nullable=False),
    Column("ended_at", _TIME),
    Index("link_holder", "customer_id", "holder_slot", unique=True, postgresql_where=_ACTIVE),
    Index("link_type", "account_id", "type", "type_slot", unique=True, postgresql_where=_ACTIVE),
    Index("link_once", "account_id", "customer_id", unique=True, postgresql_where=_ACTIVE),
)

contact = Table(
    "contact",
    metadata,
    Column("id", Uuid, primary_key=True),
    Column("organisation_id", Uuid, ForeignKey("organisation.id"), nullable=False),
    Column("email", Text, nullable=False),
    Column("email_key", Text, nullable=False),
    Column("display_name", Text, nullable=False),
    Column("language", Text, nullable=False),
    Column("account_id", Uuid),
    Column("removed_at", _TIME),
    Index("contact_email", "organisation_id", "email_key", unique=True, postgresql_where=text("removed_at IS NULL")),
    Index("contact_account", "account_id", postgresql_where=text("removed_at IS NULL")),
)

link_failure = Table(
    "link_failure",
    metadata,
    Column("id", Uuid, primary_key=True, server_default=text("gen_random_uuid()")),
    Column("account_id", Uuid, nullable=False),
    Column("source", Text, nullable=False),
    Column("number_hash", LargeBinary, nullable=False),
    Column("failed_at", _TIME, nullable=False),
    Index("link_failure_account", "account_id", "failed_at"),
    Index("link_failure_source", "source", "failed_at"),
    Index("link_failure_number", "number_hash", "failed_at"),
)
