"""Known or unknown: the same hashes, statements, events and jobs, so that nobody learns which it was (DESIGN 4.21).

Equal time is tested by equal work; its statistic is a benchmark.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

import pytest
from sqlalchemy import event, text

from identity.domain.account import AccountState
from identity_harness import PASSWORD, REGISTRATION, Portal, hidden


@dataclass
class Work:
    """What one request made the service do."""

    statements: list[str] = field(default_factory=list)
    hashes: list[str] = field(default_factory=list)


@contextmanager
def counted(portal: Portal, monkeypatch: pytest.MonkeyPatch) -> Iterator[Work]:
    """Counts while the block runs."""
    work = Work()
    engine = portal.core.database._engine.sync_engine

    def note(_connection: Any, _cursor: Any, statement: str, *_rest: Any) -> None:
        work.statements.append(statement)

    hasher = portal.core.passwords._hasher
    real_hash, real_verify = hasher.hash, hasher.verify
    with monkeypatch.context() as patch:
        # The costs are the same only if the parameters are: the counter looks at the hash that is verified.
        patch.setattr(portal.core.passwords, "_hasher", _Counting(hasher, work, real_hash, real_verify))
        event.listen(engine, "before_cursor_execute", note)
        yield work
        event.remove(engine, "before_cursor_execute", note)


@dataclass
class _Counting:
    hasher: Any
    work: Work
    real_hash: Any
    real_verify: Any

    def hash(self, password: str) -> str:
        self.work.hashes.append("hash")
        return str(self.real_hash(password))

    def verify(self, password_hash: str, password: str) -> bool:
        self.work.hashes.append(f"verify {password_hash.rpartition('$')[0].rpartition('$')[0]}")
        return bool(self.real_verify(password_hash, password))

    def check_needs_rehash(self, password_hash: str) -> bool:
        return bool(self.hasher.check_needs_rehash(password_hash))


async def jobs(portal: Portal) -> int:
    async with portal.core.database.transaction() as tx:
        return int(await tx.scalar(text("SELECT count(*) FROM procrastinate_jobs")) or 0)


async def work_of(portal: Portal, monkeypatch: pytest.MonkeyPatch, path: str, form: dict[str, str]) -> tuple[Any, ...]:
    """Everything that a request did, in a form to compare."""
    events_before, jobs_before = len(await portal.events()), await jobs(portal)
    with counted(portal, monkeypatch) as work:
        answer = await portal.browser().post(path, data=form)
    events = (await portal.event_types())[events_before:]
    return answer.status_code, work.hashes, work.statements, events, await jobs(portal) - jobs_before


async def test_sec_a01_registering_a_new_a_pending_and_an_owned_address(
    portal: Portal, monkeypatch: pytest.MonkeyPatch
) -> None:
    await portal.add_account("owner", email="owner@beispiel.at")
    await portal.add_account("pending", email="pending@beispiel.at", state=AccountState.UNCONFIRMED)
    works = [
        await work_of(portal, monkeypatch, "/register", REGISTRATION | {"username": f"anna{n}", "email": email})
        for n, email in enumerate(("new@beispiel.at", "owner@beispiel.at", "pending@beispiel.at"))
    ]
    assert works[0] == works[1] == works[2]
    assert works[0][0] == 303
    assert works[0][1] == ["hash"]
    assert works[0][3] == ["account.registered", "challenge.issued"]


async def test_sec_a02_logging_in_with_a_wrong_password_under_known_and_unknown_names(
    portal: Portal, monkeypatch: pytest.MonkeyPatch
) -> None:
    await portal.add_account("anna")
    await portal.add_account("pending", state=AccountState.UNCONFIRMED)
    await portal.add_account("invited", state=AccountState.INVITED, password_hash=None)
    await portal.add_account("locked", state=AccountState.LOCKED)
    await portal.add_staff("agent")
    names = ("anna", "anna@beispiel.at", "pending", "invited", "locked", "agent", "nobody", "nobody@beispiel.at")
    works = [await work_of(portal, monkeypatch, "/login", {"login": name, "password": "x"}) for name in names]
    assert all(work == works[0] for work in works)
    assert (works[0][0], len(works[0][1]), works[0][3]) == (422, 1, [])


async def test_sec_a03_forgetting_the_password_of_known_and_unknown_names(
    portal: Portal, monkeypatch: pytest.MonkeyPatch
) -> None:
    await portal.add_account("anna")
    await portal.add_account("pending", state=AccountState.UNCONFIRMED)
    await portal.add_account("foreign", email="anna@beispiel.at", state=AccountState.UNCONFIRMED)
    await portal.add_account("invited", state=AccountState.INVITED, password_hash=None)
    await portal.add_account("locked", state=AccountState.LOCKED)
    names = ("anna", "anna@beispiel.at", "pending", "foreign", "invited", "locked", "nobody", "nobody@beispiel.at")
    works = [await work_of(portal, monkeypatch, "/password/forgot", {"login": name}) for name in names]
    assert all(work == works[0] for work in works)
    assert (works[0][0], works[0][1], works[0][3]) == (303, [], ["challenge.issued"])


async def test_where_passwords_are_mailed_wrong_ones_are_as_much_work_for_all(
    mailing: Portal, monkeypatch: pytest.MonkeyPatch
) -> None:
    await mailing.add_account("anna")
    await mailing.add_account("locked", state=AccountState.LOCKED)
    await mailing.client.post("/password/forgot", data={"login": "anna"})
    await mailing.client.post(await mailing.last_link())
    names = ("anna", "anna@beispiel.at", "locked", "nobody", "nobody@beispiel.at")
    works = [await work_of(mailing, monkeypatch, "/login", {"login": name, "password": "x"}) for name in names]
    assert all(work == works[0] for work in works)
    assert (works[0][0], len(works[0][1])) == (422, 1)


async def test_sending_the_confirmation_again_for_a_new_and_an_owned_address(
    portal: Portal, monkeypatch: pytest.MonkeyPatch
) -> None:
    await portal.add_account("owner", email="owner@beispiel.at")
    works = []
    for number, email in enumerate(("new@beispiel.at", "owner@beispiel.at")):
        username = f"anna{number}"
        await portal.client.post("/register", data=REGISTRATION | {"username": username, "email": email})
        login = {"login": username, "password": PASSWORD}
        refused = await portal.client.post("/login", data=login)
        works.append(await work_of(portal, monkeypatch, "/login", login))
        ticket = {"ticket": hidden(refused.text, "ticket")}
        works.append(await work_of(portal, monkeypatch, "/login/again", ticket))
    assert works[:2] == works[2:]
    assert [work[0] for work in works[:2]] == [403, 303]
