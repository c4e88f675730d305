"""Events to this replica alone: an exclusive queue that lives and ends with its connection."""

import asyncio
from collections.abc import Sequence

import structlog
from aio_pika import Message
from aio_pika.abc import AbstractChannel, AbstractIncomingMessage

from chassis.amqp_link import Link
from chassis.amqp_topology import EXCHANGE, declare_log
from chassis.messaging import Event, Handle, MalformedEvent, OnConnected

log = structlog.get_logger(__name__)

_PULSE = "kundenportal.pulse"
_PULSE_SECONDS = 1.0
_SILENCE_SECONDS = 2.5


class AmqpListener:
    """One listener; its `run` is for keep_linked.

    Once a second it sends itself a message through the broker. A broker that hangs without hanging up is
    thereby noticed in seconds, where AMQP's heartbeats take half a minute.
    """

    def __init__(self, types: Sequence[str], handle: Handle, on_connected: OnConnected) -> None:
        self._types = tuple(types)
        self._handle = handle
        self._on_connected = on_connected
        self._pulse = asyncio.Event()

    async def run(self, link: Link) -> None:
        """Declares the queue and hands over what comes, until the link is lost or the broker falls silent."""
        channel = await link.channel()
        await declare_log(channel)
        queue = await channel.declare_queue(exclusive=True, auto_delete=True)
        for event_type in self._types:
            await queue.bind(EXCHANGE, event_type)
        await queue.consume(self._receive, no_ack=True)
        self._on_connected(True)
        try:
            while True:
                await self._beat(channel, queue.name)
                await asyncio.sleep(_PULSE_SECONDS)
        finally:
            self._on_connected(False)

    async def _beat(self, channel: AbstractChannel, queue: str) -> None:
        self._pulse.clear()
        async with asyncio.timeout(_SILENCE_SECONDS):
            await channel.default_exchange.publish(Message(b"", type=_PULSE), queue, mandatory=True)
            await self._pulse.wait()

    async def _receive(self, message: AbstractIncomingMessage) -> None:
        if message.type == _PULSE:
            self._pulse.set()
            return
        try:
            await self._handle(Event.from_cloudevent(message.body))
        except MalformedEvent:
            log.exception("event_malformed", message_id=message.message_id)
        except Exception:
            log.exception("listener_failed", event_type=message.type)
