"""The life of sessions beside a plain model (S05, S06): start, activity, ending one, the others or all, time."""

import asyncio
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any

from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule, run_state_machine_as_test

from chassis.sessions import token_hash
from identity.domain.account import AccountState
from identity.usecases.end_sessions import end_other_sessions, end_sessions
from identity_builders import an_account
from identity_world import World

IDLE, ABSOLUTE, REMEMBERED = timedelta(minutes=30), timedelta(hours=12), timedelta(days=30)
WHICH = st.integers(min_value=0, max_value=9)


@dataclass
class Known:
    """What a person would say of one session."""

    token: str
    began: datetime
    used: datetime
    remembered: bool
    ended: bool = False

    def alive(self, now: datetime) -> bool:
        if self.remembered:
            return not self.ended and now < self.began + REMEMBERED
        return not self.ended and now < self.began + ABSOLUTE and now < self.used + IDLE


class SessionLife(RuleBasedStateMachine):
    """One customer with some browsers."""

    def __init__(self) -> None:
        super().__init__()
        self.world = World()
        self.account = self.world.has(an_account())
        self.known: list[Known] = []

    def do(self, work: Any) -> Any:
        return asyncio.run(work)

    def one(self, which: int) -> Known:
        return self.known[which % len(self.known)]

    @rule(remembered=st.booleans())
    def start(self, remembered: bool) -> None:
        now = self.world.clock()
        token = self.do(self.world.signed_in(self.account, remembered=remembered))
        self.known.append(Known(token, now, now, remembered))

    @rule(time=st.sampled_from([timedelta(seconds=59), timedelta(minutes=29), IDLE, ABSOLUTE, timedelta(days=29)]))
    def wait(self, time: timedelta) -> None:
        self.world.clock.now += time

    @precondition(lambda self: self.known)
    @rule(which=WHICH)
    def use(self, which: int) -> None:
        known, now = self.one(which), self.world.clock()
        alive = known.alive(now)
        assert self.do(self.world.lives(known.token, activity=True)) == alive
        if alive and now - known.used >= timedelta(minutes=1):
            known.used = now

    @precondition(lambda self: self.known)
    @rule(which=WHICH)
    def end_one(self, which: int) -> None:
        known = self.one(which)
        found = self.do(self.world.records.sessions.find(token_hash(known.token)))
        if found:
            self.do(end_sessions(self.account.id, [found[0].id], records=self.world.records))
        known.ended = True

    @precondition(lambda self: self.known)
    @rule(which=WHICH)
    def end_others(self, which: int) -> None:
        kept = self.one(which)
        found = self.do(self.world.records.sessions.find(token_hash(kept.token)))
        if found is None:
            return
        self.do(end_other_sessions(self.account.id, found[0].id, records=self.world.records))
        for known in self.known:
            known.ended = known.ended or known is not kept

    @rule()
    def end_all(self) -> None:
        self.do(end_sessions(self.account.id, records=self.world.records))
        for known in self.known:
            known.ended = True

    @rule()
    def sweep(self) -> None:
        self.do(self.world.records.sessions.delete_expired(self.world.clock()))

    @invariant()
    def those_live_that_the_model_says(self) -> None:
        now = self.world.clock()
        assert [self.do(self.world.lives(each.token)) for each in self.known] == [
            each.alive(now) for each in self.known
        ]

    @invariant()
    def a_locked_account_has_none(self) -> None:
        self.world.has(replace(self.account, state=AccountState.LOCKED))
        assert not any(self.do(self.world.lives(each.token)) for each in self.known)
        self.world.has(self.account)


def test_sec_s05_s06_sessions_live_as_long_as_the_model_says() -> None:
    run_state_machine_as_test(SessionLife, settings=settings(max_examples=40, stateful_step_count=25))
