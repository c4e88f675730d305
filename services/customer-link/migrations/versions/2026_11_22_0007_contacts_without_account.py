"""Contacts that wait for their account are found without reading all contacts."""

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None


def upgrade() -> None:
    waiting = sa.text("account_id IS NULL AND removed_at IS NULL")
    op.create_index("contact_without_account", "contact", ["id"], postgresql_where=waiting)


def downgrade() -> None:
    op.drop_index("contact_without_account", "contact")
