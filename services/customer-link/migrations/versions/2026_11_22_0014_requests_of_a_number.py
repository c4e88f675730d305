"""An index for the requests about one number, which staff see on the customer's page."""

import sqlalchemy as sa
from alembic import op

revision = "0014"
down_revision = "0013"
branch_labels = None
depends_on = None


def upgrade() -> None:
    newest = ["customer_id", sa.text("opened_at DESC"), sa.text("id DESC")]
    op.create_index("link_request_customer", "link_request", newest)
