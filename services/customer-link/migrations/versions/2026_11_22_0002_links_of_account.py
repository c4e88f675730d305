"""An index for all links of an account, ended ones too."""

from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_index("link_account", "link", ["account_id", "created_at"])


def downgrade() -> None:
    op.drop_index("link_account", "link")
