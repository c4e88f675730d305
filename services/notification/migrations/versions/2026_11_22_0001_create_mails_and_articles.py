"""Create the ledger of mails, news and topic pages."""

import sqlalchemy as sa
from alembic import op

from chassis.migration import create_chassis_tables

revision = "2026_11_22_0001"
down_revision = None
branch_labels = None
depends_on = None

_TIME = sa.DateTime(timezone=True)


def upgrade() -> None:
    create_chassis_tables()
    _create_mails()
    _create_articles()


def _create_mails() -> None:
    op.create_table(
        "mails",
        sa.Column("id", sa.Uuid, primary_key=True),
        sa.Column("event_id", sa.Uuid, nullable=False),
        sa.Column("event_type", sa.Text, nullable=False),
        sa.Column("event_time", _TIME, nullable=False),
        sa.Column("subject", sa.Text, nullable=False),
        sa.Column("account_id", sa.Uuid),
        sa.Column("letter", sa.Text, nullable=False),
        sa.Column("state", sa.Text, nullable=False),
        sa.Column("state_reason", sa.Text, nullable=False, server_default=""),
        sa.Column("attempts", sa.Integer, nullable=False, server_default=sa.text("0")),
        sa.Column("create_time", _TIME, nullable=False),
        sa.Column("update_time", _TIME, nullable=False),
        sa.UniqueConstraint("event_id", "account_id", name="mails_once", postgresql_nulls_not_distinct=True),
        sa.CheckConstraint("state IN ('pending', 'sent', 'failed', 'suppressed')", name="mails_state"),
    )
    op.create_index("mails_account", "mails", ["account_id", "create_time"])
    op.create_index("mails_pending", "mails", ["create_time"], postgresql_where=sa.text("state = 'pending'"))


def _create_articles() -> None:
    op.create_table(
        "articles",
        sa.Column("kind", sa.Text, primary_key=True),
        sa.Column("slug", sa.Text, primary_key=True),
        sa.Column("position", sa.Integer, nullable=False, server_default=sa.text("0")),
        sa.Column("publish_time", _TIME),
        sa.CheckConstraint("kind IN ('news', 'page')", name="articles_kind"),
        sa.CheckConstraint("slug ~ '^[a-z0-9]+(-[a-z0-9]+)*$'", name="articles_slug"),
    )
    op.create_index("articles_published", "articles", ["kind", sa.text("publish_time DESC")])
    op.create_table(
        "article_texts",
        sa.Column("kind", sa.Text, primary_key=True),
        sa.Column("slug", sa.Text, primary_key=True),
        sa.Column("language", sa.Text, primary_key=True),
        sa.Column("title", sa.Text, nullable=False),
        sa.Column("body", sa.Text, nullable=False),
        sa.ForeignKeyConstraint(
            ["kind", "slug"], ["articles.kind", "articles.slug"], name="article_texts_article", ondelete="CASCADE"
        ),
    )


def downgrade() -> None:
    raise NotImplementedError("a schema is taken back by restoring a backup")
