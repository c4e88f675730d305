"""A database full of tickets for the benchmark, made by PostgreSQL itself: a million in about a minute."""

from uuid import UUID

from sqlalchemy import text

from chassis.database import Transaction

BATCH = 100_000

# Every hundredth ticket of the batch belongs to the reader of the benchmark or to a colleague, never more than
# `most` of them in all; the others to one of 2,000 organisations with five people each. Ids are random, as they are
# in life; times fall in the last three years; five of six tickets are finished.
_TICKETS = text(
    """
    INSERT INTO tickets (id, number, kind, subject, state, visibility, reporter_id, organisation_id,
                         opened_at, updated_at, state_since, search)
    SELECT gen_random_uuid(), 1999 * 1000000000::bigint + nextval('ticket_serial'),
           made.kind, made.subject, made.state, made.visibility, made.reporter_id, made.organisation_id,
           made.opened_at, made.changed_at, made.changed_at,
           to_tsvector('german', made.subject || ' ' || :description)
               || array_to_tsvector(ARRAY['r' || made.reporter_id, 'o' || made.organisation_id])
      FROM (
        SELECT (CAST(:kinds AS text[]))[1 + n % cardinality(CAST(:kinds AS text[]))] AS kind,
               (ARRAY['Buchungslauf', 'Rechnung', 'Bericht', 'Anmeldung', 'Schnittstelle', 'Auswertung'])[1 + n % 6]
                   || ' ' || (ARRAY['bricht ab', 'fehlt', 'ist langsam', 'zeigt falsche Werte'])[1 + n % 4]
                   || ' (Fall ' || n || ')' AS subject,
               (ARRAY['closed', 'closed', 'closed', 'closed', 'closed', 'withdrawn', 'closed', 'closed', 'closed',
                      'in_progress', 'waiting', 'new'])[1 + (n / 100) % 12] AS state,
               CASE WHEN (n / 100) % 5 = 0 THEN 'own' ELSE 'organisation' END AS visibility,
               CASE WHEN spot.known AND n % 200 = 0 THEN CAST(:reporter AS uuid)
                    WHEN spot.known THEN CAST(:colleague AS uuid)
                    ELSE md5('person ' || n % 10000)::uuid END AS reporter_id,
               CASE WHEN spot.known THEN CAST(:organisation AS uuid)
                    ELSE md5('organisation ' || n % 2000)::uuid END AS organisation_id,
               moment.opened_at, moment.opened_at + (n % 96) * interval '1 hour' AS changed_at
          FROM generate_series(CAST(:first AS bigint), CAST(:last AS bigint)) AS n
          CROSS JOIN LATERAL (SELECT n % 100 = 0 AND n <= 100 * CAST(:most AS bigint) AS known) AS spot
          CROSS JOIN LATERAL (
              SELECT now() - interval '5 days' - (n * 7919 % 94608000) * interval '1 second' AS opened_at) AS moment
      ) AS made
    """
)
_OPENINGS = text(
    """
    INSERT INTO entries (id, ticket_id, position, kind, author_id, by_staff, created_at, text)
    SELECT gen_random_uuid(), tickets.id, 1, 'comment', reporter_id, false, opened_at, :description
      FROM tickets
     WHERE number > :after AND number < 2000 * 1000000000::bigint
    """
)
_LAST = text("SELECT coalesce(max(number), 0) FROM tickets WHERE number < 2000 * 1000000000::bigint")
_DESCRIPTION = (
    "Seit dem letzten Update tritt das jede Nacht auf. Betroffen sind alle Mandanten, ein Neustart hilft nicht."
)


async def seed_batch(
    tx: Transaction, first: int, last: int, *, reader: UUID, colleague: UUID, organisation: UUID, kinds: list[str]
) -> None:
    """Add the tickets `first` to `last`; those of reader and colleague stop at 10,000 between them."""
    after = await tx.scalar(_LAST)
    values = {"reporter": reader, "colleague": colleague, "organisation": organisation, "kinds": kinds}
    span = {"first": first, "last": last, "most": 10_000, "description": _DESCRIPTION}
    await tx.execute(_TICKETS, values | span)
    await tx.execute(_OPENINGS, {"after": after, "description": _DESCRIPTION})


async def analyse(tx: Transaction) -> None:
    """Tell the planner what is there now."""
    await tx.execute(text("ANALYZE tickets, entries"))
