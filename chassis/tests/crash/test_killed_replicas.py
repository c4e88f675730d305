"""Replicas that are killed or frozen at the worst moment: nothing lost, effects once, order kept."""

from uuid import uuid4

import pytest
from crash_scene import Scene

from bus_harness import until_true
from chassis.jobs import enqueue
from plumbing_samples import count


@pytest.mark.parametrize("moment", ["between commit and publish", "between publish and mark"])
async def test_a_relay_is_killed(scene: Scene, moment: str) -> None:
    await scene.child("consumer")
    doomed = await scene.child("relay", replica="doomed", crash=moment, times=7)
    await scene.emit(3)
    assert await doomed.died() == -9
    await scene.emit(2)
    await scene.child("relay", replica="heir")
    await scene.check()


@pytest.mark.parametrize("moment", ["inside the effect", "between effect and answer"])
async def test_a_consumer_is_killed(scene: Scene, moment: str) -> None:
    await scene.relay()
    doomed = await scene.child("consumer", replica="doomed", crash=moment, times=4)
    await scene.emit(3)
    assert await doomed.died() == -9
    await scene.child("consumer", replica="heir")
    await scene.emit(2)
    await scene.check()


async def test_a_replica_freezes_while_it_holds_the_relay_lease(scene: Scene) -> None:
    await scene.child("consumer")
    frozen = await scene.child("relay", replica="frozen")
    await scene.emit(2)
    await until_true(scene.complete)
    await scene.child("relay", replica="other")
    frozen.freeze()
    await scene.emit(3)
    await scene.check(seconds=15)
    frozen.thaw()
    await scene.emit(3)
    await scene.check()


async def test_a_frozen_consumer_holds_up_nobody_for_long(local_scene: Scene) -> None:
    await local_scene.relay()
    frozen = await local_scene.child("consumer", replica="frozen")
    await local_scene.emit(2)
    await until_true(local_scene.complete)
    frozen.freeze()
    await local_scene.child("consumer", replica="other")
    await local_scene.emit(3)
    await local_scene.check(seconds=20)
    frozen.thaw()
    await local_scene.emit(2)
    await local_scene.check()


@pytest.mark.slow
async def test_a_frozen_consumer_of_rabbitmq_is_given_up_after_its_heartbeats(amqp_scene: Scene) -> None:
    await amqp_scene.relay()
    frozen = await amqp_scene.child("consumer", replica="frozen")
    await amqp_scene.emit(2)
    await until_true(amqp_scene.complete)
    frozen.freeze()
    await amqp_scene.child("consumer", replica="other")
    await amqp_scene.emit(3)
    await amqp_scene.check(seconds=60)
    frozen.thaw()
    await amqp_scene.emit(2)
    await amqp_scene.check()


async def test_a_worker_is_killed_inside_a_job(local_scene: Scene) -> None:
    doomed = await local_scene.child("jobs", replica="doomed", crash="inside the job", times=3)
    async with local_scene.consumer.transaction() as tx:
        for number in range(10):
            await enqueue(tx, "work", {"id": str(uuid4()), "number": number}, lock="one at a time")
    assert await doomed.died() == -9
    await local_scene.child("jobs", replica="heir")
    await until_true(lambda: _all_done(local_scene), 60)
    assert (await local_scene.effects())["job"] == list(range(10))


async def _all_done(scene: Scene) -> bool:
    return await count(scene.consumer, "effects") >= 10
