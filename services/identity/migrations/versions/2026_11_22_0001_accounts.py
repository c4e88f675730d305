"""Accounts, challenges, sessions, counters, second factors."""

import sqlalchemy as sa
from alembic import op

from chassis.migration import create_chassis_tables

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None

_TIME = sa.DateTime(timezone=True)


def upgrade() -> None:
    create_chassis_tables()
    _accounts()
    _challenges()
    _sessions()
    _guards()


def _accounts() -> None:
    op.create_table(
        "account",
        sa.Column("id", sa.Uuid, primary_key=True),
        sa.Column("username", sa.Text, nullable=False),
        sa.Column("username_key", sa.Text, nullable=False),
        sa.Column("email", sa.Text, nullable=False),
        sa.Column("email_key", sa.Text, nullable=False),
        sa.Column("display_name", sa.Text, nullable=False),
        sa.Column("first_name", sa.Text, nullable=False, server_default=""),
        sa.Column("last_name", sa.Text, nullable=False, server_default=""),
        sa.Column("company", sa.Text, nullable=False, server_default=""),
        sa.Column("language", sa.Text, nullable=False),
        sa.Column("state", sa.Text, nullable=False),
        sa.Column("roles", sa.ARRAY(sa.Text), nullable=False, server_default="{}"),
        sa.Column("password_hash", sa.Text),
        sa.Column("created_at", _TIME, nullable=False),
        sa.UniqueConstraint("username_key", name="account_username"),
        sa.CheckConstraint("state IN ('unconfirmed', 'invited', 'active', 'locked', 'closed')", name="account_state"),
        sa.CheckConstraint("state <> 'active' OR password_hash IS NOT NULL", name="account_active_has_password"),
    )
    claiming = sa.text("state IN ('invited', 'active', 'locked')")
    op.create_index("account_email", "account", ["email_key"], unique=True, postgresql_where=claiming)
    unconfirmed = sa.text("state = 'unconfirmed'")
    op.create_index("account_unconfirmed", "account", ["email_key", "created_at"], postgresql_where=unconfirmed)


def _challenges() -> None:
    op.create_table(
        "challenge",
        sa.Column("id", sa.Uuid, primary_key=True),
        sa.Column("account_id", sa.Uuid, sa.ForeignKey("account.id", ondelete="CASCADE")),
        sa.Column("purpose", sa.Text, nullable=False),
        sa.Column("key_id", sa.Text, nullable=False),
        sa.Column("issued_at", _TIME, nullable=False),
        sa.Column("expires_at", _TIME, nullable=False),
        sa.Column("used_at", _TIME),
        sa.Column("replaced_at", _TIME),
    )
    op.create_index("challenge_account", "challenge", ["account_id", "purpose"])
    op.create_index("challenge_expires", "challenge", ["expires_at"])


def _sessions() -> None:
    op.create_table(
        "session",
        sa.Column("id", sa.Uuid, primary_key=True),
        sa.Column("account_id", sa.Uuid, sa.ForeignKey("account.id", ondelete="CASCADE"), nullable=False),
        sa.Column("token_hash", sa.LargeBinary, nullable=False),
        sa.Column("authenticated_at", _TIME, nullable=False),
        sa.Column("seen_at", _TIME, nullable=False),
        sa.Column("idle_until", _TIME, nullable=False),
        sa.Column("expires_at", _TIME, nullable=False),
        sa.Column("second_factor", sa.Boolean, nullable=False),
        sa.Column("pending", sa.Boolean, nullable=False),
        sa.Column("browser", sa.Text, nullable=False),
        sa.UniqueConstraint("token_hash", name="session_token"),
    )
    op.create_index("session_account", "session", ["account_id"])
    op.create_index("session_idle", "session", ["idle_until"])


def _guards() -> None:
    op.create_table(
        "throttle",
        sa.Column("key", sa.Text(collation="C"), primary_key=True),
        sa.Column("tries", sa.Integer, nullable=False),
        sa.Column("last_at", _TIME, nullable=False),
        sa.Column("paused_until", _TIME, nullable=False),
    )
    op.create_table(
        "second_factor",
        sa.Column("account_id", sa.Uuid, sa.ForeignKey("account.id", ondelete="CASCADE"), primary_key=True),
        sa.Column("key_id", sa.Text, nullable=False),
        sa.Column("sealed", sa.LargeBinary, nullable=False),
        sa.Column("last_step", sa.BigInteger, nullable=False),
    )


def downgrade() -> None:
    for table in ("second_factor", "throttle", "session", "challenge", "account"):
        op.drop_table(table)
