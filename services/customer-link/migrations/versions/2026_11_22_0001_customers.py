"""Organisations, customer numbers and their data, links, activation codes, contacts, failures."""

import sqlalchemy as sa
from alembic import op

from chassis.migration import create_chassis_tables

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None

_TIME = sa.DateTime(timezone=True)


def upgrade() -> None:
    create_chassis_tables()
    _customers()
    _links()
    _codes()
    _contacts()


def _customers() -> None:
    op.create_table(
        "organisation",
        sa.Column("id", sa.Uuid, primary_key=True),
        sa.Column("name", sa.Text, nullable=False),
        sa.Column("name_key", sa.Text, nullable=False),
    )
    op.create_index("organisation_name", "organisation", ["name_key"])
    op.create_table(
        "customer",
        sa.Column("id", sa.Uuid, primary_key=True),
        sa.Column("organisation_id", sa.Uuid, sa.ForeignKey("organisation.id"), nullable=False),
        sa.Column("number", sa.Text, nullable=False),
        sa.Column("number_key", sa.Text, nullable=False),
        sa.Column("type", sa.Text, nullable=False),
        sa.Column("asks", sa.SmallInteger, nullable=False, server_default="0"),
        sa.Column("asked_at", _TIME),
        sa.Column("next_ask_at", _TIME),
        sa.UniqueConstraint("number_key", name="customer_number"),
    )
    op.create_index("customer_organisation", "customer", ["organisation_id"])
    op.create_index("customer_due", "customer", ["next_ask_at"], postgresql_where=sa.text("next_ask_at IS NOT NULL"))
    op.create_table(
        "customer_data",
        sa.Column("customer_id", sa.Uuid, sa.ForeignKey("customer.id"), primary_key=True),
        sa.Column("as_of", _TIME, nullable=False),
        sa.Column("received_at", _TIME, nullable=False),
        sa.Column("document", sa.dialects.postgresql.JSONB, nullable=False),
    )


def _links() -> None:
    op.create_table(
        "link",
        sa.Column("id", sa.Uuid, primary_key=True),
        sa.Column("account_id", sa.Uuid, nullable=False),
        sa.Column("customer_id", sa.Uuid, sa.ForeignKey("customer.id"), nullable=False),
        sa.Column("type", sa.Text, nullable=False),
        sa.Column("holder_slot", sa.SmallInteger, nullable=False),
        sa.Column("type_slot", sa.SmallInteger, nullable=False),
        sa.Column("created_at", _TIME, nullable=False),
        sa.Column("ended_at", _TIME),
        sa.CheckConstraint("holder_slot > 0 AND type_slot > 0", name="link_slots"),
    )
    active = sa.text("ended_at IS NULL")
    slots = {
        "link_holder": ["customer_id", "holder_slot"],
        "link_type": ["account_id", "type", "type_slot"],
        "link_once": ["account_id", "customer_id"],
    }
    for name, columns in slots.items():
        op.create_index(name, "link", columns, unique=True, postgresql_where=active)


def _codes() -> None:
    op.create_table(
        "activation_code",
        sa.Column("id", sa.Uuid, primary_key=True),
        sa.Column("customer_id", sa.Uuid, sa.ForeignKey("customer.id"), nullable=False),
        sa.Column("state", sa.Text, nullable=False),
        sa.Column("key_id", sa.Text, nullable=False),
        sa.Column("mac", sa.LargeBinary, nullable=False),
        sa.Column("sealed", sa.LargeBinary),
        sa.Column("issued_at", _TIME, nullable=False),
        sa.Column("valid_until", _TIME, nullable=False),
        sa.Column("superseded_at", _TIME),
        sa.Column("used_at", _TIME),
        sa.Column("used_by", sa.Uuid),
        sa.UniqueConstraint("mac", name="activation_code_mac"),
        sa.CheckConstraint(
            "state IN ('issued', 'printed', 'used', 'superseded', 'withdrawn')", name="activation_code_state"
        ),
        sa.CheckConstraint(
            "(state = 'used') = (used_at IS NOT NULL) AND (state <> 'used' OR used_by IS NOT NULL)",
            name="activation_code_used",
        ),
    )
    op.create_index("activation_code_customer", "activation_code", ["customer_id"])
    sealed = sa.text("sealed IS NOT NULL")
    op.create_index("activation_code_sealed", "activation_code", ["issued_at"], postgresql_where=sealed)
    op.create_table(
        "code_failure",
        sa.Column("id", sa.BigInteger, sa.Identity(always=True), primary_key=True),
        sa.Column("account_id", sa.Uuid, nullable=False),
        sa.Column("source", sa.Text, nullable=False),
        sa.Column("number_key", sa.Text, nullable=False),
        sa.Column("failed_at", _TIME, nullable=False),
    )
    for column in ("account_id", "source", "number_key"):
        op.create_index(f"code_failure_{column}", "code_failure", [column, "failed_at"])


def _contacts() -> None:
    op.create_table(
        "contact",
        sa.Column("id", sa.Uuid, primary_key=True),
        sa.Column("organisation_id", sa.Uuid, sa.ForeignKey("organisation.id"), nullable=False),
        sa.Column("email", sa.Text, nullable=False),
        sa.Column("email_key", sa.Text, nullable=False),
        sa.Column("display_name", sa.Text, nullable=False),
        sa.Column("language", sa.Text, nullable=False),
        sa.Column("account_id", sa.Uuid),
        sa.Column("removed_at", _TIME),
    )
    active = sa.text("removed_at IS NULL")
    op.create_index("contact_email", "contact", ["organisation_id", "email_key"], unique=True, postgresql_where=active)
    op.create_index("contact_account", "contact", ["account_id"], postgresql_where=active)
