"""Invitations to organisations, and who administers one without holding a number."""

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None

_TIME = sa.DateTime(timezone=True)


def upgrade() -> None:
    _invitations()
    _administrators()


def _invitations() -> None:
    op.create_table(
        "invitation",
        sa.Column("id", sa.Uuid, primary_key=True),
        sa.Column("organisation_id", sa.Uuid, sa.ForeignKey("organisation.id"), nullable=False),
        sa.Column("email", sa.Text, nullable=False),
        sa.Column("email_key", sa.Text, nullable=False),
        sa.Column("display_name", sa.Text, nullable=False),
        sa.Column("language", sa.Text, nullable=False),
        sa.Column("purpose", sa.Text, nullable=False),
        sa.Column("access_until", _TIME),
        sa.Column("invited_by", sa.Uuid, nullable=False),
        sa.Column("invited_at", _TIME, nullable=False),
        sa.Column("expires_at", _TIME, nullable=False),
        sa.Column("state", sa.Text, nullable=False),
        sa.Column("account_id", sa.Uuid),
        sa.Column("answered_at", _TIME),
        sa.Column("ended_at", _TIME),
        sa.CheckConstraint(
            "state IN ('open', 'accepted', 'declined', 'withdrawn', 'expired', 'ended')", name="invitation_state"
        ),
        sa.CheckConstraint("purpose IN ('colleague', 'tax_adviser', 'agency', 'other')", name="invitation_purpose"),
        sa.CheckConstraint("purpose = 'colleague' OR access_until IS NOT NULL", name="invitation_for_a_time"),
        sa.CheckConstraint("state <> 'accepted' OR account_id IS NOT NULL", name="invitation_accepted_by"),
        sa.CheckConstraint("(ended_at IS NOT NULL) = (state NOT IN ('open', 'accepted'))", name="invitation_ended"),
    )
    _indexes()


def _indexes() -> None:
    is_open, accepted = sa.text("state = 'open'"), sa.text("state = 'accepted'")
    op.create_index(
        "invitation_open", "invitation", ["organisation_id", "email_key"], unique=True, postgresql_where=is_open
    )
    op.create_index(
        "invitation_member", "invitation", ["organisation_id", "account_id"], unique=True, postgresql_where=accepted
    )
    op.create_index("invitation_account", "invitation", ["account_id"])
    op.create_index("invitation_recent", "invitation", ["organisation_id", "invited_at"])
    op.create_index("invitation_ended_at", "invitation", ["ended_at"])


def _administrators() -> None:
    op.create_table(
        "administrator",
        sa.Column("organisation_id", sa.Uuid, sa.ForeignKey("organisation.id"), primary_key=True),
        sa.Column("account_id", sa.Uuid, primary_key=True),
        sa.Column("named_by", sa.Uuid, nullable=False),
        sa.Column("named_at", _TIME, nullable=False),
    )
