"""Invoices as PDF; their content is in the file store."""

import sqlalchemy as sa
from alembic import op

revision = "0012"
down_revision = "0011"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "invoice_document",
        sa.Column("id", sa.Uuid, primary_key=True),
        sa.Column("customer_id", sa.Uuid, sa.ForeignKey("customer.id", ondelete="CASCADE"), nullable=False),
        sa.Column("invoice", sa.Text, nullable=False),
        sa.Column("file_id", sa.Uuid, nullable=False),
        sa.Column("size", sa.Integer, nullable=False),
        sa.Column("sha256", sa.LargeBinary, nullable=False),
        sa.Column("as_of", sa.DateTime(timezone=True), nullable=False),
        sa.Column("received_at", sa.DateTime(timezone=True), nullable=False),
        sa.UniqueConstraint("customer_id", "invoice", name="invoice_document_one"),
        sa.CheckConstraint("char_length(invoice) BETWEEN 1 AND 60", name="invoice_document_invoice"),
        sa.CheckConstraint("size BETWEEN 1 AND 3145728", name="invoice_document_size"),
        sa.CheckConstraint("octet_length(sha256) = 32", name="invoice_document_sha256"),
    )
    op.create_index("invoice_document_file", "invoice_document", ["file_id"], unique=True)
