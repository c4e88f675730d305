"""What another system calls an organisation, so that it names the same one again whatever its name is."""

import sqlalchemy as sa
from alembic import op

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("organisation", sa.Column("reference", sa.Text))
    op.create_index("organisation_reference", "organisation", ["reference"], unique=True)


def downgrade() -> None:
    op.drop_index("organisation_reference", "organisation")
    op.drop_column("organisation", "reference")
