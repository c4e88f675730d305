"""Files of accounts that staff handed in."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import JSONB

revision = "0014"
down_revision = "0013"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "account_import",
        sa.Column("id", sa.Uuid, primary_key=True),
        sa.Column("staff_id", sa.Uuid, sa.ForeignKey("account.id", ondelete="CASCADE"), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("phase", sa.Text, nullable=False),
        sa.Column("lines", sa.Integer, nullable=False),
        sa.Column("done", sa.Integer, nullable=False),
        sa.Column("notify", sa.Boolean, nullable=False),
        sa.Column("report", JSONB, nullable=False),
        sa.Column("key_id", sa.Text, nullable=False),
        sa.Column("sealed", sa.LargeBinary),
        sa.CheckConstraint("phase IN ('checking', 'checked', 'importing', 'done')", name="account_import_phase"),
        sa.CheckConstraint("phase <> 'done' OR sealed IS NULL", name="account_import_done_is_empty"),
    )
    op.create_index("account_import_created", "account_import", ["created_at"])


def downgrade() -> None:
    op.drop_table("account_import")
