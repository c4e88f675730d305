"""The history of accounts."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import JSONB

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None

_TIME = sa.DateTime(timezone=True)


def upgrade() -> None:
    op.create_table(
        "history",
        sa.Column("id", sa.Uuid, primary_key=True),
        sa.Column("account_id", sa.Uuid, sa.ForeignKey("account.id", ondelete="CASCADE"), nullable=False),
        sa.Column("at", _TIME, nullable=False),
        sa.Column("actor_kind", sa.Text, nullable=False),
        sa.Column("actor_id", sa.Uuid),
        sa.Column("action", sa.Text, nullable=False),
        sa.Column("reason", sa.Text, nullable=False, server_default=""),
        sa.Column("details", JSONB, nullable=False, server_default="{}"),
        sa.CheckConstraint("actor_kind IN ('self', 'staff', 'system', 'client')", name="history_actor"),
        sa.CheckConstraint("actor_kind <> 'staff' OR reason <> ''", name="history_staff_says_why"),
    )
    op.create_index("history_account", "history", ["account_id", sa.text("at DESC"), sa.text("id DESC")])
    op.create_index("history_at", "history", ["at"])


def downgrade() -> None:
    op.drop_table("history")
