"""A RabbitMQ that is away, dies, freezes or forgets: nothing lost, effects once, order kept."""

import asyncio

import aio_pika
from crash_child import CHANGED, CONSUMER
from crash_scene import Scene

from bus_harness import Recorder, until, until_true
from chassis.amqp_topology import EXCHANGE, STREAM, dead_queue_of, queue_of
from chassis.bus_address import connect_bus
from chassis.delivery import CRASH_LIMIT
from chassis.inbox import Inbox
from local_run.rabbitmq import RabbitNode
from plumbing_samples import REVOKED, count


async def in_thread(action: object) -> None:
    await asyncio.to_thread(action)  # type: ignore[arg-type]


async def with_channel(scene: Scene, queue: str, action: str) -> int:
    """Deletes or counts a queue, as an operator would."""
    async with await aio_pika.connect(scene.bus_url) as connection:
        channel = await connection.channel()
        if action == "delete":
            await channel.queue_delete(queue)
            return 0
        return (await channel.declare_queue(queue, passive=True)).declaration_result.message_count or 0


async def test_the_broker_is_away_at_the_start(private_broker: RabbitNode, broken_scene: Scene) -> None:
    await in_thread(private_broker.kill)
    await broken_scene.child("consumer")
    await broken_scene.child("relay")
    await broken_scene.emit(3)
    await asyncio.sleep(1)
    assert await broken_scene.effects() == {}
    await in_thread(private_broker.start)
    await broken_scene.check()


async def test_the_broker_dies_in_the_middle(private_broker: RabbitNode, broken_scene: Scene) -> None:
    await broken_scene.child("consumer")
    await broken_scene.child("relay")
    await broken_scene.emit(5)
    await until_true(broken_scene.complete)

    async def emit_on() -> None:
        for _ in range(30):
            await broken_scene.emit()
            await asyncio.sleep(0.05)

    emitting = asyncio.create_task(emit_on())
    await asyncio.sleep(0.3)
    await in_thread(private_broker.kill)
    await emitting
    await in_thread(private_broker.start)
    await broken_scene.check()


async def test_the_broker_freezes_and_confirms_late(private_broker: RabbitNode, broken_scene: Scene) -> None:
    await broken_scene.child("consumer")
    relay_bus = await broken_scene.bus()
    await broken_scene.relay()
    links: list[bool] = []
    await relay_bus.listen([REVOKED], Recorder(), links.append)
    await broken_scene.emit(2)
    await until_true(broken_scene.complete)
    await until(lambda: links == [True])
    private_broker.freeze()
    await broken_scene.emit(3)
    await until(lambda: links == [True, False], 5)
    await asyncio.sleep(4)  # longer than a publish waits for its confirmation
    private_broker.thaw()
    await broken_scene.check()
    await until(lambda: links[-1])


async def test_a_publish_that_is_returned_is_not_taken_for_done(amqp_scene: Scene) -> None:
    await amqp_scene.relay()
    await amqp_scene.emit()
    await until_true(lambda: _all_published(amqp_scene))
    async with await aio_pika.connect(amqp_scene.bus_url) as connection:
        channel = await connection.channel()
        stream = await channel.get_queue(STREAM)
        await stream.unbind(EXCHANGE, "#")
    await amqp_scene.emit(2)
    await until_true(lambda: _all_published(amqp_scene))
    await amqp_scene.child("consumer")
    await amqp_scene.check()


async def _all_published(scene: Scene) -> bool:
    return await count(scene.emitter, "outbox", "publish_time IS NULL") == 0


async def test_a_queue_is_deleted_under_its_consumer(amqp_scene: Scene) -> None:
    await amqp_scene.child("consumer")
    await amqp_scene.relay()
    await amqp_scene.emit(3)
    await until_true(amqp_scene.complete)

    async def emit_on() -> None:
        for _ in range(20):
            await amqp_scene.emit()
            await asyncio.sleep(0.02)

    emitting = asyncio.create_task(emit_on())
    await asyncio.sleep(0.1)
    await with_channel(amqp_scene, queue_of(CONSUMER), "delete")
    await emitting
    await amqp_scene.check()


async def test_a_queue_is_deleted_with_what_waits_in_it(amqp_scene: Scene) -> None:
    consumer = await amqp_scene.child("consumer")
    await amqp_scene.relay()
    await amqp_scene.emit(3)
    await until_true(amqp_scene.complete)
    await consumer.kill()
    await amqp_scene.emit(5)
    await until_true(lambda: _all_published(amqp_scene))
    await with_channel(amqp_scene, queue_of(CONSUMER), "delete")
    await amqp_scene.emit(2)
    await amqp_scene.child("consumer", replica="heir")
    await amqp_scene.check()


async def test_every_event_that_comes_twice_has_its_effect_once(amqp_scene: Scene) -> None:
    await amqp_scene.child("consumer")
    await amqp_scene.relay()
    await amqp_scene.emit(3)
    await until_true(lambda: _all_published(amqp_scene))
    async with await aio_pika.connect(amqp_scene.bus_url) as connection:
        channel = await connection.channel()
        exchange = await channel.get_exchange(EXCHANGE)
        for body in await _bodies_of_stream(channel):
            await exchange.publish(aio_pika.Message(body, type=CHANGED), CHANGED)
    await amqp_scene.emit(2)
    await amqp_scene.check()


async def _bodies_of_stream(channel: aio_pika.abc.AbstractChannel) -> list[bytes]:
    """What another system sees that replays with plain AMQP 0-9-1."""
    await channel.set_qos(prefetch_count=100)
    bodies: list[bytes] = []
    stream = await channel.get_queue(STREAM)

    async def receive(message: aio_pika.abc.AbstractIncomingMessage) -> None:
        bodies.append(message.body)
        await message.ack()

    tag = await stream.consume(receive, arguments={"x-stream-offset": "first"})
    await until(lambda: len(bodies) >= 15)
    await stream.cancel(tag)
    return bodies


async def test_poison_goes_to_the_dead_letter_queue_and_the_rest_goes_on(amqp_scene: Scene) -> None:
    await amqp_scene.child("consumer")
    await amqp_scene.relay()
    await amqp_scene.emit()
    await until_true(amqp_scene.complete)
    async with await aio_pika.connect(amqp_scene.bus_url) as connection:
        exchange = await (await connection.channel()).get_exchange(EXCHANGE)
        await exchange.publish(aio_pika.Message(b"\x00poison"), CHANGED)
    await amqp_scene.emit(2)
    await amqp_scene.check()
    assert await with_channel(amqp_scene, dead_queue_of(CONSUMER), "count") == 1


async def test_an_event_that_kills_its_consumer_is_dead_in_the_end(amqp_scene: Scene) -> None:
    """Nobody is there to count; the queue's delivery limit does. Played by connections that never answer."""
    bus = connect_bus(amqp_scene.bus_url)
    inbox = Inbox(amqp_scene.consumer, CONSUMER, {CHANGED: _never})
    await bus.start()
    await bus.subscribe(CONSUMER, inbox.types, inbox.receive)
    await until_true(lambda: _exists(amqp_scene))
    await bus.stop()
    await amqp_scene.relay()
    await amqp_scene.emit()
    await until_true(lambda: _all_published(amqp_scene))
    for _ in range(CRASH_LIMIT + 1):
        await _take_and_vanish(amqp_scene)
    await until_true(lambda: _all_dead(amqp_scene))


async def _take_and_vanish(scene: Scene) -> None:
    taken: list[object] = []

    async def take(message: object) -> None:
        taken.append(message)

    async with await aio_pika.connect(scene.bus_url) as connection:
        queue = await (await connection.channel()).get_queue(queue_of(CONSUMER))
        await queue.consume(take)
        await until(lambda: len(taken) == len(scene.subjects))


async def _never(_tx: object, _event: object) -> None:
    raise AssertionError


async def _exists(scene: Scene) -> bool:
    try:
        await with_channel(scene, f"{queue_of(CONSUMER)}.filled", "count")
    except aio_pika.exceptions.ChannelNotFoundEntity:
        return False
    return True


async def _all_dead(scene: Scene) -> bool:
    return await with_channel(scene, dead_queue_of(CONSUMER), "count") == len(scene.subjects)
