"""An index for the list of expired codes: among a million it is a page of it that is read, and no more."""

import sqlalchemy as sa
from alembic import op

revision = "0013"
down_revision = "0012"
branch_labels = None
depends_on = None

_IS_OPEN = sa.text("state IN ('issued', 'printed')")


def upgrade() -> None:
    newest = [sa.text("valid_until DESC"), sa.text("id DESC")]
    op.create_index("activation_code_expired", "activation_code", newest, postgresql_where=_IS_OPEN)
    # The new one serves what this one did.
    op.drop_index("activation_code_due", "activation_code")
