"""A queue that is new, or was deleted, gets from the stream what it would have had. The inbox drops what was done.

Two empty marker queues make this survive a crash: `.filled` stands once the first fill is complete,
`.refill` while a deleted queue is being filled again.
"""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta

import structlog
from aio_pika.abc import AbstractIncomingMessage

from chassis.amqp_link import Link
from chassis.amqp_topology import STREAM, declare_service_queue, exists, queue_of

log = structlog.get_logger(__name__)

NEW_GETS = timedelta(days=1)
"""How far back a new subscriber begins."""

_PREFETCH = 100
_PROBE_SECONDS = 2.0
_PAUSE_SECONDS = 0.3
_IDLE_SECONDS = 5.0

Receive = Callable[[AbstractIncomingMessage], Awaitable[None]]


async def fill(link: Link, service: str, types: Sequence[str], receive: Receive) -> None:
    """Makes sure that the service's queue exists and that nothing is missing from it.

    A queue that was deleted gets all that the stream has, a new one the last day. The events are given to
    `receive` one by one, before the queue is consumed, so that the order is kept.
    """
    filled, refill = f"{queue_of(service)}.filled", f"{queue_of(service)}.refill"
    present = await exists(link.connection, queue_of(service))
    was_filled = await exists(link.connection, filled)
    again = await exists(link.connection, refill)
    if present and was_filled and not again:
        return
    channel = await link.connection.channel()
    # Another replica that fills has this queue to itself, which ends our link: the next one looks again.
    lock = await channel.declare_queue(f"{queue_of(service)}.filling", exclusive=True)
    if was_filled:
        await channel.declare_queue(refill, durable=True)
    # From here on the queue gets what is published; what is in it and in the stream comes twice.
    await declare_service_queue(channel, service, types)
    start = "first" if was_filled else datetime.now(UTC) - NEW_GETS
    count = await _replay(link, start, frozenset(types), receive)
    await channel.declare_queue(filled, durable=True)
    await channel.queue_delete(refill)
    await lock.delete()
    await channel.close()
    log.info("queue_filled", service=service, again=was_filled, events=count)


async def _replay(link: Link, start: str | datetime, types: frozenset[str], receive: Receive) -> int:
    end = await _last_offset(link)
    count = 0
    if end is None:
        return count
    async with _reading(link, start) as messages:
        while (message := await _next(messages, _IDLE_SECONDS)) is not None:
            if message.type in types:
                await receive(message)
                count += 1
            await message.ack()
            if _offset(message) >= end:
                break
    return count


async def _last_offset(link: Link) -> int | None:
    """Offset of the last event in the stream, None if it is empty."""
    last = None
    async with _reading(link, "last") as messages:
        while (message := await _next(messages, _PROBE_SECONDS if last is None else _PAUSE_SECONDS)) is not None:
            last = _offset(message)
            await message.ack()
    return last


@asynccontextmanager
async def _reading(link: Link, start: str | datetime) -> AsyncIterator[asyncio.Queue[AbstractIncomingMessage]]:
    messages: asyncio.Queue[AbstractIncomingMessage] = asyncio.Queue()
    channel = await link.connection.channel()
    await channel.set_qos(prefetch_count=_PREFETCH)
    stream = await channel.get_queue(STREAM, ensure=False)
    await stream.consume(messages.put, arguments={"x-stream-offset": start})
    try:
        yield messages
    finally:
        await channel.close()


async def _next(messages: asyncio.Queue[AbstractIncomingMessage], seconds: float) -> AbstractIncomingMessage | None:
    try:
        async with asyncio.timeout(seconds):
            return await messages.get()
    except TimeoutError:
        return None


def _offset(message: AbstractIncomingMessage) -> int:
    return int(str(message.headers["x-stream-offset"]))
