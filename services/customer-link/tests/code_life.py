"""Codes and links beside a plain model: whatever is done, the service says what the model says (DESIGN 6)."""

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from random import Random
from uuid import UUID, uuid4

from chassis.testing import FakeClock
from customer_link.domain.code_state import GRACE, Handover, Reason
from customer_link.domain.customer import Customer, Link, Refusal
from customer_link.domain.customer_number import number_key
from customer_link.usecases.issue_code import IssueMeans, Order, issue_code
from customer_link.usecases.link_customer import Attempt, link_customer
from customer_link.usecases.ports import Records
from customer_link.usecases.unlink_customer import unlink_customer
from customer_link_builders import ANNA, BERND, CLARA, CONCERT, INN, KEEPER, SECOND_INN, rules

NUMBERS = (INN, CONCERT, SECOND_INN)
PEOPLE = (ANNA, BERND)
ACTS = ("wait", "issue", "issue", "link", "link", "wait", "unlink", "withdraw", "print", "hand_over")
_VALID = timedelta(days=30)
_PAUSES = (GRACE, timedelta(days=1), GRACE - timedelta(seconds=1), timedelta(days=9))


@dataclass
class ModelCode:
    """What a person at a desk would write down."""

    id: UUID
    number: Customer
    secret: str
    ends: datetime
    state: str = "open"
    grace_ends: datetime | None = None

    def works(self, now: datetime) -> bool:
        in_grace = self.grace_ends is not None and now < self.grace_ends
        return now < self.ends and (self.state == "open" or (self.state == "superseded" and in_grace))


@dataclass
class CodeLife:
    """One walk: each act is done for real and in the model, and both must agree."""

    records: Records
    random: Random
    clock: FakeClock = field(default_factory=FakeClock)
    codes: list[ModelCode] = field(default_factory=list)
    holders: dict[UUID, UUID] = field(default_factory=dict)

    async def walk(self, acts: int) -> None:
        for _ in range(acts):
            await self.act(self.random.choice(ACTS), self.random.randrange(1000))
            await self.compare()

    async def act(self, name: str, pick: int) -> None:
        if name == "issue":
            await self._issue(NUMBERS[pick % len(NUMBERS)])
        elif name == "wait":
            self.clock.advance(_PAUSES[pick % len(_PAUSES)])
        elif name == "unlink":
            await self._unlink(PEOPLE[pick % 2], NUMBERS[pick % len(NUMBERS)])
        elif self.codes:
            code = self.codes[pick % len(self.codes)]
            await {"link": self._link, "withdraw": self._withdraw, "print": self._print, "hand_over": self._hand_over}[
                name
            ](code)

    async def compare(self) -> None:
        now = self.clock()
        open_numbers = [code.number.id for code in self.codes if code.state == "open"]
        assert len(open_numbers) == len(set(open_numbers))
        for code in self.codes:
            found = await self.records.codes.match(KEEPER.macs(code.secret), number_key(code.number.number))
            assert found is not None
            assert found[0].usable(now) is code.works(now), (code, found[0])

    async def _issue(self, number: Customer) -> None:
        now = self.clock()
        means = IssueMeans(KEEPER, self.clock, self.random.randrange)
        order = Order(uuid4(), number.id, now + _VALID)
        made, secret = await issue_code(order, records=self.records, means=means)
        for code in self.codes:
            if code.number == number and code.state == "open":
                code.state, code.grace_ends = "superseded", now + GRACE
        self.codes.append(ModelCode(made.id, number, secret, now + _VALID))

    async def _link(self, code: ModelCode) -> None:
        person, now = PEOPLE[self.random.randrange(2)], self.clock()
        attempt = Attempt(person, str(uuid4()), code.secret, number_key(code.number.number))
        await self.records.failures.forget(now + timedelta(days=1))
        outcome = await link_customer(attempt, records=self.records, rules=rules(self.clock))
        expected = self._expected(code, person, now)
        assert (outcome if isinstance(outcome, Refusal) else None) is expected
        if isinstance(outcome, Link):
            self.holders[code.number.id] = person
            code.state = "used"
            for other in self.codes:
                if other.number == code.number and other.state == "superseded":
                    other.state = "withdrawn"

    def _expected(self, code: ModelCode, person: UUID, now: datetime) -> Refusal | None:
        holder = self.holders.get(code.number.id)
        same_type = [one for one in NUMBERS if one.type == code.number.type and self.holders.get(one.id) == person]
        if not code.works(now):
            return Refusal.UNMATCHED
        if holder is not None:
            return Refusal.ALREADY_YOURS if holder == person else Refusal.HELD_BY_ANOTHER
        return Refusal.TYPE_HELD if same_type else None

    async def _unlink(self, person: UUID, number: Customer) -> None:
        ended = await unlink_customer(person, number.id, records=self.records, clock=self.clock)
        assert (ended is not None) is (self.holders.get(number.id) == person)
        if ended is not None:
            del self.holders[number.id]

    async def _withdraw(self, code: ModelCode) -> None:
        ended = await self.records.register.withdraw(code.id, Reason.LOST, CLARA, self.clock())
        assert (ended is not None) is (code.state in {"open", "superseded"})
        if ended is not None:
            code.state = "withdrawn"

    async def _print(self, code: ModelCode) -> None:
        assert await self.records.register.mark_printed([code.id], self.clock()) <= (code.state == "open")

    async def _hand_over(self, code: ModelCode) -> None:
        done = await self.records.register.hand_over([code.id], Handover.BY_LETTER, CLARA, self.clock())
        assert done <= (code.state == "open")
        assert await self.records.register.sealed([code.id]) == []
