"""The bus on RabbitMQ: a topic exchange, a quorum queue per service, a stream of everything."""

import asyncio
from collections.abc import Awaitable, Callable, Sequence

from chassis.amqp_consumer import AmqpConsumer
from chassis.amqp_link import Link, keep_linked
from chassis.amqp_listener import AmqpListener
from chassis.amqp_publisher import AmqpPublisher
from chassis.background import end
from chassis.delivery import DEFAULT_PATIENCE, Patience
from chassis.messaging import Event, Handle, OnConnected


class AmqpBus:
    """Every purpose has a connection of its own: a publisher held up by the broker stops no acknowledgement."""

    name = "bus"

    def __init__(self, url: str, *, replica: str = "replica", patience: Patience = DEFAULT_PATIENCE) -> None:
        """Takes amqp://user:password@host:port/vhost; `replica` names the connections at the broker."""
        self._url = url
        self._replica = replica
        self._patience = patience
        self._publisher = AmqpPublisher()
        self._consumers: list[AmqpConsumer] = []
        self._links: list[asyncio.Task[None]] = []

    async def start(self) -> None:
        """Connects in the background."""
        self._keep("publish", self._publisher.run)

    async def stop(self) -> None:
        """Waits up to 5 s for the handlers under way; what they did not finish is delivered again."""
        await asyncio.gather(*(consumer.drain() for consumer in self._consumers))
        await end(self._links)

    async def publish(self, event: Event) -> None:
        """Returns when the broker has confirmed; see Bus.publish."""
        await self._publisher.publish(event)

    async def subscribe(self, service: str, types: Sequence[str], handle: Handle) -> None:
        """See Bus.subscribe."""
        consumer = AmqpConsumer(service, types, handle, patience=self._patience)
        self._consumers.append(consumer)
        self._keep(f"consume {service}", consumer.run)

    async def listen(self, types: Sequence[str], handle: Handle, on_connected: OnConnected) -> None:
        """See Bus.listen."""
        self._keep("listen", AmqpListener(types, handle, on_connected).run)

    def _keep(self, purpose: str, use: Callable[[Link], Awaitable[None]]) -> None:
        name = f"{self._replica} {purpose}"
        self._links.append(asyncio.create_task(keep_linked(self._url, name, use), name=name))
