"""Compare the domains of mail addresses in their ASCII form, and names without dots at their end."""

import sqlalchemy as sa
from alembic import op

from identity.domain.normal_form import normal_key

revision = "0012"
down_revision = "0011"
branch_labels = None
depends_on = None

_DIFFERENT = sa.text(
    "SELECT id, username, email FROM account WHERE email_key ~ '[^ -~]|[.]$' OR username_key ~ '@.*[^ -~]|[.]$'"
)
_REWRITTEN = sa.text("UPDATE account SET username_key = :username_key, email_key = :email_key WHERE id = :id")


def upgrade() -> None:
    connection = op.get_bind()
    for row in connection.execute(_DIFFERENT).all():
        keys = {"username_key": normal_key(row.username), "email_key": normal_key(row.email)}
        # Two accounts that are one now: the first keeps the key, and staff sort it out.
        try:
            with connection.begin_nested():
                connection.execute(_REWRITTEN, {"id": row.id, **keys})
        except sa.exc.IntegrityError:
            continue


def downgrade() -> None:
    """The keys written by `upgrade` are good for the code before it too, but for addresses of such domains."""
