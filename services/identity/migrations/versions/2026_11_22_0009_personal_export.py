"""Exports of personal data."""

import sqlalchemy as sa
from alembic import op

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None

_TIME = sa.DateTime(timezone=True)


def upgrade() -> None:
    op.create_table(
        "personal_export",
        sa.Column("id", sa.Uuid, primary_key=True),
        sa.Column("account_id", sa.Uuid, sa.ForeignKey("account.id", ondelete="CASCADE"), nullable=False),
        sa.Column("asked_at", _TIME, nullable=False),
        sa.Column("expires_at", _TIME, nullable=False),
        sa.Column("ready_at", _TIME),
        sa.Column("size", sa.Integer, nullable=False, server_default="0"),
        sa.Column("key_id", sa.Text),
        sa.Column("sealed", sa.LargeBinary),
        sa.UniqueConstraint("account_id", name="personal_export_account"),
        sa.CheckConstraint("(ready_at IS NULL) = (sealed IS NULL)", name="personal_export_ready_has_file"),
    )
    op.create_index("personal_export_expires", "personal_export", ["expires_at"])
    op.create_table(
        "personal_export_part",
        sa.Column("export_id", sa.Uuid, sa.ForeignKey("personal_export.id", ondelete="CASCADE"), primary_key=True),
        sa.Column("source", sa.Text, primary_key=True),
        sa.Column("key_id", sa.Text, nullable=False),
        sa.Column("sealed", sa.LargeBinary, nullable=False),
    )


def downgrade() -> None:
    op.drop_table("personal_export_part")
    op.drop_table("personal_export")
