"""The tables of accounts. What must be unique is unique here, whatever two replicas do at once."""

from sqlalchemy import (
    ARRAY,
    BigInteger,
    Boolean,
    Column,
    Computed,
    DateTime,
    ForeignKey,
    Index,
    Integer,
    LargeBinary,
    MetaData,
    Table,
    Text,
    UniqueConstraint,
    Uuid,
    text,
)
from sqlalchemy.dialects.postgresql import JSONB

from identity.domain.profile import FIELDS

metadata = MetaData()
_TIME = DateTime(timezone=True)

account = Table(
    "account",
    metadata,
    Column("id", Uuid, primary_key=True),
    Column("username", Text, nullable=False),
    Column("username_key", Text, nullable=False),
    Column("email", Text, nullable=False),
    Column("email_key", Text, nullable=False),
    Column("display_name", Text, nullable=False),
    *(Column(name, Text, nullable=False, server_default="") for name in FIELDS),
    Column("terms_version", Text, nullable=False, server_default=""),
    Column("terms_accepted_at", _TIME),
    Column("language", Text, nullable=False),
    Column("state", Text, nullable=False),
    Column("roles", ARRAY(Text), nullable=False, server_default="{}"),
    Column("password_hash", Text),
    Column("created_at", _TIME, nullable=False),
    # Its expression stands in the migration: functions of the database make it.
    Column("search_text", Text, Computed("search_form(username)", persisted=True), nullable=False),
    UniqueConstraint("username_key", name="account_username"),
    # Unconfirmed registrations may share an address: whoever confirms first has it (README, "One answer").
    Index(
        "account_email",
        "email_key",
        unique=True,
        postgresql_where=text("state IN ('invited', 'active', 'locked')"),
    ),
    Index("account_unconfirmed", "email_key", "created_at", postgresql_where=text("state = 'unconfirmed'")),
    Index("account_search", text("search_grams(search_text)"), postgresql_using="gin"),
    Index("account_newest", text("created_at DESC"), text("id DESC")),
    Index("account_in_state", "state", text("created_at DESC"), text("id DESC")),
    Index("account_staff", text("created_at DESC"), text("id DESC"), postgresql_where=text("cardinality(roles) > 0")),
)

challenge = Table(
    "challenge",
    metadata,
    Column("id", Uuid, primary_key=True),
    Column("account_id", Uuid, ForeignKey("account.id", ondelete="CASCADE")),
    Column("purpose", Text, nullable=False),
    Column("email", Text, nullable=False, server_default=""),
    Column("key_id", Text, nullable=False),
    Column("issued_at", _TIME, nullable=False),
    Column("expires_at", _TIME, nullable=False),
    Column("used_at", _TIME),
    Column("replaced_at", _TIME),
    Index("challenge_account", "account_id", "purpose"),
    Index("challenge_expires", "expires_at"),
)

session = Table(
    "session",
    metadata,
    Column("id", Uuid, primary_key=True),
    Column("account_id", Uuid, ForeignKey("account.id", ondelete="CASCADE"), nullable=False),
    Column("token_hash", LargeBinary, nullable=False),
    Column("authenticated_at", _TIME, nullable=False),
    Column("seen_at", _TIME, nullable=False),
    Column("idle_until", _TIME, nullable=False),
    Column("expires_at", _TIME, nullable=False),
    Column("second_factor", Boolean, nullable=False),
    Column("pending", Boolean, nullable=False),
    Column("browser", Text, nullable=False),
    Column("remembered", Boolean, nullable=False, server_default="false"),
    Column("device_name", Text, nullable=False, server_default=""),
    UniqueConstraint("token_hash", name="session_token"),
    Index("session_account", "account_id"),
    Index("session_idle", "idle_until"),
)

throttle = Table(
    "throttle",
    metadata,
    Column("key", Text(collation="C"), primary_key=True),
    Column("tries", Integer, nullable=False),
    Column("last_at", _TIME, nullable=False),
    Column("paused_until", _TIME, nullable=False),
)

second_factor = Table(
    "second_factor",
    metadata,
    Column("account_id", Uuid, ForeignKey("account.id", ondelete="CASCADE"), primary_key=True),
    Column("key_id", Text, nullable=False),
    Column("sealed", LargeBinary, nullable=False),
    Column("last_step", BigInteger, nullable=False),
)

# What happened to an account. Staff never act without a reason (a check in the migration); `details` names no person.
history = Table(
    "history",
    metadata,
    Column("id", Uuid, primary_key=True),
    Column("account_id", Uuid, ForeignKey("account.id", ondelete="CASCADE"), nullable=False),
    Column("at", _TIME, nullable=False),
    Column("actor_kind", Text, nullable=False),
    Column("actor_id", Uuid),
    Column("action", Text, nullable=False),
    Column("reason", Text, nullable=False, server_default=""),
    Column("details", JSONB, nullable=False, server_default="{}"),
    Index("history_account", "account_id", text("at DESC"), text("id DESC")),
    Index("history_at", "at"),
)

api_client = Table(
    "api_client",
    metadata,
    Column("id", Uuid, primary_key=True),
    Column("name", Text, nullable=False),
    Column("scopes", ARRAY(Text), nullable=False),
    Column("secret_hash", LargeBinary, nullable=False),
    Column("created_at", _TIME, nullable=False),
    Column("ended_at", _TIME),
    Index("api_client_name", "name", unique=True, postgresql_where=text("ended_at IS NULL")),
)

access_token = Table(
    "access_token",
    metadata,
    Column("token_hash", LargeBinary, primary_key=True),
    Column("client_id", Uuid, ForeignKey("api_client.id", ondelete="CASCADE"), nullable=False),
    Column("scopes", ARRAY(Text), nullable=False),
    Column("expires_at", _TIME, nullable=False),
    Index("access_token_client", "client_id"),
    Index("access_token_expires", "expires_at"),
)

passkey = Table(
    "passkey",
    metadata,
    Column("id", Uuid, primary_key=True),
    Column("account_id", Uuid, ForeignKey("account.id", ondelete="CASCADE"), nullable=False),
    Column("credential_id", LargeBinary, nullable=False),
    Column("public_key", LargeBinary, nullable=False),
    Column("sign_count", BigInteger, nullable=False),
    Column("name", Text, nullable=False),
    Column("created_at", _TIME, nullable=False),
    Column("last_used_at", _TIME),
    UniqueConstraint("credential_id", name="passkey_credential"),
    Index("passkey_account", "account_id"),
)

passkey_ceremony = Table(
    "passkey_ceremony",
    metadata,
    Column("id", Uuid, primary_key=True),
    Column("purpose", Text, nullable=False),
    Column("account_id", Uuid, ForeignKey("account.id", ondelete="CASCADE")),
    Column("challenge", LargeBinary, nullable=False),
    Column("expires_at", _TIME, nullable=False),
    Index("passkey_ceremony_expires", "expires_at"),
)

enrolment = Table(
    "enrolment",
    metadata,
    Column("account_id", Uuid, ForeignKey("account.id", ondelete="CASCADE"), primary_key=True),
    Column("key_id", Text, nullable=False),
    Column("sealed", LargeBinary, nullable=False),
    Column("started_at", _TIME, nullable=False),
)

recovery_code = Table(
    "recovery_code",
    metadata,
    Column("account_id", Uuid, ForeignKey("account.id", ondelete="CASCADE"), primary_key=True),
    Column("digest", LargeBinary, primary_key=True),
)

# All data about one person in one file, sealed; and while it is put together, what each service said.
personal_export = Table(
    "personal_export",
    metadata,
    Column("id", Uuid, primary_key=True),
    Column("account_id", Uuid, ForeignKey("account.id", ondelete="CASCADE"), nullable=False),
    Column("asked_at", _TIME, nullable=False),
    Column("expires_at", _TIME, nullable=False),
    Column("ready_at", _TIME),
    Column("size", Integer, nullable=False, server_default="0"),
    Column("key_id", Text),
    Column("sealed", LargeBinary),
    UniqueConstraint("account_id", name="personal_export_account"),
    Index("personal_export_expires", "expires_at"),
)

personal_export_part = Table(
    "personal_export_part",
    metadata,
    Column("export_id", Uuid, ForeignKey("personal_export.id", ondelete="CASCADE"), primary_key=True),
    Column("source", Text, primary_key=True),
    Column("key_id", Text, nullable=False),
    Column("sealed", LargeBinary, nullable=False),
)

# No foreign key: the row stays when its account is erased. `receipts`: service → how many records it erased.
closing = Table(
    "closing",
    metadata,
    Column("account_id", Uuid, primary_key=True),
    Column("closed_at", _TIME, nullable=False),
    Column("erase_at", _TIME, nullable=False),
    Column("erased_at", _TIME),
    Column("receipts", JSONB, nullable=False, server_default="{}"),
    Index("closing_due", "erase_at", postgresql_where=text("erased_at IS NULL")),
)
