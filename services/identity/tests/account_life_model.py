"""What a plain model believes of accounts, challenges and sessions, and where their life takes place."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any, Protocol
from uuid import UUID

from hypothesis.stateful import RuleBasedStateMachine

from chassis.errors import DomainError
from identity.domain.account import CLAIMING, AccountState, given_up_name
from identity.domain.challenge import LIFETIMES, Challenge, Purpose
from identity.domain.normal_form import normal_key
from identity.usecases.ports import Records
from identity_builders import NOW, Clock, make_rules
from identity_fakes import fake_records


class Ground(Protocol):
    """Where a life takes place."""

    def step(self) -> AbstractAsyncContextManager[Records]:
        """Records of one transaction: kept together, or not at all."""

    async def close(self) -> None:
        """The life is over."""


class InMemory:
    """On the fakes."""

    def __init__(self) -> None:
        self._records = fake_records()

    @asynccontextmanager
    async def step(self) -> AsyncIterator[Records]:
        records = self._records
        stores: tuple[Any, ...] = (records.accounts, records.challenges, records.sessions, records.throttles)
        before = [dict(store.rows) for store in stores]
        try:
            yield records
        except BaseException:
            for store, rows in zip(stores, before, strict=True):
                store.rows = rows
            raise

    async def close(self) -> None:
        """Nothing to give back."""


@dataclass(frozen=True)
class Person:
    """An account of the model."""

    name: str
    email: str
    state: AccountState
    password: str | None
    since: datetime


@dataclass(frozen=True)
class Link:
    """A challenge of the model."""

    account: UUID
    purpose: Purpose
    until: datetime
    over: bool = False


class AccountModel(RuleBasedStateMachine):
    """`people`, `links` and `cookies` are what the model believes; `do` asks the service."""

    def __init__(self, ground: Ground) -> None:
        super().__init__()
        self._runner = asyncio.Runner()
        self._ground = ground
        self.clock = Clock()
        self.rules = make_rules(self.clock)
        self.people: dict[UUID, Person] = {}
        self.links: dict[UUID, Link] = {}
        self.cookies: dict[str, tuple[UUID, datetime, datetime]] = {}
        """Value → account, end without activity, end."""

    def teardown(self) -> None:
        self._runner.run(self._ground.close())
        self._runner.close()

    def do(self, action: Callable[[Records], Awaitable[Any]]) -> Any:
        """One transaction; a refusal is its result."""

        async def step() -> Any:
            async with self._ground.step() as records:
                return await action(records)

        try:
            return self._runner.run(step())
        except DomainError as error:
            return error.code

    def owner(self, email: str) -> UUID | None:
        """To whom an address belongs."""
        people = self.people.items()
        return next((key for key, one in people if one.state in CLAIMING and same(one.email, email)), None)

    def claim(self, email: str) -> None:
        """Somebody comes to claim the address: a closed account that has it as its name gives the name up."""
        for key, one in self.people.items():
            if one.state is AccountState.CLOSED and same(one.name, email):
                self.people[key] = replace(one, name=given_up_name(key))

    def named(self, name: str) -> UUID | None:
        return next((key for key, one in self.people.items() if same(one.name, name)), None)

    def meant(self, login: str) -> UUID | None:
        """By name, else by the address that belongs to somebody, else the newest registration with it."""
        pending = [
            key for key, one in self.people.items() if one.state is AccountState.UNCONFIRMED and same(one.email, login)
        ]
        newest = max(pending, key=lambda key: self.people[key].since, default=None)
        return self.named(login) or self.owner(login) or newest

    def is_open(self, key: UUID, purpose: Purpose) -> bool:
        link = self.links[key]
        return link.purpose is purpose and not link.over and self.clock() < link.until and link.account in self.people

    def learn(self, challenge: Challenge) -> None:
        """A challenge was issued: older ones of the same account and purpose are over."""
        if challenge.account_id is None:
            return
        self.end_links(challenge.account_id, challenge.purpose)
        self.links[challenge.id] = Link(challenge.account_id, challenge.purpose, challenge.expires_at)

    def end_links(self, account: UUID, *purposes: Purpose) -> None:
        for key, link in self.links.items():
            if link.account == account and link.purpose in purposes:
                self.links[key] = replace(link, over=True)

    def sign_in(self, account: UUID, token: str) -> None:
        now, limits = self.clock(), self.rules.customers
        self.cookies[token] = (account, now + limits.idle, now + limits.absolute)

    def sign_out(self, account: UUID) -> None:
        for token, (owner, _, _) in self.cookies.items():
            if owner == account:
                self.cookies[token] = (account, NOW, NOW)

    def issued(self, key: UUID, account: UUID, purpose: Purpose) -> Challenge:
        now = self.clock()
        return Challenge(
            id=key, account_id=account, purpose=purpose, key_id="k1", issued_at=now, expires_at=now + LIFETIMES[purpose]
        )

    @staticmethod
    def one_of(things: dict[Any, Any], which: int) -> Any:
        return list(reversed(things))[which % len(things)]


def same(one: str, other: str) -> bool:
    """Whether two spellings are one name or address."""
    return normal_key(one) == normal_key(other)
