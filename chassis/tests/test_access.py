from pathlib import Path
from urllib.parse import urlsplit

import pytest
from fastapi import APIRouter
from hypothesis import given
from hypothesis import strategies as st

from chassis.callers import login_path, safe_next, token_hash
from chassis.testing import FakeSessions, make_caller, page_client
from chassis.web import UndeclaredAccessError, access_table, create_web_app
from edge_samples import PlainPages, sample_app, sample_settings


def test_table_lists_every_route_with_who_may_call_it(tmp_path: Path) -> None:
    table = {(method, path): access for method, path, access in access_table(sample_app(sample_settings(tmp_path)))}
    assert table["GET", "/open"] == "anyone"
    assert table["GET", "/mine/{number}"] == "signed_in"
    assert table["GET", "/desk"] == "staff:agent,admin"
    assert table["GET", "/assets"] == "anyone"
    assert None not in table.values()


def test_route_that_declares_nothing_is_refused(tmp_path: Path) -> None:
    careless = APIRouter()

    @careless.get("/forgotten")
    async def forgotten() -> str:
        return ""

    with pytest.raises(UndeclaredAccessError, match="GET /forgotten"):
        create_web_app(sample_settings(tmp_path), routers=[careless], sessions=FakeSessions(), pages=PlainPages())


async def test_stranger_is_sent_to_the_login_and_back(tmp_path: Path) -> None:
    settings = sample_settings(tmp_path)
    async with page_client(sample_app(settings), settings) as client:
        answer = await client.get("/mine/3?page=2&sort=new")
    assert answer.status_code == 303
    assert answer.headers["location"] == "/login?next=/mine/3%3Fpage%3D2%26sort%3Dnew"


async def test_form_of_an_ended_session_keeps_what_was_typed(tmp_path: Path) -> None:
    settings = sample_settings(tmp_path)
    async with page_client(sample_app(settings), settings, "ended") as client:
        answer = await client.post("/mine", data={"text": "viel"})
    assert (answer.status_code, answer.text) == (401, "page 401 not_signed_in nobody {'text': 'viel'}")


async def test_fragment_of_an_ended_session_sends_the_whole_page_to_the_login(tmp_path: Path) -> None:
    settings = sample_settings(tmp_path)
    headers = {"HX-Request": "true", "HX-Current-URL": f"{settings.base_url}/tickets?page=2"}
    async with page_client(sample_app(settings), settings) as client:
        answer = await client.get("/fragment", headers=headers)
    assert answer.status_code == 401
    assert answer.headers["hx-redirect"] == "/login?next=/tickets%3Fpage%3D2"


async def test_program_without_a_session_gets_a_problem(tmp_path: Path) -> None:
    settings = sample_settings(tmp_path)
    async with page_client(sample_app(settings), settings) as client:
        answer = await client.post("/api/v1/things", json={"subject": "x"})
    assert (answer.status_code, answer.json()["code"]) == (401, "not_signed_in")


@pytest.mark.parametrize(
    ("roles", "second_factor", "status", "code"),
    [
        ((), False, 403, "role_missing"),
        (("editor",), True, 403, "role_missing"),
        (("agent",), False, 403, "second_factor_missing"),
        (("agent",), True, 200, "desk"),
        (("editor", "admin"), True, 200, "desk"),
    ],
)
async def test_desk_needs_a_role_and_a_second_factor(
    roles: tuple[str, ...], second_factor: bool, status: int, code: str, tmp_path: Path
) -> None:
    settings, sessions = sample_settings(tmp_path), FakeSessions()
    token = sessions.sign_in(make_caller(roles=roles, second_factor=second_factor))
    async with page_client(sample_app(settings, sessions), settings, token) as client:
        answer = await client.get("/desk")
    assert answer.status_code == status
    assert code in answer.text


async def test_open_page_opens_although_nobody_can_tell_who_calls(tmp_path: Path) -> None:
    settings, sessions = sample_settings(tmp_path), FakeSessions()
    token = sessions.sign_in(make_caller())
    async with page_client(sample_app(settings, sessions), settings, token) as client:
        assert (await client.get("/open")).text == "person1"
        sessions.available = False
        assert (await client.get("/open")).text == "nobody"
        assert (await client.get("/mine/1")).status_code == 503


async def test_fragments_and_error_pages_are_no_activity(tmp_path: Path) -> None:
    settings, sessions = sample_settings(tmp_path), FakeSessions()
    token = sessions.sign_in(make_caller())
    async with page_client(sample_app(settings, sessions), settings, token) as client:
        await client.get("/fragment")
        await client.get("/nothing")
        assert sessions.active == []
        await client.get("/mine/1")
        assert sessions.active == [token_hash(token)]


async def test_sec_s12_identity_that_a_client_claims_in_headers_is_not_read(tmp_path: Path) -> None:
    settings = sample_settings(tmp_path)
    claims = dict.fromkeys(("X-User-Id", "X-Authenticated-User", "X_User_Id", "X-Forwarded-User"), "admin")
    async with page_client(sample_app(settings), settings) as client:
        assert (await client.get("/open", headers=claims)).text == "nobody"
        assert (await client.get("/desk", headers=claims)).status_code == 303


@pytest.mark.parametrize(
    "value",
    [None, "", "//evil", "https:evil", "https://evil/", "\\\\evil", "/\\evil", "%2f%2fevil", "javascript:alert(1)",
     "/\t/evil", "/\n/evil", " /tickets", "tickets", "///evil", "/x\x00"],
)  # fmt: skip
def test_sec_s10_next_leads_nowhere_else(value: str | None) -> None:
    assert safe_next(value) == "/"


@pytest.mark.parametrize("value", ["/", "/tickets/3?page=2#last", "/a%2f%2fb", "/x?next=https://other"])
def test_next_leads_on(value: str) -> None:
    assert safe_next(value) == value


@given(st.text())
def test_next_stays_on_this_site_whatever_is_given(value: str) -> None:
    place = urlsplit(safe_next(value))
    assert (place.scheme, place.netloc) == ("", "")
    assert login_path(value).startswith("/login?next=/")
