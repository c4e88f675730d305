"""The service without its faces: a real database and real handlers; neighbours and mail server as fakes."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

from sqlalchemy import select, text

from chassis.database import Database
from chassis.inbox import Inbox
from chassis.messaging import Event
from chassis.tables import outbox
from chassis.testing import settings_for
from mail_samples import ANNA, CHALLENGE, LINK, SAMPLES
from notification.app import Neighbours, job_handlers
from notification.event_consumers import handlers
from notification.happenings import Concerned
from notification.settings import Settings
from notification.tables import mails, notices
from notification.told_events import TOLD_EVENTS
from notification_fakes import NOW, Clock, FakeEmitter, FakeIdentity, FakePost, a_person
from ui.brand import Brand

BRANDS = Path(__file__).parents[3] / "brands"
BEN = UUID("00000000-0000-4000-8000-000000000be0")


def service_settings(**values: Any) -> Settings:
    """Settings for a test; neighbours and servers that nothing reaches, unless given."""
    defaults = {
        "identity_grpc": "127.0.0.1:1",
        "customer_link_grpc": "127.0.0.1:1",
        "ticketing_grpc": "127.0.0.1:1",
        "smtp_url": "smtp://127.0.0.1:1",
        "mail_from": "no-reply@example.org",
    }
    return settings_for(Settings, BRANDS / "musik", **(defaults | values))


@dataclass
class World:
    """The service without its faces."""

    database: Database
    clock: Clock = field(default_factory=Clock)
    post: FakePost = field(default_factory=FakePost)
    emitter: FakeEmitter = field(default_factory=FakeEmitter)
    identity: FakeIdentity = field(default_factory=FakeIdentity)

    def __post_init__(self) -> None:
        self.identity.knows(a_person(ANNA, "anna"), a_person(BEN, "ben", language="en"))
        self.identity.links[CHALLENGE] = LINK
        emitters = dict.fromkeys({told.emitter for told in TOLD_EVENTS.values()}, self.emitter)
        self.handlers = job_handlers(
            service_settings(),
            Brand.load(BRANDS / "musik"),
            self.database,
            Neighbours(emitters, self.identity, self.post),
            clock=self.clock,
        )
        self.inbox = Inbox(self.database, "notification", handlers())

    async def happens(
        self,
        event_type: str,
        *concerned: Concerned,
        letter: str = "",
        subject: str = "",
        suppressed: str = "",
        data: Mapping[str, str] | None = None,
    ) -> Event:
        """The emitter emits, and the event arrives."""
        about, carried = subject or str(uuid4()), dict(data or {})
        event = Event(uuid4(), event_type, "urn:kundenportal:x", about, sequence=1, time=NOW, data=carried)
        facts = SAMPLES[letter].facts if letter else {}
        self.emitter.knows(event.id, event_type, facts, *concerned, suppressed=suppressed)
        await self.inbox.receive(event)
        return event

    async def jobs(self) -> list[tuple[str, Mapping[str, Any], str]]:
        async with self.database.transaction() as tx:
            rows = await tx.execute(
                text("SELECT id, task_name, args, lock FROM procrastinate_jobs WHERE status = 'todo' ORDER BY id")
            )
            return [(row.task_name, row.args, row.lock) for row in rows]

    async def work(self) -> list[BaseException]:
        """Does every waiting job once, as the queue would; gives what they raised. Those that succeed are gone."""
        raised = []
        async with self.database.transaction() as tx:
            waiting = list(await tx.execute(text("SELECT id, task_name, args FROM procrastinate_jobs ORDER BY id")))
        for job in waiting:
            try:
                await self.handlers[job.task_name](job.args)
            except Exception as error:  # noqa: BLE001 - the queue tries it again
                raised.append(error)
                continue
            async with self.database.transaction() as tx:
                await tx.execute(text("DELETE FROM procrastinate_jobs WHERE id = :id"), {"id": job.id})
        return raised

    async def ledger(self) -> dict[UUID | None, tuple[str, str]]:
        async with self.database.transaction() as tx:
            rows = await tx.execute(select(mails.c.account_id, mails.c.state, mails.c.state_reason))
            return {row.account_id: (row.state, row.state_reason) for row in rows}

    async def noted(self) -> dict[UUID, list[tuple[str, UUID | None]]]:
        """Kind and thing of every notice, by account."""
        found: dict[UUID, list[tuple[str, UUID | None]]] = {}
        async with self.database.transaction() as tx:
            for row in await tx.execute(select(notices.c.account_id, notices.c.kind, notices.c.thing_id)):
                found.setdefault(row.account_id, []).append((row.kind, row.thing_id))
        return found

    async def emitted(self) -> list[str]:
        async with self.database.transaction() as tx:
            return [row.type for row in await tx.execute(select(outbox.c.type).order_by(outbox.c.position))]
