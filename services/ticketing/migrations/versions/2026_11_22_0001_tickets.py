"""Tickets, their history, their numbers and the staff of the desk."""

from alembic import op

from chassis.migration import create_chassis_tables

revision = "ticketing_0001"
down_revision = None
branch_labels = None
depends_on = None

_TABLES = """
CREATE TABLE tickets (
    id uuid PRIMARY KEY,
    number bigint NOT NULL CONSTRAINT tickets_number UNIQUE,
    kind text NOT NULL,
    subject text NOT NULL,
    state text NOT NULL CONSTRAINT tickets_state_known CHECK (state IN (
        'new', 'in_progress', 'waiting', 'resolved', 'closed', 'withdrawn', 'rejected', 'noted', 'duplicate')),
    visibility text NOT NULL CONSTRAINT tickets_visibility_known CHECK (
        visibility IN ('own', 'organisation', 'confidential')),
    reporter_id uuid NOT NULL,
    organisation_id uuid,
    customer_id uuid,
    assignee_id uuid,
    answer_due date,
    duplicate_of uuid CONSTRAINT tickets_duplicate_of REFERENCES tickets,
    follows uuid CONSTRAINT tickets_follows REFERENCES tickets,
    opened_at timestamptz NOT NULL,
    updated_at timestamptz NOT NULL,
    state_since timestamptz NOT NULL,
    search tsvector NOT NULL,
    CONSTRAINT tickets_shared_with_somebody CHECK (visibility <> 'organisation' OR organisation_id IS NOT NULL),
    CONSTRAINT tickets_duplicate_named CHECK ((state = 'duplicate') = (duplicate_of IS NOT NULL)),
    CONSTRAINT tickets_not_its_own_double CHECK (duplicate_of <> id)
);
CREATE TABLE entries (
    id uuid PRIMARY KEY,
    ticket_id uuid NOT NULL CONSTRAINT entries_ticket REFERENCES tickets,
    position integer NOT NULL,
    kind text NOT NULL CONSTRAINT entries_kind_known CHECK (
        kind IN ('comment', 'state', 'visibility', 'note', 'assigned')),
    author_id uuid,
    by_staff boolean NOT NULL,
    created_at timestamptz NOT NULL,
    text text,
    from_state text,
    to_state text,
    visibility text,
    assignee_id uuid,
    comment_id uuid,
    CONSTRAINT entries_ticket_position UNIQUE (ticket_id, position),
    CONSTRAINT entries_say_something CHECK ((kind IN ('comment', 'note')) = (text IS NOT NULL)),
    CONSTRAINT entries_step_somewhere CHECK ((kind = 'state') = (to_state IS NOT NULL)),
    CONSTRAINT entries_note_by_staff CHECK (by_staff OR kind NOT IN ('note', 'assigned'))
);
CREATE SEQUENCE ticket_serial;
CREATE TABLE ticket_years (year smallint PRIMARY KEY, base bigint NOT NULL);
CREATE TABLE desk_agents (account_id uuid PRIMARY KEY, seen_at timestamptz NOT NULL);
"""

# Each list has the index that gives its next page: the limit first, then the order. The state stands between
# them in the second of each pair; lists of several states merge one short scan for each.
_INDEXES = """
CREATE INDEX tickets_mine_changed ON tickets (reporter_id, updated_at, id);
CREATE INDEX tickets_mine_state ON tickets (reporter_id, state, updated_at, id);
CREATE INDEX tickets_mine_number ON tickets (reporter_id, number);
CREATE INDEX tickets_shared_changed ON tickets (organisation_id, visibility, updated_at, id);
CREATE INDEX tickets_shared_state ON tickets (organisation_id, visibility, state, updated_at, id);
CREATE INDEX tickets_shared_number ON tickets (organisation_id, visibility, number);
CREATE INDEX tickets_desk_changed ON tickets (updated_at, id);
CREATE INDEX tickets_desk_state ON tickets (state, updated_at, id);
CREATE INDEX tickets_desk_assignee ON tickets (assignee_id, state, updated_at, id);
CREATE INDEX tickets_duplicates ON tickets (duplicate_of) WHERE duplicate_of IS NOT NULL;
CREATE INDEX tickets_followers ON tickets (follows) WHERE follows IS NOT NULL;
CREATE INDEX tickets_search ON tickets USING gin (search);
"""


def upgrade() -> None:
    create_chassis_tables()
    op.execute(_TABLES)
    op.execute(_INDEXES)


def downgrade() -> None:
    raise NotImplementedError("There is nothing before the first schema.")
