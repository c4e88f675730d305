"""API clients and their access tokens."""

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None

_TIME = sa.DateTime(timezone=True)


def upgrade() -> None:
    op.create_table(
        "api_client",
        sa.Column("id", sa.Uuid, primary_key=True),
        sa.Column("name", sa.Text, nullable=False),
        sa.Column("scopes", sa.ARRAY(sa.Text), nullable=False),
        sa.Column("secret_hash", sa.LargeBinary, nullable=False),
        sa.Column("created_at", _TIME, nullable=False),
        sa.Column("ended_at", _TIME),
        sa.CheckConstraint("octet_length(secret_hash) = 32", name="api_client_secret_is_hashed"),
    )
    live = sa.text("ended_at IS NULL")
    op.create_index("api_client_name", "api_client", ["name"], unique=True, postgresql_where=live)
    op.create_table(
        "access_token",
        sa.Column("token_hash", sa.LargeBinary, primary_key=True),
        sa.Column("client_id", sa.Uuid, sa.ForeignKey("api_client.id", ondelete="CASCADE"), nullable=False),
        sa.Column("scopes", sa.ARRAY(sa.Text), nullable=False),
        sa.Column("expires_at", _TIME, nullable=False),
        sa.CheckConstraint("octet_length(token_hash) = 32", name="access_token_is_hashed"),
    )
    op.create_index("access_token_client", "access_token", ["client_id"])
    op.create_index("access_token_expires", "access_token", ["expires_at"])


def downgrade() -> None:
    op.drop_table("access_token")
    op.drop_table("api_client")
