"""Closed accounts, which are erased after two weeks."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import JSONB

revision = "0013"
down_revision = "0012"
branch_labels = None
depends_on = None

_TIME = sa.DateTime(timezone=True)


def upgrade() -> None:
    op.create_table(
        "closing",
        sa.Column("account_id", sa.Uuid, primary_key=True),
        sa.Column("closed_at", _TIME, nullable=False),
        sa.Column("erase_at", _TIME, nullable=False),
        sa.Column("erased_at", _TIME),
        sa.Column("receipts", JSONB, nullable=False, server_default="{}"),
    )
    op.create_index("closing_due", "closing", ["erase_at"], postgresql_where=sa.text("erased_at IS NULL"))


def downgrade() -> None:
    op.drop_table("closing")
