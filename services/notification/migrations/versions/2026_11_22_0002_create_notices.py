"""Create the notices that people find beside the bell."""

import sqlalchemy as sa
from alembic import op

revision = "2026_11_22_0002"
down_revision = "2026_11_22_0001"
branch_labels = None
depends_on = None

_TIME = sa.DateTime(timezone=True)


def upgrade() -> None:
    op.create_table(
        "notices",
        sa.Column("id", sa.Uuid, primary_key=True),
        sa.Column("account_id", sa.Uuid, nullable=False),
        sa.Column("kind", sa.Text, nullable=False),
        sa.Column("event_id", sa.Uuid, nullable=False),
        sa.Column("thing_id", sa.Uuid),
        sa.Column("event_time", _TIME, nullable=False),
        sa.Column("create_time", _TIME, nullable=False),
        sa.Column("read_time", _TIME),
        sa.UniqueConstraint("event_id", "account_id", name="notices_once"),
    )
    op.create_index("notices_account", "notices", ["account_id", "event_time", "id"])
    op.create_index("notices_unread", "notices", ["account_id"], postgresql_where=sa.text("read_time IS NULL"))
    op.create_index("notices_age", "notices", ["event_time"])


def downgrade() -> None:
    raise NotImplementedError("a schema is taken back by restoring a backup")
