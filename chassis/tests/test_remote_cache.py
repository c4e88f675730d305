import asyncio
from collections.abc import Iterable

import pytest
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule

from chassis.errors import DomainError, ErrorKind
from chassis.remote_cache import Cached, RemoteCache
from chassis.testing import FakeClock


class Owner:
    """Another service with one value per key; `gate` holds back its answers."""

    def __init__(self) -> None:
        self.values: dict[str, str] = {"a": "first"}
        self.available = True
        self.asked = 0
        self.gate: asyncio.Event | None = None

    async def load(self, key: str) -> str:
        self.asked += 1
        if not self.available:
            raise DomainError(ErrorKind.UNAVAILABLE, "away")
        value = self.values[key]
        if self.gate is not None:
            await self.gate.wait()
        return value


class Setup:
    def __init__(self, *, connected: bool = True, size: int = 10_000) -> None:
        self.owner, self.clock = Owner(), FakeClock()
        self.cache = RemoteCache(self.owner.load, tags=_tags, clock=self.clock.monotonic, size=size)
        self.cache.connected(connected)


def _tags(key: str, value: str) -> Iterable[str]:
    return (f"key:{key}", f"value:{value}")


async def test_answer_serves_while_it_is_fresh() -> None:
    it = Setup()
    for _ in range(3):
        assert await it.cache.get("a") == Cached("first", stale=False)
    assert it.owner.asked == 1
    it.clock.advance(29)
    await it.cache.get("a")
    assert it.owner.asked == 1
    it.clock.advance(1)
    await it.cache.get("a")
    assert it.owner.asked == 2


async def test_answer_is_fresh_for_a_second_while_invalidations_do_not_arrive() -> None:
    it = Setup(connected=False)
    await it.cache.get("a")
    it.owner.values["a"] = "second"
    it.clock.advance(0.9)
    assert (await it.cache.get("a")).value == "first"
    it.clock.advance(0.2)
    assert (await it.cache.get("a")).value == "second"


async def test_everything_is_stale_when_invalidations_arrive_again() -> None:
    it = Setup()
    await it.cache.get("a")
    it.cache.connected(False)
    it.owner.values["a"] = "second"
    it.clock.advance(0.5)
    it.cache.connected(True)
    assert (await it.cache.get("a")).value == "second"


@pytest.mark.parametrize("tag", ["key:a", "value:first"])
async def test_invalidated_is_asked_again_at_once(tag: str) -> None:
    it = Setup()
    await it.cache.get("a")
    it.owner.values["a"] = "second"
    it.cache.invalidate(tag)
    assert (await it.cache.get("a")).value == "second"


async def test_invalidated_is_not_served_by_grace() -> None:
    it = Setup()
    await it.cache.get("a")
    it.owner.available = False
    it.cache.invalidate("key:a")
    with pytest.raises(DomainError) as raised:
        await it.cache.get("a")
    assert raised.value.kind is ErrorKind.UNAVAILABLE


async def test_answer_under_way_is_outrun_by_an_invalidation() -> None:
    it = Setup()
    it.owner.gate = asyncio.Event()
    reading = asyncio.ensure_future(it.cache.get("a"))
    await asyncio.sleep(0)
    await asyncio.sleep(0)
    it.owner.values["a"] = "second"
    it.cache.invalidate("key:a")
    it.owner.gate.set()
    assert (await reading).value == "second"
    assert (await it.cache.get("a")).value == "second"


async def test_answer_that_took_longer_than_a_tombstone_is_not_believed() -> None:
    it = Setup()

    async def slow(key: str) -> str:
        it.clock.advance(10.1)
        return "old"

    cache = RemoteCache(slow, tags=_tags, clock=it.clock.monotonic)
    with pytest.raises(DomainError, match="answer_outrun"):
        await cache.get("a")


async def test_grace_serves_for_five_minutes_and_says_so() -> None:
    it = Setup()
    await it.cache.get("a")
    it.owner.available = False
    it.clock.advance(299)
    assert await it.cache.get("a") == Cached("first", stale=True)
    with pytest.raises(DomainError):
        await it.cache.get("a", grace=False)
    it.clock.advance(1)
    with pytest.raises(DomainError):
        await it.cache.get("a")


async def test_absent_owner_is_asked_once_a_second_while_grace_serves() -> None:
    it = Setup()
    await it.cache.get("a")
    it.owner.available = False
    it.clock.advance(60)
    for _ in range(100):
        assert (await it.cache.get("a")).stale
    assert it.owner.asked == 2
    it.clock.advance(1)
    it.owner.available = True
    assert await it.cache.get("a") == Cached("first", stale=False)


async def test_other_errors_of_the_owner_are_passed_on() -> None:
    it = Setup()

    async def refuse(key: str) -> str:
        raise DomainError(ErrorKind.FORBIDDEN, "no")

    cache = RemoteCache(refuse, tags=_tags, clock=it.clock.monotonic)
    with pytest.raises(DomainError, match="no"):
        await cache.get("a")


async def test_those_who_ask_at_once_share_one_load() -> None:
    it = Setup()
    it.owner.gate = asyncio.Event()
    readers = [asyncio.ensure_future(it.cache.get("a")) for _ in range(20)]
    await asyncio.sleep(0)
    readers[0].cancel()
    await asyncio.sleep(0)
    it.owner.gate.set()
    answers = await asyncio.gather(*readers, return_exceptions=True)
    assert isinstance(answers[0], asyncio.CancelledError)
    assert answers[1:] == [Cached("first", stale=False)] * 19
    assert it.owner.asked == 1


async def test_size_is_bounded() -> None:
    it = Setup(size=10)
    it.owner.values = {str(number): str(number) for number in range(50)}
    for key in it.owner.values:
        await it.cache.get(key)
    assert len(it.cache._entries) == 10
    assert len(it.cache._tagged) == 20


async def test_refresh_asks_although_there_is_an_answer() -> None:
    it = Setup()
    await it.cache.get("a")
    await it.cache.get("a", refresh=True)
    assert it.owner.asked == 2


class Guarantee(RuleBasedStateMachine):
    """Whatever happens in whatever order: what was changed and announced is never seen again."""

    @initialize()
    def begin(self) -> None:
        self.loop = asyncio.new_event_loop()
        self.it = Setup()
        self.version = dict.fromkeys("ab", 0)
        self.announced = dict.fromkeys("ab", 0)
        self.it.owner.values = {key: f"{key}0" for key in "ab"}

    @rule(key=st.sampled_from("ab"))
    def change_and_announce(self, key: str) -> None:
        self.version[key] += 1
        self.it.owner.values[key] = f"{key}{self.version[key]}"
        self.announced[key] = self.version[key]
        self.it.cache.invalidate(f"key:{key}")

    @rule(key=st.sampled_from("ab"))
    def change_while_disconnected(self, key: str) -> None:
        self.it.cache.connected(False)
        self.version[key] += 1
        self.it.owner.values[key] = f"{key}{self.version[key]}"
        self.it.clock.advance(1)
        if self.it.owner.available:
            self.announced[key] = self.version[key]

    @rule(up=st.booleans())
    def connect(self, up: bool) -> None:
        self.it.cache.connected(up)

    @rule(up=st.booleans())
    def reach(self, up: bool) -> None:
        self.it.owner.available = up
        self.it.clock.advance(1)
        if up:
            self.announced.update(self.version)

    @rule(seconds=st.floats(0.001, 400))
    def wait(self, seconds: float) -> None:
        self.it.clock.advance(seconds)

    @rule(key=st.sampled_from("ab"), grace=st.booleans())
    def read(self, key: str, grace: bool) -> None:
        try:
            answer = self.loop.run_until_complete(self.it.cache.get(key, grace=grace))
        except DomainError:
            assert not self.it.owner.available
            return
        assert not (answer.stale and not grace)
        if not answer.stale:
            assert int(answer.value[1:]) >= self.announced[key]

    @invariant()
    def tags_and_entries_agree(self) -> None:
        if hasattr(self, "it"):
            cache = self.it.cache
            tagged = {key for keys in cache._tagged.values() for key in keys}
            assert tagged == set(cache._entries)

    def teardown(self) -> None:
        if hasattr(self, "loop"):
            self.loop.close()


TestGuarantee = Guarantee.TestCase
TestGuarantee.settings = settings(max_examples=60, stateful_step_count=30)
