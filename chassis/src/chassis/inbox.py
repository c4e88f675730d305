"""Events enter a service only through here: seen and done in one transaction, so twice is nothing."""

from collections.abc import Awaitable, Callable, Mapping
from typing import TypeAlias

from sqlalchemy.dialects.postgresql import insert

from chassis import telemetry
from chassis.database import Database, Transaction
from chassis.messaging import Event
from chassis.request_context import handling
from chassis.tables import inbox

Handler: TypeAlias = Callable[[Transaction, Event], Awaitable[None]]
"""Writes the event's effect, or a job; makes no network call."""


class Inbox:
    """What one consumer of a service does with each type of event."""

    def __init__(self, database: Database, consumer: str, handlers: Mapping[str, Handler]) -> None:
        self._database = database
        self._consumer = consumer
        self._handlers = dict(handlers)

    @property
    def types(self) -> tuple[str, ...]:
        """The event types to subscribe to."""
        return tuple(self._handlers)

    async def receive(self, event: Event) -> None:
        """Does the event's effect once, however often it comes; a type without a handler has none.

        Raises:
            DatabaseUnavailable: nothing was done.
        """
        handler = self._handlers.get(event.type)
        if handler is None:
            return
        with (
            telemetry.extract(event.traceparent),
            telemetry.span(f"receive {event.type}", kind="consumer"),
            handling(event.id.hex),
        ):
            async with self._database.transaction() as tx:
                if await self._is_new(tx, event):
                    await handler(tx, event)

    async def _is_new(self, tx: Transaction, event: Event) -> bool:
        # A twin under way holds the row: this waits for it, and does nothing if it commits.
        seen = insert(inbox).values(consumer=self._consumer, event_id=event.id).on_conflict_do_nothing()
        return (await tx.execute(seen.returning(inbox.c.event_id))).first() is not None
