"""Consuming a service's queue: one event at a time per subject, acknowledged after its effect is committed."""

import asyncio
from collections.abc import Sequence
from contextlib import suppress

import structlog
from aio_pika import DeliveryMode, Message
from aio_pika.abc import AbstractChannel, AbstractIncomingMessage

from chassis.amqp_fill import fill
from chassis.amqp_link import LOST, Link
from chassis.amqp_topology import dead_queue_of, declare_log, declare_service_queue, queue_of
from chassis.background import happens
from chassis.delivery import Lanes, Patience, deliver
from chassis.messaging import Event, Handle, MalformedEvent

log = structlog.get_logger(__name__)

_PREFETCH = 32
_DRAIN_SECONDS = 5.0
# RabbitMQ takes back what is not acknowledged for 30 min, and counts it as a failed delivery.
_HOLD_SECONDS = 15 * 60.0


class AmqpConsumer:
    """One subscription; its `run` is for keep_linked."""

    def __init__(
        self, service: str, types: Sequence[str], handle: Handle, *, patience: Patience, hold: float = _HOLD_SECONDS
    ) -> None:
        self._service = service
        self._types = tuple(types)
        self._handle = handle
        self._patience = patience
        self._hold = hold
        self._stopping = asyncio.Event()
        self._drained = asyncio.Event()
        self._drained.set()
        self._under_way: set[asyncio.Task[None]] = set()

    async def run(self, link: Link) -> None:
        """Declares the queue, fills a new one from the stream, then consumes."""
        channel = await link.channel(prefetch=_PREFETCH)
        await declare_log(channel)
        await fill(link, self._service, self._types, lambda message: self._replay(channel, message))
        queue = await declare_service_queue(channel, self._service, self._types)
        lanes = Lanes()

        async def receive(message: AbstractIncomingMessage) -> None:
            await self._receive(channel, lanes, message)

        if self._stopping.is_set():
            return
        self._drained.clear()
        try:
            tag = await queue.consume(receive)
            await self._stopping.wait()
            await queue.cancel(tag)
            if self._under_way:
                await asyncio.wait(self._under_way, timeout=_DRAIN_SECONDS)
        finally:
            self._drained.set()

    async def drain(self) -> None:
        """Takes no more events and waits up to 5 s for the handlers under way."""
        self._stopping.set()
        await happens(self._drained, _DRAIN_SECONDS + 1)

    async def _receive(self, channel: AbstractChannel, lanes: Lanes, message: AbstractIncomingMessage) -> None:
        task = asyncio.current_task()
        if task is not None:
            self._under_way.add(task)
            task.add_done_callback(self._under_way.discard)
        # A lost channel cannot take the answer: the broker delivers again, and the inbox knows the event.
        with suppress(*LOST):
            try:
                async with asyncio.timeout(self._hold):
                    done = await self._handled(lanes, message)
            except TimeoutError:
                await self._copy(channel, message, queue_of(self._service))
                done = True
            await (message.ack() if done else message.reject(requeue=False))

    async def _handled(self, lanes: Lanes, message: AbstractIncomingMessage) -> bool:
        try:
            event = Event.from_cloudevent(message.body)
        except MalformedEvent:
            log.exception("event_malformed", message_id=message.message_id)
            return False
        async with lanes.turn(event.subject):
            return await deliver(self._handle, event, self._patience)

    async def _replay(self, channel: AbstractChannel, message: AbstractIncomingMessage) -> None:
        """An event from the stream; there is nothing to reject, so the dead-letter queue gets a copy."""
        if not await self._handled(Lanes(), message):
            await self._copy(channel, message, dead_queue_of(self._service))

    async def _copy(self, channel: AbstractChannel, message: AbstractIncomingMessage, queue: str) -> None:
        copy = Message(
            message.body,
            content_type=message.content_type,
            message_id=message.message_id,
            type=message.type,
            timestamp=message.timestamp,
            delivery_mode=DeliveryMode.PERSISTENT,
        )
        await channel.default_exchange.publish(copy, queue, mandatory=True, timeout=self._patience.longest_pause)
