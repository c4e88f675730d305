"""The tables of the notification service."""

from sqlalchemy import (
    CheckConstraint,
    Column,
    DateTime,
    ForeignKeyConstraint,
    Index,
    Integer,
    MetaData,
    Table,
    Text,
    UniqueConstraint,
    Uuid,
    text,
)

metadata = MetaData()
_TIME = DateTime(timezone=True)

# What was mailed to whom and what became of it: names, ids and times, never an address, a subject line or a body.
mails = Table(
    "mails",
    metadata,
    Column("id", Uuid, primary_key=True),
    Column("event_id", Uuid, nullable=False),
    Column("event_type", Text, nullable=False),
    Column("event_time", _TIME, nullable=False),
    Column("subject", Text, nullable=False),
    # Empty where an event as a whole was told to nobody.
    Column("account_id", Uuid),
    Column("letter", Text, nullable=False),
    Column("state", Text, nullable=False),
    Column("state_reason", Text, nullable=False, server_default=""),
    Column("attempts", Integer, nullable=False, server_default=text("0")),
    Column("create_time", _TIME, nullable=False),
    Column("update_time", _TIME, nullable=False),
    UniqueConstraint("event_id", "account_id", name="mails_once", postgresql_nulls_not_distinct=True),
    CheckConstraint("state IN ('pending', 'sent', 'failed', 'suppressed')", name="mails_state"),
    Index("mails_account", "account_id", "create_time"),
    Index("mails_pending", "create_time", postgresql_where=text("state = 'pending'")),
)

# What people find beside the bell: a kind and ids. The sentence is made when they look, with the rights of then.
notices = Table(
    "notices",
    metadata,
    Column("id", Uuid, primary_key=True),
    Column("account_id", Uuid, nullable=False),
    Column("kind", Text, nullable=False),
    Column("event_id", Uuid, nullable=False),
    # The ticket, request or customer number that the notice leads to; empty where its kind says enough.
    Column("thing_id", Uuid),
    Column("event_time", _TIME, nullable=False),
    Column("create_time", _TIME, nullable=False),
    Column("read_time", _TIME),
    UniqueConstraint("event_id", "account_id", name="notices_once"),
    Index("notices_account", "account_id", "event_time", "id"),
    Index("notices_unread", "account_id", postgresql_where=text("read_time IS NULL")),
    Index("notices_age", "event_time"),
)

# News and topic pages. What has no publish time yet, or one to come, is shown to nobody.
articles = Table(
    "articles",
    metadata,
    Column("kind", Text, primary_key=True),
    Column("slug", Text, primary_key=True),
    Column("position", Integer, nullable=False, server_default=text("0")),
    Column("publish_time", _TIME),
    CheckConstraint("kind IN ('news', 'page')", name="articles_kind"),
    CheckConstraint("slug ~ '^[a-z0-9]+(-[a-z0-9]+)*$'", name="articles_slug"),
    Index("articles_published", "kind", text("publish_time DESC")),
)

article_texts = Table(
    "article_texts",
    metadata,
    Column("kind", Text, primary_key=True),
    Column("slug", Text, primary_key=True),
    Column("language", Text, primary_key=True),
    Column("title", Text, nullable=False),
    Column("body", Text, nullable=False),
    ForeignKeyConstraint(
        ["kind", "slug"], ["articles.kind", "articles.slug"], name="article_texts_article", ondelete="CASCADE"
    ),
)
