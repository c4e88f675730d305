"""Import of accounts through the JSON API (A4, S6)."""

import base64
import hashlib
from collections.abc import AsyncIterator
from typing import Any

import bcrypt
import httpx
import pytest

from identity.other_systems import make_client_admin
from identity_harness import PASSWORD, Portal

URL = "/api/v1/accounts:import"
BCRYPT = bcrypt.hashpw(PASSWORD.encode(), bcrypt.gensalt(4)).decode()
DJANGO = (
    "pbkdf2_sha256$1000$salt$"
    + base64.b64encode(hashlib.pbkdf2_hmac("sha256", PASSWORD.encode(), b"salt", 1000)).decode()
)
FILE = (
    "external_id;username;email;password_hash;first_name;country\n"
    f"1;alt.eins;eins@beispiel.at;{BCRYPT};Eins;AT\n"
    f"2;alt.zwei;zwei@beispiel.at;{DJANGO};Zwei;at\n"
    "3;;drei@beispiel.at;;Drei;\n"
    "4;alt.vier;keine Adresse;geheim;Vier;XX\n"
)


async def program(portal: Portal) -> httpx.AsyncClient:
    client = await make_client_admin(portal.core).add("crm", ["accounts:write"])
    return portal.browser(Authorization=f"Bearer {await portal.token(client)}")


async def send(
    browser: httpx.AsyncClient, content: Any = FILE, query: str = "", kind: str = "text/csv; charset=utf-8"
) -> httpx.Response:
    return await browser.post(URL + query, content=content, headers={"Content-Type": kind})


async def log_in(portal: Portal, login: str) -> int:
    return (await portal.browser().post("/login", data={"login": login, "password": PASSWORD})).status_code


async def test_a_dry_run_names_what_is_wrong_and_changes_nothing(portal: Portal) -> None:
    answer = await send(await program(portal), query="?dry_run=true")
    assert answer.json() == {
        "dry_run": True,
        "active": 2,
        "invited": 1,
        "known": 0,
        "refused": 1,
        "bad_lines": [
            {"line": 5, "column": "email", "problem": "email_invalid"},
            {"line": 5, "column": "password_hash", "problem": "password_hash_unknown"},
            {"line": 5, "column": "country", "problem": "country_invalid"},
        ],
    }
    assert await log_in(portal, "alt.eins") == 422
    assert await portal.event_types() == []


async def test_imported_people_simply_log_in_and_their_hashes_are_renewed(portal: Portal) -> None:
    browser = await program(portal)
    told = (await send(browser)).json()
    assert (told["active"], told["invited"], told["known"], told["refused"]) == (2, 1, 0, 1)
    for login in ("alt.eins", "zwei@beispiel.at"):
        assert await log_in(portal, login) == 303
        assert str((await portal.account(login)).password_hash).startswith("$argon2id$")
        assert await log_in(portal, login) == 303
    assert "challenge.issued" not in await portal.event_types()
    again = (await send(browser)).json()
    assert (again["active"], again["invited"], again["known"], again["refused"]) == (0, 0, 3, 1)


async def test_json_lines_do_the_same(portal: Portal) -> None:
    lines = f'{{"external_id":"1","username":"alt.eins","email":"e@beispiel.at","password_hash":"{BCRYPT}"}}\n'
    answer = await send(await program(portal), lines, "?notify=true", "application/jsonl")
    assert answer.json()["active"] == 1
    assert await log_in(portal, "alt.eins") == 303


@pytest.mark.parametrize(
    ("content", "query", "kind", "status", "code"),
    [
        (FILE, "", "application/json", 415, "unsupported_media_type"),
        (FILE, "?dry_run=perhaps", "text/csv", 422, "invalid_input"),
        (FILE, "?roles=admin", "text/csv", 422, "invalid_input"),
        ("email;roles\nx@x.test;admin\n", "", "text/csv", 422, "column_unknown"),
        (b"email\n" + b"x" * 20_000, "", "text/csv", 422, "file_too_long"),
    ],
)
async def test_what_is_no_file_is_refused(
    portal: Portal, content: Any, query: str, kind: str, status: int, code: str
) -> None:
    answer = await send(await program(portal), content, query, kind)
    assert (answer.status_code, answer.json()["code"]) == (status, code)
    assert answer.headers["content-type"] == "application/problem+json"


async def test_a_file_beyond_the_limit_is_refused_while_it_comes(portal: Portal) -> None:
    async def endless() -> AsyncIterator[bytes]:
        yield b"email\n"
        for number in range(400):
            yield b"\n" * 60_000 if number % 2 else f"x{number}@x.test".encode()

    answer = await send(await program(portal), endless(), "?dry_run=true")
    assert answer.status_code in {413, 422}
    assert answer.json()["code"] in {"body_too_large", "file_too_long"}
