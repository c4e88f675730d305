"""Documents that come with a request; their content is in the file store."""

import sqlalchemy as sa
from alembic import op

revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "request_document",
        sa.Column("id", sa.Uuid, primary_key=True),
        sa.Column("request_id", sa.Uuid, sa.ForeignKey("link_request.id"), nullable=False),
        sa.Column("name", sa.Text, nullable=False),
        sa.Column("media_type", sa.Text, nullable=False),
        sa.Column("size", sa.Integer, nullable=False),
        sa.Column("sha256", sa.LargeBinary, nullable=False),
        sa.Column("added_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("char_length(name) BETWEEN 1 AND 120", name="request_document_name"),
        sa.CheckConstraint("size BETWEEN 1 AND 10485760", name="request_document_size"),
        sa.CheckConstraint("octet_length(sha256) = 32", name="request_document_sha256"),
    )
    op.create_index("request_document_request", "request_document", ["request_id"])
