"""A customer-link database full of numbers, made by PostgreSQL itself: a million in some minutes.

Every number has an owner, data and a code; six of ten are held by somebody. Triggers and the index of the search rest
while rows come in, and what they would have written is compared with what was, in a sample.
"""

import secrets
from collections.abc import Iterator
from contextlib import contextmanager

import psycopg
from psycopg.rows import TupleRow

from bench.portal_run import PortalRun
from chassis.key_ring import KeyRing
from customer_link.adapters.code_keeper import SealingKeeper
from customer_link.domain.activation_code import make_code

_BATCH = 50_000
_SERVICE = "customer-link"
_TRIGGERS = ("customer", "customer_data")
_KEY = "md5('bench customer ' || n)::uuid"
_CODE = "md5('bench code ' || n)::uuid"
_MADE = """
    CREATE TEMPORARY TABLE made ON COMMIT DROP AS
    SELECT n, n / 4 AS owner,
           'B ' || lpad((n / 10000)::text, 4, '0') || ' ' || lpad((n %% 10000)::text, 4, '0') AS number,
           'B' || lpad(n::text, 8, '0') AS number_key,
           %(types)s::text[] AS types, 1 + n %% cardinality(%(types)s::text[]) AS kind,
           (SELECT string_agg((ARRAY['ber','lan','mo','ri','sta','ku','wei','nor','tal','fe','gra','hol'])[
               1 + (hashint8(n / 4 * 7 + part) & 65535) %% 12], '') FROM generate_series(1, 4) AS part) AS name,
           (ARRAY['Gasthaus','Kulturverein','Café','Handels-GmbH','Radio','Hotel','Bäckerei','Müller & Söhne'])[
               1 + (n / 4) %% 8] AS form,
           (ARRAY['Ungargasse','Hauptstraße','Lindengasse','Bahnhofstraße','Schloßweg','Am Graben'])[1 + n %% 6]
               || ' ' || 1 + n %% 180 AS street,
           CASE WHEN n %% 4 = 0 THEN '1' || lpad((n %% 23)::text, 2, '0') || '0 Wien'
                ELSE (ARRAY['8010 Graz','4020 Linz','5020 Salzburg','6020 Innsbruck','9020 Klagenfurt','2340 Mödling',
                            '3400 Klosterneuburg','7000 Eisenstadt','3100 St. Pölten','6900 Bregenz'])[1 + n %% 10]
           END AS place,
           n / 5 %% 20 AS lot,
           now() - (n * 7919 %% 94608000) * interval '1 second' AS spent_at,
           now() - interval '7 days' - (n * 7919 %% 4500000) * interval '1 second' AS fresh_at,
           now() - interval '100 days' - (n * 7919 %% 31000000) * interval '1 second' AS stale_at
      FROM generate_series(%(first)s::bigint, %(last)s::bigint) AS n
"""
_ROWS = (
    """
    INSERT INTO organisation (id, name, name_key)
    SELECT DISTINCT ON (owner) md5('bench organisation ' || owner)::uuid, form || ' ' || initcap(name),
           lower(form || ' ' || name)
      FROM made ORDER BY owner ON CONFLICT DO NOTHING
    """,
    f"""
    INSERT INTO customer (id, organisation_id, number, number_key, type, search_text)
    SELECT {_KEY}, md5('bench organisation ' || owner)::uuid, number, number_key, types[kind],
           form_of.text || ' ' || search_without_digraphs(form_of.text)
      FROM made CROSS JOIN LATERAL (SELECT search_form(concat_ws(' ', number, number_key, form || ' ' || initcap(name),
          concat_ws(' ', form || ' ' || initcap(name), street || ' ' || place))) AS text) AS form_of
    """,
    f"""
    INSERT INTO customer_data (customer_id, as_of, received_at, document)
    SELECT {_KEY}, fresh_at, fresh_at, jsonb_build_object('name', form || ' ' || initcap(name),
           'address', jsonb_build_array(street, place), 'contracts', '[]'::jsonb, 'invoices', jsonb_build_array(
               jsonb_build_object('number', '2026-' || n, 'date', '2026-09-01', 'due', '2026-09-29', 'cents', n % 90000,
                                  'currency', 'EUR', 'state', 'paid')))
      FROM made
    """,
    # Five numbers in a row are of five types: an account holds one of each.
    f"""
    INSERT INTO link (id, account_id, customer_id, type, holder_slot, type_slot, created_at)
    SELECT md5('bench link ' || n)::uuid, md5('bench account ' || n / cardinality(types))::uuid, {_KEY}, types[kind],
           1, 1, spent_at
      FROM made WHERE lot < 12
    """,
    f"""
    INSERT INTO activation_code (id, customer_id, state, key_id, mac, issued_at, valid_until, issued_by, printed_at,
                                 used_at, used_by, superseded_at, withdrawn_at, withdrawn_by, withdrawal)
    SELECT {_CODE}, {_KEY}, state, 'bench', sha256(('bench ' || n)::bytea), issued_at, issued_at + interval '90 days',
           who, CASE WHEN state = 'printed' THEN issued_at END,
           CASE WHEN state = 'used' THEN issued_at + interval '5 days' END, CASE WHEN state = 'used' THEN who END,
           CASE WHEN state = 'superseded' THEN issued_at END,
           CASE WHEN state = 'withdrawn' THEN issued_at END, CASE WHEN state = 'withdrawn' THEN who END,
           CASE WHEN state = 'withdrawn' THEN 'lost' END
      FROM (SELECT n, CASE WHEN lot < 12 THEN 'used' WHEN lot < 14 THEN 'issued' WHEN lot < 15 THEN 'printed'
                           WHEN lot < 17 THEN 'printed' WHEN lot < 19 THEN 'superseded' ELSE 'withdrawn' END AS state,
                   CASE WHEN lot < 12 THEN spent_at WHEN lot < 15 THEN fresh_at ELSE stale_at END AS issued_at,
                   md5('bench account ' || n / cardinality(types))::uuid AS who
              FROM made) AS lived
    """,
    f"""
    INSERT INTO link_request (id, account_id, customer_id, kind, code_id, reason, text, opened_at, state, decided_at,
                              answer, former_holders)
    SELECT md5('bench request ' || n)::uuid, md5('bench asker ' || n)::uuid, {_KEY}, 'held_by_another', {_CODE},
           'other', 'Der Betrieb ist übernommen.', fresh_at, CASE WHEN n % 500 = 1 THEN 'open' ELSE 'refused' END,
           CASE WHEN n % 500 <> 1 THEN fresh_at + interval '1 day' END, '', '{{}}'
      FROM made WHERE n % 50 = 1
    """,
    """
    INSERT INTO contact (id, organisation_id, email, email_key, display_name, language, account_id)
    SELECT md5('bench contact ' || owner)::uuid, md5('bench organisation ' || owner)::uuid, mail, mail,
           'Erika ' || initcap(name), 'de', md5('bench person ' || owner)::uuid
      FROM (SELECT DISTINCT ON (owner) owner, name, 'erika' || owner || '@bench.example' AS mail FROM made
             WHERE owner % 4 = 0 ORDER BY owner) AS people
      ON CONFLICT DO NOTHING
    """,
)
_UNLIKE = f"""
    SELECT count(*) FROM generate_series(%(first)s::bigint, %(last)s::bigint, 997) AS n JOIN customer ON id = {_KEY}
     WHERE search_text <> customer_search_text(id, number, number_key, organisation_id)
"""
_FREE = """
    SELECT activation_code.id, number FROM activation_code JOIN customer ON customer.id = customer_id
     WHERE state = 'issued' AND key_id = 'bench' AND customer.type = %s LIMIT %s
"""
_KEEP = "UPDATE activation_code SET key_id = %s, mac = %s, sealed = %s WHERE id = %s"
_GIN = "SELECT indexdef FROM pg_indexes WHERE indexname = 'customer_search'"


def seed_customers(run: PortalRun, first: int, last: int, types: list[str]) -> None:
    """Adds the numbers `first` to `last` with all that belongs to them.

    Raises:
        RuntimeError: what is searched is not what the service's own triggers would have written.
    """
    with database_of(run) as connection:
        with _resting_search(connection):
            for begin in range(first, last + 1, _BATCH):
                _add(connection, {"first": begin, "last": min(begin + _BATCH - 1, last), "types": types})
        connection.execute("VACUUM (ANALYZE)")
        unlike = connection.execute(_UNLIKE, {"first": first, "last": last}).fetchone()
    if unlike != (0,):
        raise RuntimeError(f"the text that is searched is not the service's own: {unlike}")


def put_codes(run: PortalRun, type_id: str, count: int) -> list[tuple[str, str]]:
    """Gives free numbers of a type real codes, kept as the service keeps them; the numbers with their codes."""
    keeper = SealingKeeper(KeyRing.parse(run.environment_of(_SERVICE)["PORTAL_CODE_KEYS"]))
    found = []
    with database_of(run) as connection:
        for code_id, number in connection.execute(_FREE, (type_id, count)).fetchall():
            code = make_code(secrets.randbelow)
            kept = keeper.keep(code_id, code)
            connection.execute(_KEEP, (kept.key_id, kept.mac, kept.sealed, code_id))
            found.append((number, code))
    return found


@contextmanager
def database_of(run: PortalRun) -> Iterator["psycopg.Connection[TupleRow]"]:
    """The service's own database, in its own role; each statement is a transaction."""
    with psycopg.connect(run.environment_of(_SERVICE)["PORTAL_DATABASE_URL"], autocommit=True) as connection:
        yield connection


@contextmanager
def _resting_search(connection: "psycopg.Connection[TupleRow]") -> Iterator[None]:
    """Writes the index of the search once, at the end, in place of a million times."""
    index = str((connection.execute(_GIN).fetchone() or ("",))[0])
    connection.execute("DROP INDEX customer_search")
    for table in _TRIGGERS:
        connection.execute(f"ALTER TABLE {table} DISABLE TRIGGER USER".encode())
    yield
    for table in _TRIGGERS:
        connection.execute(f"ALTER TABLE {table} ENABLE TRIGGER USER".encode())
    connection.execute("SET maintenance_work_mem = '256MB'")
    connection.execute(index.encode())


def _add(connection: "psycopg.Connection[TupleRow]", values: dict[str, object]) -> None:
    with connection.transaction():
        connection.execute(_MADE.encode(), values)
        for rows in _ROWS:
            connection.execute(rows.encode())
