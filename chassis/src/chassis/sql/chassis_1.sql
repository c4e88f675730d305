-- First version of the chassis tables. Frozen: a later change is a new file and a new migration of each service.

CREATE TABLE outbox (
    id uuid PRIMARY KEY,
    position bigint GENERATED ALWAYS AS IDENTITY NOT NULL,
    subject uuid NOT NULL,
    sequence bigint NOT NULL,
    type text NOT NULL,
    time timestamptz NOT NULL,
    data jsonb NOT NULL,
    traceparent text,
    urgent boolean NOT NULL DEFAULT false,
    attempts integer NOT NULL DEFAULT 0,
    retry_time timestamptz,
    publish_time timestamptz,
    CONSTRAINT outbox_subject_sequence UNIQUE (subject, sequence)
);
CREATE INDEX outbox_pending ON outbox (urgent DESC, position) WHERE publish_time IS NULL;
CREATE INDEX outbox_published ON outbox (publish_time) WHERE publish_time IS NOT NULL;

CREATE TABLE outbox_sequences (
    subject uuid PRIMARY KEY,
    last bigint NOT NULL
);

CREATE TABLE relay_lease (
    name text PRIMARY KEY,
    holder text NOT NULL,
    term bigint NOT NULL,
    expire_time timestamptz NOT NULL
);

CREATE TABLE inbox (
    consumer text NOT NULL,
    event_id uuid NOT NULL,
    receive_time timestamptz NOT NULL DEFAULT now(),
    PRIMARY KEY (consumer, event_id)
);
CREATE INDEX inbox_receive_time ON inbox (receive_time);

CREATE TABLE idempotency_keys (
    caller text NOT NULL,
    route text NOT NULL,
    key text NOT NULL,
    body_hash bytea NOT NULL,
    status smallint,
    location text,
    body text,
    create_time timestamptz NOT NULL DEFAULT now(),
    PRIMARY KEY (caller, route, key, body_hash)
);
CREATE INDEX idempotency_keys_create_time ON idempotency_keys (create_time);
