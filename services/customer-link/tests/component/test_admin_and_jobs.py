"""Commands, jobs and consumers on a real database."""

import json
from datetime import timedelta
from pathlib import Path
from uuid import UUID, uuid4

import pytest
from sqlalchemy import text

from chassis.errors import DomainError
from chassis.inbox import Inbox
from chassis.messaging import Event
from chassis.testing_edges import START
from customer_link.app import make_admin
from customer_link.domain.activation_code import read_code
from customer_link.domain.customer_import import ImportKind
from customer_link.entrypoints.event_consumers import event_handlers
from customer_link.entrypoints.jobs import (
    ASK_FOR_DATA,
    ERASE_SEALED_CODES,
    FORGET_FAILURES,
    PROVIDE_ACCOUNT,
    job_handlers,
)
from customer_link_builders import ANNA, GASTHAUS, INN, a_code, a_contact, a_link, give_code
from customer_link_fakes import FakeIdentity
from customer_link_world import MakeWorld, World
from ui.brand import demo_id

HEAD = "organisation;customer_number;type;email;display_name;language"
CSV = "organisation,email,display_name\nGasthaus Zum Goldenen Ton,martha@example.com,Martha Gold\n"


@pytest.mark.parametrize(("brand", "codes", "contacts"), [("musik", 9, 4), ("software", 8, 7)])
async def test_demo_data_are_loaded_once(make_world: MakeWorld, brand: str, codes: int, contacts: int) -> None:
    world = await make_world(brand)
    first = await make_admin(world.core).load_demo()
    events = len(await world.events())
    again = await make_admin(world.core).load_demo()
    assert first == again
    assert len(await world.events()) == events
    assert (len(first["codes"]), len(first["contacts"])) == (codes, contacts)
    assert all(read_code(one["code"]) for one in first["codes"])
    [anna] = [one for one in first["customers"] if one["key"] == "anna"]
    assert anna["customer_numbers"]
    async with world.records() as records:
        membership = await records.memberships.of(demo_id("account", "anna"))
    assert [one.name for one in membership.organisations] == [anna["organisation"]]
    world.clock.advance(timedelta(days=7))
    handlers = job_handlers(world.core.workplace, FakeIdentity())
    await handlers[ERASE_SEALED_CODES]({})
    assert (await make_admin(world.core).load_demo())["codes"] == []


async def test_a_code_of_the_demo_data_links(make_world: MakeWorld) -> None:
    world = await make_world()
    loaded = await make_admin(world.core).load_demo()
    code = next(one for one in loaded["codes"] if one["customer_number"] == "4633 0450")
    assert (await world.link("anna", code["code"], code["customer_number"])).status == 303


async def test_no_code_is_kept_in_the_clear(make_world: MakeWorld, capsys: pytest.CaptureFixture[str]) -> None:
    world = await make_world()
    codes = [one["code"] for one in (await make_admin(world.core).load_demo())["codes"]]
    await world.link("anna", codes[0], "4711 0702")
    await world.link("bernd", codes[1], "1")
    async with world.database.transaction() as tx:
        tables = await tx.scalars(text("SELECT tablename FROM pg_tables WHERE schemaname = 'public'"))
        rows = [str(row) for table in tables for row in await tx.execute(text(f'SELECT t::text FROM "{table}" t'))]
    said = capsys.readouterr()
    kept = "\n".join([*rows, said.out, said.err])
    for code in codes:
        plain = code.replace("-", "")
        assert all(form not in kept for form in (code, plain, plain.encode().hex()))


async def test_m2_contacts_are_imported_and_get_accounts(world: World, tmp_path: Path) -> None:
    file = tmp_path / "contacts.csv"
    file.write_text(CSV + "Nobody,x,\n")
    admin = make_admin(world.core)
    refused = await admin.import_contacts(file, dry_run=False)
    assert (refused["imported"], refused["bad_lines"]) == (0, [{"line": 3, "problem": "email_invalid"}])
    file.write_text(CSV)
    assert (await admin.import_contacts(file, dry_run=True))["imported"] == 0
    assert (await admin.import_contacts(file, dry_run=False))["imported"] == 1
    assert (await admin.import_contacts(file, dry_run=False))["present"] == 1
    async with world.database.transaction() as tx:
        [job] = await tx.execute(text("SELECT task_name, args FROM procrastinate_jobs"))
    assert job.task_name == PROVIDE_ACCOUNT
    await job_handlers(world.core.workplace, FakeIdentity())[PROVIDE_ACCOUNT](job.args)
    assert await world.event_names() == ["contact.changed", "membership.changed", "contact.changed"]
    async with world.records() as records:
        assert len(await records.memberships.members(GASTHAUS.id)) == 1
    await admin.remove_contact(GASTHAUS.name, "Martha@example.com")
    assert (await world.event_names())[3:] == ["membership.changed", "contact.changed"]
    async with world.records() as records:
        assert await records.memberships.members(GASTHAUS.id) == []
    with pytest.raises(DomainError, match="contact_unknown"):
        await admin.remove_contact(GASTHAUS.name, "martha@example.com")
    with pytest.raises(DomainError, match="organisation_unknown"):
        await admin.remove_contact("Nobody", "martha@example.com")


async def test_invalidations_go_first(world: World) -> None:
    async with world.records() as records:
        await give_code(records, INN, a_code())
    await world.link("anna", a_code(), INN.number)
    async with world.database.transaction() as tx:
        rows = await tx.execute(text("SELECT type, urgent FROM outbox WHERE urgent"))
    assert [row.type for row in rows] == ["kundenportal.customer_link.membership.changed.v1"]


async def test_backends_are_asked_again_by_the_clock(world: World) -> None:
    ask = job_handlers(world.core.workplace, FakeIdentity())[ASK_FOR_DATA]
    async with world.records() as records:
        await give_code(records, INN, a_code())
    await world.link("anna", a_code(), INN.number)
    await ask({})
    assert (await world.event_names()).count("customer.data_requested") == 1
    world.clock.advance(timedelta(seconds=30))
    await ask({})
    await ask({})
    assert (await world.event_names()).count("customer.data_requested") == 2


async def test_failures_are_forgotten_after_a_day(world: World) -> None:
    await world.link("anna", a_code(), INN.number)
    forget = job_handlers(world.core.workplace, FakeIdentity())[FORGET_FAILURES]
    counts = []
    for _ in range(2):
        await forget({})
        async with world.database.transaction() as tx:
            counts.append(await tx.scalar(text("SELECT count(*) FROM code_failure")))
        world.clock.advance(timedelta(days=1, seconds=1))
    assert counts == [1, 0]


async def test_a_closed_account_loses_its_links_once(world: World) -> None:
    async with world.records() as records:
        await records.links.add(a_link(ANNA, INN))
        await records.contacts.add(a_contact(account_id=ANNA))
    closed = Event(
        id=uuid4(),
        type="kundenportal.identity.account.closed.v1",
        source="urn:kundenportal:identity",
        subject=str(ANNA),
        sequence=1,
        time=START,
        data={"accountId": str(ANNA)},
    )
    inbox = Inbox(world.database, "customer-link", event_handlers(world.core.workplace))
    for _ in range(2):
        await inbox.receive(closed)
    names = await world.event_names()
    assert sorted(names) == ["contact.changed", "link.ended", "membership.changed", "membership.changed"]
    async with world.records() as records:
        assert (await records.memberships.of(ANNA)).organisations == ()


async def test_events_say_ids_and_nothing_of_persons(world: World) -> None:
    async with world.records() as records:
        await records.contacts.add(a_contact())
        await give_code(records, INN, a_code())
    await world.link("anna", a_code(), INN.number)
    for event in await world.events():
        for value in event.data.values():
            assert isinstance(value, bool) or UUID(value)
        assert "4711" not in json.dumps(dict(event.data))


async def test_s6_customers_are_imported_from_a_file_again_without_effect(world: World, tmp_path: Path) -> None:
    file = tmp_path / "customers.csv"
    rows = [f"Betrieb {number // 2};70{number:05};handel;;;" for number in range(600)]
    file.write_text("\n".join([HEAD, *rows, "Betrieb 0;1;falsch;;;"]), "utf-8-sig")
    admin, kind = make_admin(world.core), ImportKind.CUSTOMERS
    nothing = {"contacts": 0, "removed": 0, "added": 0, "changed": 0, "known": 0}
    expected = {"organisations": 300, "customers": 600, **nothing, "refused": 1}
    bad = [{"line": 602, "column": "type", "problem": "type_unknown"}]
    assert await admin.import_customers(file, kind, dry_run=True) == {"dry_run": True, **expected, "bad_lines": bad}
    assert await admin.import_customers(file, kind, dry_run=False) == {"dry_run": False, **expected, "bad_lines": bad}
    again = await admin.import_customers(file, kind, dry_run=False)
    assert (again["organisations"], again["customers"], again["known"]) == (0, 0, 600)
    with pytest.raises(DomainError, match="FileNotFoundError"):
        await admin.import_customers(tmp_path / "none.csv", kind, dry_run=True)
