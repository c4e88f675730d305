"""Files of customers that staff handed in."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import ARRAY, JSONB

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None

_TIME = sa.DateTime(timezone=True)


def upgrade() -> None:
    op.create_table(
        "customer_import",
        sa.Column("id", sa.Uuid, primary_key=True),
        sa.Column("kind", sa.Text, nullable=False),
        sa.Column("name", sa.Text, nullable=False),
        sa.Column("columns", ARRAY(sa.Text), nullable=False),
        sa.Column("created_by", sa.Uuid, nullable=False),
        sa.Column("created_at", _TIME, nullable=False),
        sa.Column("phase", sa.Text, nullable=False),
        sa.Column("lines", sa.Integer, nullable=False),
        sa.Column("done", sa.Integer, nullable=False),
        sa.Column("counts", JSONB, nullable=False),
        sa.Column("imported_by", sa.Uuid),
        sa.Column("finished_at", _TIME),
        sa.CheckConstraint("kind IN ('customers', 'contracts', 'invoices')", name="customer_import_kind"),
        sa.CheckConstraint(
            "phase IN ('checking', 'checked', 'importing', 'done', 'dropped')", name="customer_import_phase"
        ),
        sa.CheckConstraint("phase NOT IN ('importing', 'done') OR imported_by IS NOT NULL", name="customer_import_by"),
    )
    op.create_index("customer_import_newest", "customer_import", [sa.text("created_at DESC")])
    op.create_table(
        "customer_import_part",
        sa.Column("import_id", sa.Uuid, sa.ForeignKey("customer_import.id", ondelete="CASCADE"), primary_key=True),
        sa.Column("position", sa.Integer, primary_key=True),
        sa.Column("lines", JSONB, nullable=False),
        sa.Column("bad", JSONB, nullable=False),
    )


def downgrade() -> None:
    op.drop_table("customer_import_part")
    op.drop_table("customer_import")
