"""Codes that were tried in vain, in PostgreSQL."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import delete, func, or_, select, update
from sqlalchemy.dialects.postgresql import insert

from chassis.database import Transaction
from customer_link.adapters.tables import code_failure, guess_alert
from customer_link.domain.guesses import DAY, HOUR, GuessAlert, Guessed, Guesses

_row = code_failure.c
_MOST_ALERTS = 20


class PostgresFailures:
    """See ports.Failures."""

    def __init__(self, tx: Transaction) -> None:
        self._tx = tx

    async def count(self, account_id: UUID, source: str, number_key: str, now: datetime) -> Guesses:
        # Guesses sent at once queue here, so that each sees the failures of those before it. Always the
        # account first, then the source: nobody waits in a circle.
        for name in (f"guess account {account_id}", f"guess source {source}"):
            await self._tx.execute(select(func.pg_advisory_xact_lock(func.hashtextextended(name, 0))))
        by_account = (_row.account_id == account_id) & (_row.failed_at > now - DAY)
        by_source = (_row.source == source) & (_row.failed_at > now - HOUR)
        of_number = (_row.number_key == number_key) & (_row.failed_at > now - DAY)
        statement = select(
            func.count().filter(by_account),
            func.min(_row.failed_at).filter(by_account),
            func.count().filter(by_source),
            func.min(_row.failed_at).filter(by_source),
            func.count().filter(of_number),
        ).where(or_(by_account, by_source, of_number))
        return Guesses(*(await self._tx.execute(statement)).one())

    async def add(self, account_id: UUID, source: str, number_key: str, at: datetime) -> None:
        values = {"account_id": account_id, "source": source, "number_key": number_key, "failed_at": at}
        await self._tx.execute(insert(code_failure).values(values))

    async def alert(self, kind: Guessed, subject: str, failures: int, at: datetime) -> bool:
        values = {"kind": kind, "subject": subject, "failures": failures, "first_at": at, "last_at": at}
        added = insert(guess_alert).values(values)
        raised = {"failures": added.excluded.failures, "last_at": at}
        unseen = guess_alert.c.seen_at.is_(None)
        statement = added.on_conflict_do_update(index_elements=["kind", "subject"], index_where=unseen, set_=raised)
        first_at = await self._tx.scalar(statement.returning(guess_alert.c.first_at))
        return bool(first_at == at)

    async def alerts(self) -> list[GuessAlert]:
        alert = guess_alert.c
        columns = (alert.id, alert.kind, alert.subject, alert.failures, alert.first_at, alert.last_at)
        statement = select(*columns).where(alert.seen_at.is_(None)).order_by(alert.last_at.desc()).limit(_MOST_ALERTS)
        return [GuessAlert(row.id, Guessed(row.kind), *row[2:]) for row in await self._tx.execute(statement)]

    async def see(self, alert_id: int, by: UUID, at: datetime) -> None:
        wanted = (guess_alert.c.id == alert_id) & guess_alert.c.seen_at.is_(None)
        await self._tx.execute(update(guess_alert).where(wanted).values(seen_at=at, seen_by=by))

    async def forget(self, before: datetime) -> int:
        return (await self._tx.execute(delete(code_failure).where(_row.failed_at < before))).rowcount
