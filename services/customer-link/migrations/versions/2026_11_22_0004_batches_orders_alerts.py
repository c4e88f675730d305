"""Codes for an invoice run, letters that customers ordered, and guesses that staff are told of."""

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None

_TIME = sa.DateTime(timezone=True)


def upgrade() -> None:
    _batches()
    _orders()
    _alerts()


def _batches() -> None:
    op.create_table(
        "code_batch",
        sa.Column("id", sa.Uuid, primary_key=True),
        sa.Column("source", sa.Text, nullable=False),
        sa.Column("created_by", sa.Uuid, nullable=False),
        sa.Column("created_at", _TIME, nullable=False),
        sa.Column("valid_until", _TIME, nullable=False),
        sa.Column("finished_at", _TIME),
        sa.Column("handed_over_at", _TIME),
        sa.CheckConstraint("source IN ('numbers', 'type', 'orders')", name="code_batch_source"),
        sa.CheckConstraint("handed_over_at IS NULL OR finished_at IS NOT NULL", name="code_batch_order"),
    )
    op.create_index("code_batch_newest", "code_batch", [sa.text("created_at DESC")])
    op.create_table(
        "code_batch_line",
        sa.Column("batch_id", sa.Uuid, sa.ForeignKey("code_batch.id"), primary_key=True),
        sa.Column("position", sa.Integer, primary_key=True),
        sa.Column("number", sa.Text, nullable=False),
        sa.Column("customer_id", sa.Uuid, sa.ForeignKey("customer.id")),
        sa.Column("code_id", sa.Uuid, sa.ForeignKey("activation_code.id")),
        sa.Column("fault", sa.Text),
        sa.CheckConstraint("fault IN ('unknown', 'twice')", name="code_batch_line_fault"),
        sa.CheckConstraint("fault IS NULL OR code_id IS NULL", name="code_batch_line_outcome"),
        sa.CheckConstraint("fault IS NOT NULL OR customer_id IS NOT NULL", name="code_batch_line_customer"),
    )
    waiting = sa.text("code_id IS NULL AND fault IS NULL")
    op.create_index("code_batch_line_waiting", "code_batch_line", ["batch_id", "position"], postgresql_where=waiting)


def _orders() -> None:
    op.create_table(
        "code_order",
        sa.Column("id", sa.Uuid, primary_key=True),
        sa.Column("account_id", sa.Uuid, nullable=False),
        sa.Column("number_key", sa.Text, nullable=False),
        sa.Column("customer_id", sa.Uuid, sa.ForeignKey("customer.id")),
        sa.Column("ordered_at", _TIME, nullable=False),
        sa.Column("due_at", _TIME, nullable=False),
        sa.Column("state", sa.Text, nullable=False),
        sa.CheckConstraint("state IN ('open', 'done', 'void')", name="code_order_state"),
        sa.CheckConstraint("state = 'void' OR customer_id IS NOT NULL", name="code_order_customer"),
    )
    is_open = sa.text("state = 'open'")
    op.create_index("code_order_open", "code_order", ["customer_id"], unique=True, postgresql_where=is_open)
    op.create_index("code_order_account", "code_order", ["account_id", "ordered_at"])
    op.create_index("code_order_customer", "code_order", ["customer_id", "ordered_at"])


def _alerts() -> None:
    op.create_table(
        "guess_alert",
        sa.Column("id", sa.BigInteger, sa.Identity(always=True), primary_key=True),
        sa.Column("kind", sa.Text, nullable=False),
        sa.Column("subject", sa.Text, nullable=False),
        sa.Column("failures", sa.Integer, nullable=False),
        sa.Column("first_at", _TIME, nullable=False),
        sa.Column("last_at", _TIME, nullable=False),
        sa.Column("seen_at", _TIME),
        sa.Column("seen_by", sa.Uuid),
        sa.CheckConstraint("kind IN ('account', 'source', 'number')", name="guess_alert_kind"),
        sa.CheckConstraint("(seen_at IS NULL) = (seen_by IS NULL)", name="guess_alert_seen"),
    )
    unseen = sa.text("seen_at IS NULL")
    op.create_index("guess_alert_unseen", "guess_alert", ["kind", "subject"], unique=True, postgresql_where=unseen)
