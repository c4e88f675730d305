"""The tables of this service, as statements use them; the migrations make them."""

from sqlalchemy import (
    BigInteger,
    Column,
    DateTime,
    Identity,
    Integer,
    LargeBinary,
    MetaData,
    SmallInteger,
    Table,
    Text,
    Uuid,
)
from sqlalchemy.dialects.postgresql import ARRAY, JSONB

metadata = MetaData()
_TIME = DateTime(timezone=True)

organisation = Table(
    "organisation",
    metadata,
    Column("id", Uuid, primary_key=True),
    Column("name", Text, nullable=False),
    Column("name_key", Text, nullable=False),
    Column("reference", Text),
)

# asks counts the questions without an answer, asked_at is the time of the first of them.
customer = Table(
    "customer",
    metadata,
    Column("id", Uuid, primary_key=True),
    Column("organisation_id", Uuid, nullable=False),
    Column("number", Text, nullable=False),
    Column("number_key", Text, nullable=False),
    Column("type", Text, nullable=False),
    Column("asks", SmallInteger, nullable=False),
    Column("asked_at", _TIME),
    Column("next_ask_at", _TIME),
    Column("search_text", Text, nullable=False),
)

customer_data = Table(
    "customer_data",
    metadata,
    Column("customer_id", Uuid, primary_key=True),
    Column("as_of", _TIME, nullable=False),
    Column("received_at", _TIME, nullable=False),
    Column("document", JSONB, nullable=False),
)

link = Table(
    "link",
    metadata,
    Column("id", Uuid, primary_key=True),
    Column("account_id", Uuid, nullable=False),
    Column("customer_id", Uuid, nullable=False),
    Column("type", Text, nullable=False),
    Column("holder_slot", SmallInteger, nullable=False),
    Column("type_slot", SmallInteger, nullable=False),
    Column("created_at", _TIME, nullable=False),
    Column("ended_at", _TIME),
)

activation_code = Table(
    "activation_code",
    metadata,
    Column("id", Uuid, primary_key=True),
    Column("customer_id", Uuid, nullable=False),
    Column("state", Text, nullable=False),
    Column("key_id", Text, nullable=False),
    Column("mac", LargeBinary, nullable=False),
    Column("sealed", LargeBinary),
    Column("issued_at", _TIME, nullable=False),
    Column("valid_until", _TIME, nullable=False),
    Column("superseded_at", _TIME),
    Column("used_at", _TIME),
    Column("used_by", Uuid),
    Column("issued_by", Uuid),
    Column("printed_at", _TIME),
    Column("handed_over_at", _TIME),
    Column("handed_over_by", Uuid),
    Column("handover", Text),
    Column("withdrawn_at", _TIME),
    Column("withdrawn_by", Uuid),
    Column("withdrawal", Text),
)

contact = Table(
    "contact",
    metadata,
    Column("id", Uuid, primary_key=True),
    Column("organisation_id", Uuid, nullable=False),
    Column("email", Text, nullable=False),
    Column("email_key", Text, nullable=False),
    Column("display_name", Text, nullable=False),
    Column("language", Text, nullable=False),
    Column("account_id", Uuid),
    Column("removed_at", _TIME),
)

invitation = Table(
    "invitation",
    metadata,
    Column("id", Uuid, primary_key=True),
    Column("organisation_id", Uuid, nullable=False),
    Column("email", Text, nullable=False),
    Column("email_key", Text, nullable=False),
    Column("display_name", Text, nullable=False),
    Column("language", Text, nullable=False),
    Column("purpose", Text, nullable=False),
    Column("access_until", _TIME),
    Column("invited_by", Uuid, nullable=False),
    Column("invited_at", _TIME, nullable=False),
    Column("expires_at", _TIME, nullable=False),
    Column("state", Text, nullable=False),
    Column("account_id", Uuid),
    Column("answered_at", _TIME),
    Column("ended_at", _TIME),
)

# Who administers without holding a number; it counts only while the account is a member.
administrator = Table(
    "administrator",
    metadata,
    Column("organisation_id", Uuid, primary_key=True),
    Column("account_id", Uuid, primary_key=True),
    Column("named_by", Uuid, nullable=False),
    Column("named_at", _TIME, nullable=False),
)

code_failure = Table(
    "code_failure",
    metadata,
    Column("id", BigInteger, Identity(always=True), primary_key=True),
    Column("account_id", Uuid, nullable=False),
    Column("source", Text, nullable=False),
    Column("number_key", Text, nullable=False),
    Column("failed_at", _TIME, nullable=False),
)

code_batch = Table(
    "code_batch",
    metadata,
    Column("id", Uuid, primary_key=True),
    Column("source", Text, nullable=False),
    Column("created_by", Uuid, nullable=False),
    Column("created_at", _TIME, nullable=False),
    Column("valid_until", _TIME, nullable=False),
    Column("finished_at", _TIME),
    Column("handed_over_at", _TIME),
)

code_batch_line = Table(
    "code_batch_line",
    metadata,
    Column("batch_id", Uuid, primary_key=True),
    Column("position", Integer, primary_key=True),
    Column("number", Text, nullable=False),
    Column("customer_id", Uuid),
    Column("code_id", Uuid),
    Column("fault", Text),
)

code_order = Table(
    "code_order",
    metadata,
    Column("id", Uuid, primary_key=True),
    Column("account_id", Uuid, nullable=False),
    Column("number_key", Text, nullable=False),
    Column("customer_id", Uuid),
    Column("ordered_at", _TIME, nullable=False),
    Column("due_at", _TIME, nullable=False),
    Column("state", Text, nullable=False),
)

guess_alert = Table(
    "guess_alert",
    metadata,
    Column("id", BigInteger, Identity(always=True), primary_key=True),
    Column("kind", Text, nullable=False),
    Column("subject", Text, nullable=False),
    Column("failures", Integer, nullable=False),
    Column("first_at", _TIME, nullable=False),
    Column("last_at", _TIME, nullable=False),
    Column("seen_at", _TIME),
    Column("seen_by", Uuid),
)

customer_look = Table(
    "customer_look",
    metadata,
    Column("id", BigInteger, Identity(always=True), primary_key=True),
    Column("customer_id", Uuid, nullable=False),
    Column("staff_id", Uuid, nullable=False),
    Column("looked_at", _TIME, nullable=False),
)

link_request = Table(
    "link_request",
    metadata,
    Column("id", Uuid, primary_key=True),
    Column("account_id", Uuid, nullable=False),
    Column("customer_id", Uuid, nullable=False),
    Column("kind", Text, nullable=False),
    Column("code_id", Uuid, nullable=False),
    Column("reason", Text, nullable=False),
    Column("text", Text, nullable=False),
    Column("opened_at", _TIME, nullable=False),
    Column("state", Text, nullable=False),
    Column("assignee", Uuid),
    Column("decided_at", _TIME),
    Column("answer", Text, nullable=False),
    Column("former_holders", ARRAY(Uuid), nullable=False),
)

request_document = Table(
    "request_document",
    metadata,
    Column("id", Uuid, primary_key=True),
    Column("request_id", Uuid, nullable=False),
    Column("name", Text, nullable=False),
    Column("media_type", Text, nullable=False),
    Column("size", Integer, nullable=False),
    Column("sha256", LargeBinary, nullable=False),
    Column("added_at", _TIME, nullable=False),
)

invoice_document = Table(
    "invoice_document",
    metadata,
    Column("id", Uuid, primary_key=True),
    Column("customer_id", Uuid, nullable=False),
    Column("invoice", Text, nullable=False),
    Column("file_id", Uuid, nullable=False),
    Column("size", Integer, nullable=False),
    Column("sha256", LargeBinary, nullable=False),
    Column("as_of", _TIME, nullable=False),
    Column("received_at", _TIME, nullable=False),
)

link_request_step = Table(
    "link_request_step",
    metadata,
    Column("id", BigInteger, Identity(always=True), primary_key=True),
    Column("request_id", Uuid, nullable=False),
    Column("act", Text, nullable=False),
    Column("at", _TIME, nullable=False),
    Column("by", Uuid),
)
