"""Organisations, customer numbers, codes, links, contacts."""

from alembic import op

from chassis.migration import create_chassis_tables

revision = "customer_link_0001"
down_revision = None
branch_labels = None
depends_on = None

_TABLES = """
CREATE TABLE organisation (
    id uuid PRIMARY KEY,
    name text NOT NULL CONSTRAINT organisation_name UNIQUE
);
CREATE TABLE customer (
    id uuid PRIMARY KEY,
    number text NOT NULL,
    number_key text NOT NULL CONSTRAINT customer_number UNIQUE,
    type text NOT NULL,
    organisation_id uuid NOT NULL REFERENCES organisation,
    asked_at timestamptz,
    data_as_of timestamptz,
    data jsonb,
    CONSTRAINT customer_data_has_time CHECK ((data IS NULL) = (data_as_of IS NULL))
);
CREATE TABLE activation_code (
    id uuid PRIMARY KEY,
    customer_id uuid NOT NULL REFERENCES customer,
    state text NOT NULL CONSTRAINT activation_code_state_known CHECK (
        state IN ('issued', 'printed', 'used', 'superseded', 'withdrawn')),
    key_id text NOT NULL,
    mac bytea NOT NULL,
    sealed bytea,
    issued_at timestamptz NOT NULL,
    valid_until timestamptz NOT NULL,
    superseded_at timestamptz,
    used_at timestamptz,
    used_by uuid,
    CONSTRAINT activation_code_mac UNIQUE (key_id, mac, customer_id),
    CONSTRAINT activation_code_used CHECK ((used_at IS NULL) = (used_by IS NULL)),
    CONSTRAINT activation_code_superseded CHECK (state <> 'superseded' OR superseded_at IS NOT NULL)
);
CREATE TABLE link (
    id uuid PRIMARY KEY,
    account_id uuid NOT NULL,
    customer_id uuid NOT NULL REFERENCES customer,
    type text NOT NULL,
    holder_slot smallint NOT NULL CONSTRAINT link_holder_slot CHECK (holder_slot > 0),
    type_slot smallint NOT NULL CONSTRAINT link_type_slot CHECK (type_slot > 0),
    created_at timestamptz NOT NULL,
    ended_at timestamptz
);
CREATE TABLE contact (
    id uuid PRIMARY KEY,
    organisation_id uuid NOT NULL REFERENCES organisation,
    email text NOT NULL,
    email_key text NOT NULL,
    display_name text NOT NULL,
    language text NOT NULL,
    account_id uuid,
    removed_at timestamptz
);
CREATE TABLE link_failure (
    id uuid PRIMARY KEY DEFAULT gen_random_uuid(),
    account_id uuid NOT NULL,
    source text NOT NULL,
    number_hash bytea NOT NULL,
    failed_at timestamptz NOT NULL
);
"""

# Limits above one are slots: a number's holders and an account's numbers of one type (DESIGN 18).
_INDEXES = """
CREATE INDEX customer_organisation ON customer (organisation_id);
CREATE INDEX activation_code_customer ON activation_code (customer_id);
CREATE INDEX activation_code_sealed ON activation_code (issued_at) WHERE sealed IS NOT NULL;
CREATE UNIQUE INDEX link_holder ON link (customer_id, holder_slot) WHERE ended_at IS NULL;
CREATE UNIQUE INDEX link_type ON link (account_id, type, type_slot) WHERE ended_at IS NULL;
CREATE UNIQUE INDEX link_once ON link (account_id, customer_id) WHERE ended_at IS NULL;
CREATE UNIQUE INDEX contact_email ON contact (organisation_id, email_key) WHERE removed_at IS NULL;
CREATE INDEX contact_account ON contact (account_id) WHERE removed_at IS NULL;
CREATE INDEX link_failure_account ON link_failure (account_id, failed_at);
CREATE INDEX link_failure_source ON link_failure (source, failed_at);
CREATE INDEX link_failure_number ON link_failure (number_hash, failed_at);
"""


def upgrade() -> None:
    create_chassis_tables()
    op.execute(_TABLES)
    op.execute(_INDEXES)


def downgrade() -> None:
    for table in ("link_failure", "contact", "link", "activation_code", "customer", "organisation"):
        op.drop_table(table)
