"""Records, time and keys of one unit test, with the steps that tests share."""

from dataclasses import dataclass, field, replace
from typing import Any
from uuid import uuid4

from chassis.callers import token_hash
from identity.domain.account import Account
from identity.domain.challenge import Challenge
from identity.usecases.find_session import find_session
from identity.usecases.log_in import LoginResult, begin_login, finish_login
from identity.usecases.open_link import OpenedLink, link_token, open_link
from identity.usecases.start_session import SessionRules, start_session
from identity_builders import KEYS, VISITOR, Clock, make_rules
from identity_fakes import FakeRecords, fake_records


@dataclass
class World:
    """Records, time and keys of one test."""

    records: FakeRecords = field(default_factory=fake_records)
    clock: Clock = field(default_factory=Clock)

    @property
    def rules(self) -> SessionRules:
        return make_rules(self.clock)

    @property
    def issuing(self) -> dict[str, Any]:
        return {"records": self.records, "key_id": "k1", "clock": self.clock, "new_id": uuid4}

    def has(self, account: Account) -> Account:
        self.records.accounts.rows[account.id] = account
        return account

    def now_has(self, account: Account) -> Account:
        return self.records.accounts.rows[account.id]

    @property
    def last_challenge(self) -> Challenge:
        return list(self.records.challenges.rows.values())[-1]

    async def opened(self, challenge: Challenge) -> OpenedLink:
        await self.records.challenges.add(challenge)
        token = link_token(challenge, KEYS)
        assert token is not None
        link = await open_link(token, records=self.records, signer=KEYS, clock=self.clock)
        assert link is not None
        return link

    async def signed_in(self, account: Account, **changes: Any) -> str:
        return await start_session(
            account, browser="Firefox", sessions=self.records.sessions, rules=self.rules, **changes
        )

    async def lives(self, token: str, *, activity: bool = False) -> bool:
        found = await find_session(
            token_hash(token), activity=activity, sessions=self.records.sessions, rules=self.rules
        )
        return found is not None

    async def log_in(self, account: Account | None, *, matches: bool = True) -> LoginResult:
        return await finish_login(
            account, matches=matches, fresh_hash=None, visitor=VISITOR, records=self.records, rules=self.rules
        )


async def fail(world: World, login: str, times: int, **visitor: Any) -> None:
    for _ in range(times):
        await begin_login(login, replace(VISITOR, **visitor), records=world.records, clock=world.clock)
