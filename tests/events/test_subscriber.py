"""Another system follows docs/events/README.md word by word, at a real broker, with a user that may do nothing else."""

import asyncio
import json
import sqlite3
import subprocess
import sys
from collections.abc import AsyncIterator, Iterator
from contextlib import closing, contextmanager, suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from uuid import uuid4

import aio_pika
import pytest
from aio_pika.abc import AbstractChannel
from aiormq.exceptions import ChannelAccessRefused
from broker_users import make_users
from event_sources import DESCRIPTION

from chassis.amqp_bus import AmqpBus
from chassis.amqp_topology import EXCHANGE, STREAM
from chassis.messaging import BusUnavailable, Event
from local_run.rabbitmq import RabbitNode

OPENED = "kundenportal.ticketing.ticket.opened.v1"
CHANGED = "kundenportal.customer_link.customer.changed.v1"
OTHER = "kundenportal.identity.account.confirmed.v1"
SAMPLE = DESCRIPTION.parent / "subscribe.py"


@dataclass(frozen=True, slots=True)
class Broker:
    """A running broker with the portal's bus, and with the user `billing` of the page."""

    bus: AmqpBus
    url: str


@pytest.fixture
async def broker(private_broker: RabbitNode) -> AsyncIterator[Broker]:
    make_users(private_broker, DESCRIPTION.parent / "README.md")
    bus = AmqpBus(private_broker.url())
    await bus.start()
    yield Broker(bus, f"amqp://billing:a-long-password@127.0.0.1:{private_broker.port}/")
    await bus.stop()


def _event(event_type: str) -> Event:
    subject = str(uuid4())
    return Event(
        uuid4(), event_type, "urn:kundenportal:ticketing", subject, 1, datetime.now(UTC), {"ticketId": subject}
    )


async def _publish(broker: Broker, event: Event) -> str:
    """Gives the subject."""
    async with asyncio.timeout(20):
        while True:
            with suppress(BusUnavailable):  # still connecting
                await broker.bus.publish(event)
                return event.subject
            await asyncio.sleep(0.1)


@contextmanager
def _subscriber(broker: Broker, folder: Path, *options: str) -> Iterator[None]:
    """The sample as a process, killed in the middle of whatever it does."""
    command = [sys.executable, str(SAMPLE), broker.url, "billing", *options, OPENED, CHANGED]
    with (
        (folder / "said").open("ab") as said,
        subprocess.Popen(command, cwd=folder, stdout=said, stderr=said) as process,
    ):
        try:
            yield
        finally:
            assert process.poll() is None, (folder / "said").read_text()
            process.kill()


async def _kept(folder: Path, count: int) -> list[str]:
    """Subjects of the events that the sample has kept, in the order in which it did, when they are so many."""
    async with asyncio.timeout(20):
        while len(subjects := _subjects(folder / "events.sqlite")) < count:  # noqa: ASYNC110 - another process
            await asyncio.sleep(0.05)
    return subjects


def _subjects(file: Path) -> list[str]:
    with closing(sqlite3.connect(file)) as store, suppress(sqlite3.OperationalError):  # no table yet
        return [json.loads(event)["subject"] for (event,) in store.execute("SELECT event FROM handled ORDER BY rowid")]
    return []


async def test_o1_o2_a_new_system_replays_follows_and_misses_nothing_while_it_is_down(
    broker: Broker, tmp_path: Path
) -> None:
    opened = _event(OPENED)
    published = [await _publish(broker, opened), await _publish(broker, _event(CHANGED))]
    await _publish(broker, _event(OTHER))
    with _subscriber(broker, tmp_path, "--since", "first"):
        assert await _kept(tmp_path, 2) == published
        await _publish(broker, opened)
        published.append(await _publish(broker, _event(CHANGED)))
        assert await _kept(tmp_path, 3) == published, "what came twice is kept once"
    published += [await _publish(broker, _event(OPENED)) for _ in range(3)]
    with _subscriber(broker, tmp_path):
        assert await _kept(tmp_path, 6) == published
    lost_its_data = tmp_path / "again"
    lost_its_data.mkdir()
    with _subscriber(broker, lost_its_data, "--since", "7D"):
        assert await _kept(lost_its_data, 6) == published


async def test_the_user_of_the_page_cannot_forge_read_or_delete_what_is_not_its_own(broker: Broker) -> None:
    await _publish(broker, _event(OPENED))

    async def forge(channel: AbstractChannel) -> None:
        exchange = await channel.get_exchange(EXCHANGE, ensure=False)
        await exchange.publish(aio_pika.Message(b"{}"), OPENED)

    async def delete(channel: AbstractChannel) -> None:
        await channel.queue_delete(STREAM)

    async def take_a_queue(channel: AbstractChannel) -> None:
        await channel.declare_queue("kundenportal.ticketing.mine", durable=True)

    connection = await aio_pika.connect(broker.url)
    async with connection:
        for attempt in (forge, delete, take_a_queue):
            with pytest.raises(ChannelAccessRefused):
                await attempt(await connection.channel())
