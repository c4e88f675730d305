"""Salutation, postal address, telephone, and the terms that were agreed to."""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None

_TEXTS = ("salutation", "street", "postal_code", "city", "country", "phone", "terms_version")


def upgrade() -> None:
    for name in _TEXTS:
        op.add_column("account", sa.Column(name, sa.Text, nullable=False, server_default=""))
    op.add_column("account", sa.Column("terms_accepted_at", sa.DateTime(timezone=True)))
    op.create_check_constraint("account_salutation", "account", "salutation IN ('', 'ms', 'mr', 'diverse')")


def downgrade() -> None:
    op.drop_constraint("account_salutation", "account")
    for name in (*_TEXTS, "terms_accepted_at"):
        op.drop_column("account", name)
