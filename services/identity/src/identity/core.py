"""What entry points of every kind stand on, made from the settings; `app.py` builds the faces on it."""

import os
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import partial
from uuid import uuid4

from chassis.database import Database
from chassis.key_ring import KeyRing
from chassis.outbox import Outbox
from identity.adapters.passwords import ArgonPasswords, HashCosts
from identity.adapters.records import records_on
from identity.settings import IdentitySettings
from identity.usecases.ports import Clock, NewId, RecordsOn
from identity.usecases.start_session import SessionRules
from ui.brand import Brand


@dataclass(frozen=True, slots=True)
class Core:
    """What entry points of every kind stand on."""

    settings: IdentitySettings
    brand: Brand
    database: Database
    outbox: Outbox
    records: RecordsOn
    passwords: ArgonPasswords
    links: KeyRing
    sealer: KeyRing
    rules: SessionRules

    async def close(self) -> None:
        """Ends what was opened."""
        self.passwords.close()
        await self.database.close()


def make_core(settings: IdentitySettings, *, clock: Clock = lambda: datetime.now(UTC), new_id: NewId = uuid4) -> Core:
    """The collaborators, none of them connected yet."""
    outbox = Outbox(settings.service, clock, new_id)
    return Core(
        settings=settings,
        brand=Brand.load(settings.brand_dir),
        database=Database(settings.database_url.get_secret_value()),
        outbox=outbox,
        records=partial(records_on, outbox=outbox),
        passwords=ArgonPasswords(
            HashCosts(settings.password_passes, settings.password_memory_kib, settings.password_threads)
        ),
        links=KeyRing.parse(settings.challenge_keys.get_secret_value()),
        sealer=KeyRing.parse(settings.second_factor_keys.get_secret_value()),
        rules=SessionRules(
            customers=settings.customer_limits,
            staff=settings.staff_limits,
            remembered=settings.remembered,
            clock=clock,
            new_id=new_id,
            new_token=lambda: os.urandom(32),
        ),
    )
