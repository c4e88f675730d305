"""Sessions of people who stay logged in on a device that they have named."""

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("session", sa.Column("remembered", sa.Boolean, nullable=False, server_default="false"))
    op.add_column("session", sa.Column("device_name", sa.Text, nullable=False, server_default=""))


def downgrade() -> None:
    op.drop_column("session", "device_name")
    op.drop_column("session", "remembered")
