"""Publishing to RabbitMQ: done is what the broker has confirmed."""

import asyncio

from aio_pika import DeliveryMode, Message
from aio_pika.abc import AbstractExchange
from aio_pika.exceptions import DeliveryError, PublishError

from chassis.amqp_link import LOST, Link
from chassis.amqp_topology import declare_log
from chassis.messaging import CONTENT_TYPE, BusUnavailable, Event, EventRefused

_CONFIRM_SECONDS = 5.0


class AmqpPublisher:
    """Keeps one channel with confirms; its `run` is for keep_linked."""

    def __init__(self) -> None:
        self._link: Link | None = None
        self._exchange: AbstractExchange | None = None

    async def run(self, link: Link) -> None:
        """Declares what publishing needs, then lets `publish` use the link."""
        self._exchange = await declare_log(await link.channel())
        self._link = link
        try:
            await link.lost.wait()
        finally:
            self._link = self._exchange = None

    async def publish(self, event: Event) -> None:
        """Returns when the broker has the event in the stream and in every queue bound to its type.

        Raises:
            BusUnavailable: away, or no confirmation within 5 s; the event may arrive nevertheless.
            EventRefused: refused by a queue.
        """
        exchange, link = self._exchange, self._link
        if exchange is None or link is None:
            raise BusUnavailable("not connected")
        try:
            await exchange.publish(_message(event), event.type, mandatory=True, timeout=_CONFIRM_SECONDS)
        except PublishError as error:
            # Returned: not even the stream is bound any more. A new link declares it again.
            link.lost.set()
            raise BusUnavailable("no queue takes the event") from error
        except DeliveryError as error:
            raise EventRefused("a queue refused the event") from error
        except LOST as error:
            # A broker that does not answer is left: waiting on would hold up every other event.
            link.lost.set()
            raise BusUnavailable(repr(error)) from error
        except asyncio.CancelledError as error:
            task = asyncio.current_task()
            if task is not None and task.cancelling():
                raise
            raise BusUnavailable("the channel was closed") from error


def _message(event: Event) -> Message:
    return Message(
        event.to_cloudevent(),
        content_type=CONTENT_TYPE,
        message_id=str(event.id),
        type=event.type,
        timestamp=event.time,
        delivery_mode=DeliveryMode.PERSISTENT,
    )
