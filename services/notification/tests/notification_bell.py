"""The service's pages with two people and emitters that know some events: what tests of notices open."""

from dataclasses import dataclass, field
from datetime import timedelta
from uuid import UUID, uuid4

import httpx

from chassis.database import Database
from chassis.metrics import Metrics
from chassis.testing import FakeSessions, make_caller, page_client
from mail_samples import SAMPLES, SUBJECT
from notification.app import web_app
from notification.happenings import Concerned
from notification.mail_ledger import Occurrence
from notification.notice_store import NoticeStore
from notification_fakes import NOW, Clock, FakeEmitter
from notification_world import BRANDS, service_settings
from ui.brand import Brand

COMMENTED = "kundenportal.ticketing.ticket.commented.v1"
DECIDED = "kundenportal.customer_link.request.decided.v1"
ANNA, BEN = make_caller(), make_caller(2)


@dataclass
class Bell:
    """The service's pages with two people, and emitters that know some events."""

    database: Database
    brand: str = "musik"
    clock: Clock = field(default_factory=Clock)
    ticketing: FakeEmitter = field(default_factory=FakeEmitter)
    customer_link: FakeEmitter = field(default_factory=FakeEmitter)
    sessions: FakeSessions = field(default_factory=FakeSessions)

    def __post_init__(self) -> None:
        self.store = NoticeStore(self.clock)
        self.settings = service_settings(brand_dir=BRANDS / self.brand)
        self.app = web_app(
            self.settings,
            Brand.load(BRANDS / self.brand),
            self.database,
            self.sessions,
            Metrics(),
            describers={"ticketing": self.ticketing, "customer-link": self.customer_link},
            clock=self.clock,
        )
        self.anna, self.ben = self.client(self.sessions.sign_in(ANNA)), self.client(self.sessions.sign_in(BEN))

    def client(self, token: str | None) -> httpx.AsyncClient:
        return page_client(self.app, self.settings, token)

    async def note(self, kind: str, event_type: str, *, told: bool = True, minutes: int = 0) -> UUID:
        """A notice for Anna about an event, which concerns her if `told`; its id."""
        event_id, at = uuid4(), NOW + timedelta(minutes=minutes)
        sample = next(one for one in SAMPLES.values() if one.event_type == event_type)
        concerned = [Concerned(ANNA.account_id, "self")] if told else [Concerned(BEN.account_id, "self")]
        emitter = self.customer_link if "customer_link" in event_type else self.ticketing
        emitter.knows(event_id, event_type, sample.facts, *concerned)
        async with self.database.transaction() as tx:
            await self.store.add(tx, Occurrence(event_id, event_type, at, "x"), ANNA.account_id, kind, SUBJECT)
            return next(
                one.id for one in await self.store.page(tx, ANNA.account_id, limit=100) if one.event_id == event_id
            )
