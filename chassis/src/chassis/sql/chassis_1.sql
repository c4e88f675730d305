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
    publish_time timestamptz,
    CONSTRAINT outbox_subject_sequence UNIQUE (subject, sequence)
);
CREATE INDEX outbox_pending ON outbox (subject, sequence) WHERE publish_time IS NULL;
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

-- procrastinate looks for the next job of a lock only when it polls: this tells the workers at once.
CREATE INDEX jobs_waiting_for_lock ON procrastinate_jobs (lock, id) WHERE status = 'todo' AND lock IS NOT NULL;

CREATE FUNCTION wake_next_job_of_lock() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    next procrastinate_jobs;
BEGIN
    SELECT * INTO next FROM procrastinate_jobs WHERE lock = OLD.lock AND status = 'todo' ORDER BY id LIMIT 1;
    IF FOUND AND (next.scheduled_at IS NULL OR next.scheduled_at <= now()) THEN
        PERFORM pg_notify('procrastinate_queue_v1#' || next.queue_name,
                          json_build_object('type', 'job_inserted', 'job_id', next.id)::text);
    END IF;
    RETURN NULL;
END;
$$;
CREATE TRIGGER wake_next_job_of_lock_done AFTER UPDATE OF status ON procrastinate_jobs
    FOR EACH ROW WHEN (OLD.lock IS NOT NULL AND OLD.status = 'doing') EXECUTE FUNCTION wake_next_job_of_lock();
CREATE TRIGGER wake_next_job_of_lock_gone AFTER DELETE ON procrastinate_jobs
    FOR EACH ROW WHEN (OLD.lock IS NOT NULL AND OLD.status = 'doing') EXECUTE FUNCTION wake_next_job_of_lock();
