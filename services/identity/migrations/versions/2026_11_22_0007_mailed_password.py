"""An active account may owe its password: a generated one was used, and none of its sessions is accepted until then.

The challenge gets the address that its mail goes to, where that is not the account's.
"""

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.drop_constraint("account_active_has_password", "account")
    op.add_column("challenge", sa.Column("email", sa.Text, nullable=False, server_default=""))


def downgrade() -> None:
    op.drop_column("challenge", "email")
    op.create_check_constraint(
        "account_active_has_password", "account", "state <> 'active' OR password_hash IS NOT NULL"
    )
