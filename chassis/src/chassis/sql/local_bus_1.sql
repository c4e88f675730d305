-- The local bus. Safe to run again and side by side (under the lock that its caller takes).

CREATE TABLE IF NOT EXISTS bus_events (
    position bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    type text NOT NULL,
    subject text NOT NULL,
    body bytea NOT NULL,
    publish_time timestamptz NOT NULL DEFAULT now()
);
CREATE INDEX IF NOT EXISTS bus_events_publish_time ON bus_events (publish_time);

CREATE TABLE IF NOT EXISTS bus_subscribers (
    name text PRIMARY KEY,
    types text[] NOT NULL
);

-- What a subscriber still has to do; done is deleted. A claim is a replica's for as long as it renews it.
CREATE TABLE IF NOT EXISTS bus_deliveries (
    subscriber text NOT NULL REFERENCES bus_subscribers ON DELETE CASCADE,
    position bigint NOT NULL REFERENCES bus_events,
    subject text NOT NULL,
    deliveries integer NOT NULL DEFAULT 0,
    claim uuid,
    claimed_until timestamptz,
    dead boolean NOT NULL DEFAULT false,
    PRIMARY KEY (subscriber, position)
);
CREATE INDEX IF NOT EXISTS bus_deliveries_waiting ON bus_deliveries (subscriber, subject, position) WHERE NOT dead;
CREATE INDEX IF NOT EXISTS bus_deliveries_position ON bus_deliveries (position);

-- The lock makes positions visible in their order, so that "everything after n" has no gaps.
CREATE OR REPLACE FUNCTION bus_publish(event_type text, event_subject text, event_body bytea) RETURNS void
LANGUAGE plpgsql AS $$
DECLARE
    new_position bigint;
BEGIN
    PERFORM pg_advisory_xact_lock(hashtext('bus_events'));
    INSERT INTO bus_events (type, subject, body) VALUES (event_type, event_subject, event_body)
        RETURNING position INTO new_position;
    INSERT INTO bus_deliveries (subscriber, position, subject)
        SELECT name, new_position, event_subject FROM bus_subscribers WHERE event_type = ANY(types);
    PERFORM pg_notify('bus_events', '');
END;
$$;

-- A new subscriber begins with the log of the last day.
CREATE OR REPLACE FUNCTION bus_subscribe(subscriber_name text, event_types text[], back interval) RETURNS void
LANGUAGE plpgsql AS $$
BEGIN
    PERFORM pg_advisory_xact_lock(hashtext('bus_events'));
    UPDATE bus_subscribers SET types = event_types WHERE name = subscriber_name;
    IF NOT FOUND THEN
        INSERT INTO bus_subscribers (name, types) VALUES (subscriber_name, event_types);
        INSERT INTO bus_deliveries (subscriber, position, subject)
            SELECT subscriber_name, position, subject FROM bus_events
             WHERE type = ANY(event_types) AND publish_time > now() - back;
    END IF;
END;
$$;
