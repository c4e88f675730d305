"""Requests for numbers that limits keep from people, and what was done with them."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None

_TIME = sa.DateTime(timezone=True)
_WAITS = sa.text("state IN ('open', 'in_review')")
_ENDED = sa.text("state NOT IN ('open', 'in_review')")


def upgrade() -> None:
    _requests()
    _indexes()
    _steps()


def _requests() -> None:
    op.create_table(
        "link_request",
        sa.Column("id", sa.Uuid, primary_key=True),
        sa.Column("account_id", sa.Uuid, nullable=False),
        sa.Column("customer_id", sa.Uuid, sa.ForeignKey("customer.id"), nullable=False),
        sa.Column("kind", sa.Text, nullable=False),
        sa.Column("code_id", sa.Uuid, sa.ForeignKey("activation_code.id"), nullable=False),
        sa.Column("reason", sa.Text, nullable=False),
        sa.Column("text", sa.Text, nullable=False),
        sa.Column("opened_at", _TIME, nullable=False),
        sa.Column("state", sa.Text, nullable=False),
        sa.Column("assignee", sa.Uuid),
        sa.Column("decided_at", _TIME),
        sa.Column("answer", sa.Text, nullable=False),
        sa.Column("former_holders", postgresql.ARRAY(sa.Uuid), nullable=False),
        sa.CheckConstraint("kind IN ('held_by_another', 'type_held')", name="link_request_kind"),
        sa.CheckConstraint(
            "state IN ('open', 'in_review', 'transferred', 'also_linked', 'refused', 'withdrawn', 'expired')",
            name="link_request_state",
        ),
        sa.CheckConstraint(
            "(decided_at IS NULL) = (state IN ('open', 'in_review'))",
            name="link_request_decided",
        ),
        sa.CheckConstraint("state <> 'in_review' OR assignee IS NOT NULL", name="link_request_assignee"),
        sa.CheckConstraint("state = 'transferred' OR former_holders = '{}'", name="link_request_former"),
    )


def _indexes() -> None:
    table = "link_request"
    op.create_index("link_request_one", table, ["account_id", "customer_id"], unique=True, postgresql_where=_WAITS)
    op.create_index("link_request_waiting", table, ["opened_at", "id"], postgresql_where=_WAITS)
    op.create_index("link_request_taken", table, ["assignee", "opened_at", "id"], postgresql_where=_WAITS)
    op.create_index("link_request_ended", table, ["decided_at", "id"], postgresql_where=_ENDED)
    op.create_index("link_request_account", table, ["account_id", "opened_at"])


def _steps() -> None:
    op.create_table(
        "link_request_step",
        sa.Column("id", sa.BigInteger, sa.Identity(always=True), primary_key=True),
        sa.Column("request_id", sa.Uuid, sa.ForeignKey("link_request.id"), nullable=False),
        sa.Column("act", sa.Text, nullable=False),
        sa.Column("at", _TIME, nullable=False),
        sa.Column("by", sa.Uuid),
    )
    op.create_index("link_request_step_request", "link_request_step", ["request_id", "id"])
