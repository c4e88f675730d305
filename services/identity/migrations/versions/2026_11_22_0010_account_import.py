"""The ids under which older systems know accounts."""

import sqlalchemy as sa
from alembic import op

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "external_account",
        sa.Column("external_id", sa.Text(collation="C"), primary_key=True),
        sa.Column("account_id", sa.Uuid, sa.ForeignKey("account.id", ondelete="CASCADE"), nullable=False),
        sa.UniqueConstraint("account_id", name="external_account_account"),
    )


def downgrade() -> None:
    op.drop_table("external_account")
