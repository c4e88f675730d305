"""Import of accounts (A4, S6): what each line becomes."""

from collections.abc import AsyncIterator
from typing import Any
from uuid import uuid4

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chassis.errors import DomainError
from identity.domain.account import AccountState
from identity.domain.foreign_hash import is_known_hash
from identity.domain.history import ActorKind, HistoryAction
from identity.entrypoints.account_file import csv_lines, in_batches, json_lines, template
from identity.usecases.import_accounts import AccountImport, FileLine, ImportAuthor, ImportRules
from identity_builders import an_account
from identity_world import World

BCRYPT = "$2b$04$abcdefghijklmnopqrstuuO7RZJSJLuMh.jF0Ov0vJ6nYkYbMWX7O"
RULES = ImportRules("de", ("de", "en"), lambda typed: typed.strip() if "@" in typed else None)


def a_line(number: int = 2, **values: str) -> FileLine:
    return FileLine(number, {"email": f"line{number}@x.test"} | values)


def begin(world: World, **how: Any) -> AccountImport:
    return AccountImport(RULES, world.clock, uuid4, "k1", **how)


async def run(world: World, *lines: FileLine, **how: Any) -> AccountImport:
    made = begin(world, **how)
    await made.take(lines, world.records)
    return made


def counts(made: AccountImport) -> tuple[int, int, int, int]:
    report = made.report
    return report.active, report.invited, report.known, report.refused


async def test_with_a_hash_an_account_is_active_else_invited_and_nobody_gets_a_mail(world: World) -> None:
    made = await run(world, a_line(2, username="alt", password_hash=BCRYPT, first_name="Alt"), a_line(3))
    assert counts(made) == (1, 1, 0, 0)
    old, new = world.records.accounts.rows.values()
    assert (old.username, old.state, old.password_hash) == ("alt", AccountState.ACTIVE, BCRYPT)
    assert (old.display_name, old.language) == ("Alt", "de")
    assert (new.username, new.state, new.display_name) == ("line3@x.test", AccountState.INVITED, "line3@x.test")
    names = world.records.announcements.names
    assert names == ["account.registered", "account.confirmed", "account.registered"]


async def test_the_history_says_who_imported(world: World) -> None:
    staff = ImportAuthor(ActorKind.STAFF, uuid4(), "import")
    await run(world, a_line(2, password_hash=BCRYPT), a_line(3), dry_run=True, author=staff)
    assert world.records.history.rows == []
    await run(world, a_line(2, password_hash=BCRYPT), a_line(3), author=staff)
    told = [
        (entry.actor_kind, entry.actor_id, entry.action, dict(entry.details)) for entry in world.records.history.rows
    ]
    imported = (ActorKind.STAFF, staff.id, HistoryAction.IMPORTED)
    assert told == [(*imported, {"after": "active"}), (*imported, {"after": "invited"})]
    assert [entry.account_id for entry in world.records.history.rows] == list(world.records.accounts.rows)


async def test_whoever_has_no_password_gets_a_mail_if_asked(world: World) -> None:
    await run(world, a_line(2, password_hash=BCRYPT), a_line(3), notify=True)
    assert world.records.announcements.names.count("challenge.issued") == 1
    assert world.last_challenge.account_id == list(world.records.accounts.rows)[1]


async def test_the_same_file_changes_nothing_the_second_time(world: World) -> None:
    lines = [a_line(number, external_id=f"old-{number}") for number in range(2, 5)]
    assert counts(await run(world, *lines)) == (0, 3, 0, 0)
    rows, said = dict(world.records.accounts.rows), list(world.records.announcements.said)
    assert counts(await run(world, *lines)) == (0, 0, 3, 0)
    assert (world.records.accounts.rows, world.records.announcements.said) == (rows, said)


async def test_a_line_whose_name_is_the_address_of_a_closed_account_is_imported(world: World) -> None:
    closed = world.has(an_account("line2@x.test", email="line2@x.test", state=AccountState.CLOSED))
    anna = world.has(an_account("anna", state=AccountState.CLOSED))
    await world.records.imports.link("old-1", closed.id)
    known = await run(world, a_line(2, external_id="old-1"))
    assert (counts(known), world.now_has(closed)) == ((0, 0, 1, 0), closed)
    made = await run(world, a_line(2, username="line2@x.test"), a_line(3, username=anna.username))
    assert (counts(made), made.report.bad[0].problem) == ((0, 1, 0, 1), "username_taken")
    assert world.now_has(closed).known_as == "line2@x.test"


BAD = [
    ({"email": ""}, {"email": "email_missing"}),
    ({"email": "nobody"}, {"email": "email_invalid"}),
    ({"username": "x"}, {"username": "username_length"}),
    ({"language": "fr"}, {"language": "language_unknown"}),
    ({"password_hash": "geheim"}, {"password_hash": "password_hash_unknown"}),
    ({"external_id": "x" * 101}, {"external_id": "external_id_invalid"}),
    ({"country": "XX", "phone": "?"}, {"country": "country_invalid", "phone": "phone_invalid"}),
    ({"username": "anna"}, {"username": "username_taken"}),
    ({"email": "ANNA@beispiel.at"}, {"email": "email_taken"}),
]


@pytest.mark.parametrize("dry_run", [True, False])
@pytest.mark.parametrize(("values", "problems"), BAD)
async def test_every_bad_column_is_named(
    world: World, values: dict[str, str], problems: dict[str, str], dry_run: bool
) -> None:
    world.has(an_account("anna"))
    made = await run(world, a_line(7, **values), a_line(8), dry_run=dry_run)
    assert counts(made) == (0, 1, 0, 1)
    assert {bad.column: bad.problem for bad in made.report.bad} == problems
    assert {bad.line for bad in made.report.bad} == {7}
    assert len(world.records.accounts.rows) == (1 if dry_run else 2)


@pytest.mark.parametrize("dry_run", [True, False])
async def test_a_file_must_not_contradict_itself_even_across_batches(world: World, dry_run: bool) -> None:
    made = begin(world, dry_run=dry_run)
    await made.take([a_line(2, external_id="a", username="eins")], world.records)
    await made.take([a_line(3, external_id="b", username="EINS")], world.records)
    assert counts(made) == (0, 1, 0, 1)
    assert [(bad.line, bad.column) for bad in made.report.bad] == [(3, "username")]


async def test_a_dry_run_says_the_same_and_writes_nothing(world: World) -> None:
    lines = [a_line(2), a_line(3, password_hash=BCRYPT), a_line(4, email=""), FileLine(5, problem="columns_differ")]
    dry = await run(world, *lines, dry_run=True)
    assert not world.records.accounts.rows
    assert not world.records.announcements.said
    assert (await run(world, *lines)).report == dry.report
    assert counts(dry) == (1, 1, 0, 2)


async def chunks(data: bytes, size: int) -> AsyncIterator[bytes]:
    for start in range(0, len(data), size):
        yield data[start : start + size]


async def read_csv(text: str | bytes, size: int = 7) -> list[FileLine]:
    data = text.encode() if isinstance(text, str) else text
    return [line async for line in csv_lines(chunks(data, size))]


@pytest.mark.parametrize("size", [1, 3, 1000])
@pytest.mark.parametrize("delimiter", [",", ";"])
async def test_csv_is_read_however_it_is_cut(delimiter: str, size: int) -> None:
    text = '\ufeffEmail;company\r\nä@x.test;"Müller; ""Söhne""\nGmbH"\r\n\r\nb@x.test;\n'.replace(";", delimiter)
    first, second = await read_csv(text, size)
    assert (first.line, first.values) == (2, {"email": "ä@x.test", "company": f'Müller{delimiter} "Söhne"\nGmbH'})
    assert (second.line, second.values) == (5, {"email": "b@x.test", "company": ""})


async def test_bad_lines_of_a_file_are_told_one_by_one() -> None:
    lines = await read_csv(b"email,company\na@x.test\nb@x.test,x,y\nc@x.test,\xff\nd@x.test,\0\ne@x.test,x\n")
    problems = [(line.line, line.problem) for line in lines]
    assert problems == [
        (2, "columns_differ"),
        (3, "columns_differ"),
        (4, "encoding_invalid"),
        (5, "encoding_invalid"),
        (6, ""),
    ]


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("email,roles\n", "column_unknown"),
        ("username\n", "column_missing"),
        ("email,email\n", "column_missing"),
        ("email\n" + "x" * 20_000, "file_too_long"),
        ('email\n"' + "x\n" * 10_000, "file_too_long"),
    ],
)
async def test_a_file_that_is_none_is_refused_whole(text: str, code: str) -> None:
    with pytest.raises(DomainError, match=code):
        await read_csv(text, 1000)


async def test_json_lines_are_read_with_care() -> None:
    text = (
        '{"email":"a@x.test","company":null}\n\n{"email":1}\n{"email":"a","email":"b"}\n{"roles":"admin"}\n[]\nNaN\n'
        + "[" * 5000
        + '\n{"email":"\\ud800"}\n'
    )
    lines = [line async for line in json_lines(chunks(text.encode(), 11))]
    assert lines[0] == FileLine(1, {"email": "a@x.test"})
    assert [line.problem for line in lines[1:]] == [
        "not_text",
        "not_json",
        "column_unknown",
        "not_json",
        "not_json",
        "not_json",
        "encoding_invalid",
    ]


@given(st.integers(0, 450))
async def test_batches_lose_nothing(count: int) -> None:
    async def lines() -> AsyncIterator[FileLine]:
        for number in range(count):
            yield FileLine(number)

    batches = [batch async for batch in in_batches(lines())]
    assert [line.line for batch in batches for line in batch] == list(range(count))
    assert all(0 < len(batch) <= 200 for batch in batches)


async def test_the_empty_template_is_a_file() -> None:
    assert await read_csv(template()) == []


@pytest.mark.parametrize(
    ("password_hash", "known"),
    [
        (BCRYPT, True),
        (BCRYPT.replace("$04$", "$31$"), False),
        ("$argon2id$v=19$m=65536,t=3,p=4$c29tZXNhbHRzb21lc2FsdA$" + "A" * 43, True),
        ("$argon2id$v=19$m=9999999,t=3,p=4$c29tZXNhbHRzb21lc2FsdA$" + "A" * 43, False),
        ("$pbkdf2-sha256$29000$" + "A" * 22 + "$" + "A" * 43, True),
        ("$pbkdf2-sha256$9000000$" + "A" * 22 + "$" + "A" * 43, False),
        ("pbkdf2_sha256$260000$salt$" + "A" * 43 + "=", True),
        ("pbkdf2_sha1$260000$salt$" + "A" * 27 + "=", False),
        ("5f4dcc3b5aa765d61d8327deb882cf99", False),
        ("geheim", False),
    ],
)
def test_hashes_of_bearable_cost_are_known(password_hash: str, known: bool) -> None:
    assert is_known_hash(password_hash) == known
