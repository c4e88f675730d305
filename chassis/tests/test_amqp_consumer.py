"""What only RabbitMQ needs: its patience with what is not acknowledged is shorter than ours."""

import asyncio
from uuid import uuid4

import aio_pika

from bus_harness import QUICK, Recorder, an_event, publish, running, until, until_true
from chassis.amqp_bus import AmqpBus
from chassis.amqp_consumer import AmqpConsumer
from chassis.amqp_link import keep_linked
from chassis.amqp_topology import dead_queue_of, queue_of
from chassis.background import end
from chassis.database import DatabaseUnavailable


async def waiting(url: str, queue: str) -> int:
    async with await aio_pika.connect(url) as connection:
        declared = await (await connection.channel()).declare_queue(queue, passive=True)
        return declared.declaration_result.message_count or 0


async def test_what_is_held_too_long_goes_back_to_the_end_of_the_queue_uncounted(fresh_amqp_url: str) -> None:
    seen = Recorder(failures=[DatabaseUnavailable() for _ in range(60)])
    kind, service, subject = f"kundenportal.t{uuid4().hex}.v1", f"s{uuid4().hex[:8]}", str(uuid4())
    consumer = AmqpConsumer(service, [kind], seen, patience=QUICK, hold=0.4)
    linked = asyncio.create_task(keep_linked(fresh_amqp_url, "test", consumer.run))
    async with running(AmqpBus(fresh_amqp_url)) as bus:
        await until_true(lambda: _filled(fresh_amqp_url, service))
        await publish(bus, *(an_event(kind, subject=subject, sequence=number) for number in (1, 2, 3)))
        await until(lambda: len(seen.events) == 3, 30)
    await consumer.drain()
    await end([linked])
    assert seen.failures == []
    assert await waiting(fresh_amqp_url, dead_queue_of(service)) == 0
    await until_true(lambda: _empty(fresh_amqp_url, service))  # the broker counts every five seconds


async def _empty(url: str, service: str) -> bool:
    return await waiting(url, queue_of(service)) == 0


async def _filled(url: str, service: str) -> bool:
    try:
        await waiting(url, f"{queue_of(service)}.filled")
    except aio_pika.exceptions.ChannelNotFoundEntity:
        return False
    return True
