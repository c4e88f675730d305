"""Requests beside a plain model: whatever is done, the service says what the model says (DESIGN 6, A15)."""

from dataclasses import dataclass, field
from datetime import timedelta
from random import Random
from uuid import UUID, uuid4

from chassis.errors import DomainError
from chassis.testing import FakeClock
from customer_link.domain.customer import Link
from customer_link.domain.customer_number import number_key
from customer_link.domain.link_request import DECISIONS, Act, AskReason, RequestState, Step
from customer_link.usecases.ask_for_link import Asked, Wish, ask_for_link
from customer_link.usecases.decide_request import decide_request
from customer_link.usecases.handle_request import expire_requests, handle_request
from customer_link.usecases.link_customer import Attempt
from customer_link.usecases.ports import Records
from customer_link.usecases.unlink_customer import unlink_customer
from customer_link_builders import ANNA, BERND, CLARA, INN, SECOND_INN, a_code, give_code, rules

NUMBERS = (INN, SECOND_INN)
PEOPLE = (ANNA, BERND)
STAFF = (CLARA, UUID(int=1005))
ACTS = ("ask", "ask", "take", "give_back", "transfer", "link_also", "refuse", "withdraw", "wait", "unlink")


@dataclass
class ModelRequest:
    """What a person at a desk would write down."""

    id: UUID
    person: UUID
    number: UUID
    kind: str
    opened: int
    state: str = "open"
    hands: UUID | None = None

    @property
    def waits(self) -> bool:
        return self.state in {"open", "in_review"}


@dataclass
class RequestLife:
    """One walk: each act is done for real and in the model, and both must agree."""

    records: Records
    random: Random
    holders_limit: int = 1
    clock: FakeClock = field(default_factory=FakeClock)
    day: int = 0
    asked: list[ModelRequest] = field(default_factory=list)
    holders: dict[UUID, set[UUID]] = field(default_factory=lambda: {number.id: set() for number in NUMBERS})

    async def walk(self, acts: int) -> None:
        for _ in range(acts):
            await self.act(self.random.choice(ACTS), self.random.randrange(1000))
            await self.compare()

    async def act(self, name: str, pick: int) -> None:
        if name == "ask":
            await self._ask(PEOPLE[pick % 2], pick // 2 % 2)
        elif name == "wait":
            await self._wait(1 + pick % 15)
        elif name == "unlink":
            await self._unlink(PEOPLE[pick % 2], NUMBERS[pick // 2 % 2].id)
        elif self.asked:
            await self._step(Act(name), self.asked[pick % len(self.asked)], pick)

    async def compare(self) -> None:
        for one in self.asked:
            entry = await self.records.requests.get(one.id)
            assert entry is not None
            assert (entry.request.state.value, entry.request.assignee) == (one.state, one.hands), one
        for number, people in self.holders.items():
            found = {one.account_id for one in await self.records.links.active_of(uuid4(), number)}
            assert found == people

    async def _ask(self, person: UUID, place: int) -> None:
        number, secret = NUMBERS[place], a_code(self.random.randrange(10**9))
        await give_code(self.records, number, secret, self.clock())
        attempt = Attempt(person, str(uuid4()), secret, number_key(number.number))
        wish = Wish(AskReason.OTHER, "Bitte")
        outcome = await ask_for_link(
            attempt, wish, records=self.records, rules=rules(self.clock, holders=self.holders_limit)
        )
        held, waiting = self.holders[number.id], self._waiting(person, number.id)
        others = {one for one, people in self.holders.items() if person in people}
        if person in held:
            assert not isinstance(outcome, Link | Asked)
        elif len(held) < self.holders_limit and not others:
            assert isinstance(outcome, Link)
            held.add(person)
            if waiting:
                waiting.state = "withdrawn"
        else:
            assert isinstance(outcome, Asked)
            assert outcome.new is (waiting is None)
            kind = "held_by_another" if len(held) >= self.holders_limit else "type_held"
            if waiting is None:
                self.asked.append(ModelRequest(outcome.request_id, person, number.id, kind, self.day))
        await self.records.codes.supersede(number.id, self.clock() - timedelta(days=20))

    async def _step(self, act: Act, one: ModelRequest, pick: int) -> None:
        by = one.person if act is Act.WITHDRAW else STAFF[pick // 7 % 2]
        step = Step(one.id, act, self.clock(), by, answer="Nein")
        done = await (self._decide(step) if act in DECISIONS else self._handle(step))
        assert done is self._expected(act, one, by), (act, one)
        if done:
            self._note(act, one, by)

    async def _decide(self, step: Step) -> bool:
        try:
            await decide_request(step, records=self.records, rules=rules(self.clock, holders=self.holders_limit))
        except DomainError:
            return False
        return True

    async def _handle(self, step: Step) -> bool:
        return await handle_request(step, records=self.records) is not None

    def _expected(self, act: Act, one: ModelRequest, by: UUID) -> bool:
        others = self.holders[one.number] - {one.person}
        free = one.hands in {None, by}
        return (
            one.waits
            and {
                Act.TAKE: one.hands != by,
                Act.GIVE_BACK: one.hands == by,
                Act.WITHDRAW: True,
                Act.REFUSE: free,
                Act.TRANSFER: free and bool(others or one.kind == "held_by_another"),
                Act.LINK_ALSO: free and len(others) < self.holders_limit and bool(others or one.kind == "type_held"),
            }[act]
        )

    def _note(self, act: Act, one: ModelRequest, by: UUID) -> None:
        if act in {Act.TAKE, Act.GIVE_BACK}:
            one.state, one.hands = ("in_review", by) if act is Act.TAKE else ("open", None)
            return
        words = {"transfer": "transferred", "link_also": "also_linked", "refuse": "refused", "withdraw": "withdrawn"}
        one.state = words[act.value]
        if act is Act.TRANSFER:
            self.holders[one.number] = {one.person}
        elif act is Act.LINK_ALSO:
            self.holders[one.number].add(one.person)

    async def _wait(self, days: int) -> None:
        self.day += days
        self.clock.advance(timedelta(days=days))
        late = [one for one in self.asked if one.waits and self.day - one.opened >= 30]
        assert await expire_requests(records=self.records, clock=self.clock) == len(late)
        for one in late:
            one.state = RequestState.EXPIRED.value

    async def _unlink(self, person: UUID, number: UUID) -> None:
        ended = await unlink_customer(person, number, records=self.records, clock=self.clock)
        assert (ended is not None) is (person in self.holders[number])
        self.holders[number].discard(person)

    def _waiting(self, person: UUID, number: UUID) -> ModelRequest | None:
        wanted = (person, number)
        return next((one for one in self.asked if one.waits and (one.person, one.number) == wanted), None)
