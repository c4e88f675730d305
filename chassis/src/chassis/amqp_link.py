"""One connection to RabbitMQ that is made again whenever it is lost, with all that was declared on it.

Not aio-pika's robust connection: what a broker forgets (a deleted queue, a cancelled consumer, a closed
channel) is to end the session, and the next one declares everything anew.
"""

import asyncio
from collections.abc import Awaitable, Callable
from contextlib import suppress
from typing import Any

import aio_pika
import structlog
from aio_pika.abc import AbstractChannel, AbstractConnection
from aio_pika.exceptions import CONNECTION_EXCEPTIONS
from yarl import URL

from chassis.background import being_cancelled, end
from chassis.delivery import Patience

log = structlog.get_logger(__name__)

LOST = (*CONNECTION_EXCEPTIONS, TimeoutError)
"""What the driver raises when broker, connection or channel are gone."""

_CONNECT_SECONDS = 5.0
_CLOSE_SECONDS = 1.0
_HEARTBEAT_SECONDS = "10"
_PATIENCE = Patience(first_pause=0.2, longest_pause=3.0)


class Link:
    """A live connection. `lost` is set as soon as anything on it is no longer as it was declared."""

    def __init__(self, connection: AbstractConnection) -> None:
        self.connection = connection
        self.lost = asyncio.Event()
        connection.close_callbacks.add(self._set_lost)

    async def channel(self, *, prefetch: int = 0) -> AbstractChannel:
        """A channel whose end, or the end of a consumer on it, ends the link. Publishes with confirms."""
        channel = await self.connection.channel(publisher_confirms=True, on_return_raises=True)
        channel.close_callbacks.add(self._set_lost)
        (await channel.get_underlay_channel()).on_consumer_cancel_callbacks.add(self._set_lost)
        if prefetch:
            await channel.set_qos(prefetch_count=prefetch)
        return channel

    def _set_lost(self, *_: Any) -> None:
        self.lost.set()


async def keep_linked(url: str, name: str, use: Callable[[Link], Awaitable[None]]) -> None:
    """Runs `use` on a connection, and again on a new one, until cancelled. `name` is what the broker shows."""
    failures = 0
    while not being_cancelled():
        try:
            link = await _connect(url, name)
        except LOST as error:
            failures += 1
            if failures == 1:
                log.warning("bus_unreachable", connection=name, cause=repr(error))
            await asyncio.sleep(_PATIENCE.pause(failures))
            continue
        failures = 0
        try:
            await _use_until_lost(link, use)
            log.info("bus_link_lost", connection=name)
        except LOST as error:
            log.warning("bus_link_failed", connection=name, cause=repr(error))
        except Exception:
            log.exception("bus_link_failed", connection=name)
        finally:
            await _close(link)
        await asyncio.sleep(_PATIENCE.pause(1))


async def _connect(url: str, name: str) -> Link:
    address = URL(url)
    if "heartbeat" not in address.query:
        address = address.update_query(heartbeat=_HEARTBEAT_SECONDS)
    async with asyncio.timeout(_CONNECT_SECONDS):
        return Link(await aio_pika.connect(address, client_properties={"connection_name": name}))


async def _use_until_lost(link: Link, use: Callable[[Link], Awaitable[None]]) -> None:
    using = asyncio.create_task(_run(use, link))
    losing = asyncio.create_task(_lost(link))
    try:
        await asyncio.wait((using, losing), return_when=asyncio.FIRST_COMPLETED)
        if using.done():
            using.result()
    finally:
        await end((using, losing))


async def _run(use: Callable[[Link], Awaitable[None]], link: Link) -> None:
    await use(link)


async def _lost(link: Link) -> None:
    await link.lost.wait()


async def _close(link: Link) -> None:
    with suppress(*LOST):
        async with asyncio.timeout(_CLOSE_SECONDS):
            await link.connection.close()
