"""What stands on the broker: declared the same by everyone, at every connect, so that nothing need exist before."""

from collections.abc import Sequence
from datetime import timedelta

from aio_pika import ExchangeType
from aio_pika.abc import AbstractChannel, AbstractConnection, AbstractExchange, AbstractQueue
from aio_pika.exceptions import ChannelNotFoundEntity

from chassis.delivery import CRASH_LIMIT

EXCHANGE = "kundenportal.events"
STREAM = "kundenportal.events.stream"

KEPT_FOR = timedelta(days=30)
_STREAM_BYTES = 2_000_000_000
_SEGMENT_BYTES = 50_000_000


def queue_of(service: str) -> str:
    """The queue that the replicas of a service share."""
    return f"kundenportal.{service}"


def dead_queue_of(service: str) -> str:
    """Where its events go that can never be processed; nothing consumes it."""
    return f"{queue_of(service)}.dead"


async def declare_log(channel: AbstractChannel) -> AbstractExchange:
    """The exchange, and the stream that has every event: so `mandatory` can always be met."""
    exchange = await channel.declare_exchange(EXCHANGE, ExchangeType.TOPIC, durable=True)
    stream = await channel.declare_queue(
        STREAM,
        durable=True,
        arguments={
            "x-queue-type": "stream",
            "x-max-age": f"{KEPT_FOR.days}D",
            "x-max-length-bytes": _STREAM_BYTES,
            "x-stream-max-segment-size-bytes": _SEGMENT_BYTES,
        },
    )
    await stream.bind(exchange, "#")
    return exchange


async def declare_service_queue(channel: AbstractChannel, service: str, types: Sequence[str]) -> AbstractQueue:
    """The service's queue, bound to the types, and its dead-letter queue; both survive the loss of a node.

    A single active consumer keeps the order per subject however many replicas there are.
    """
    await channel.declare_queue(dead_queue_of(service), durable=True, arguments={"x-queue-type": "quorum"})
    queue = await channel.declare_queue(
        queue_of(service),
        durable=True,
        arguments={
            "x-queue-type": "quorum",
            "x-single-active-consumer": True,
            "x-delivery-limit": CRASH_LIMIT,
            "x-dead-letter-exchange": "",
            "x-dead-letter-routing-key": dead_queue_of(service),
            "x-dead-letter-strategy": "at-least-once",
            "x-overflow": "reject-publish",
        },
    )
    for event_type in types:
        await queue.bind(EXCHANGE, event_type)
    return queue


async def exists(connection: AbstractConnection, queue: str) -> bool:
    """Whether the broker has the queue. Asked on a channel of its own, which a "no" closes."""
    channel = await connection.channel()
    try:
        await channel.get_queue(queue, ensure=True)
    except ChannelNotFoundEntity:
        return False
    await channel.close()
    return True
