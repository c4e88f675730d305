from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chassis.errors import ErrorKind
from chassis.problems import GRPC_STATUS, HTTP_STATUS, pointer
from chassis.testing import FakeSessions, make_caller, page_client
from edge_samples import sample_app, sample_settings


@pytest.mark.parametrize("kind", ErrorKind)
async def test_every_kind_is_a_problem_document_under_api(kind: ErrorKind, tmp_path: Path) -> None:
    settings = sample_settings(tmp_path)
    async with page_client(sample_app(settings), settings) as client:
        answer = await client.get(f"/api/v1/fails/{kind.value}", headers={"X-Request-Id": "test-id-0001"})
    problem = answer.json()
    assert answer.headers["content-type"] == "application/problem+json"
    assert answer.status_code == problem["status"] == HTTP_STATUS[kind]
    assert problem["type"] == "urn:kundenportal:problem:sample_code"
    assert problem["instance"] == f"/api/v1/fails/{kind.value}"
    assert problem["request_id"] == "test-id-0001"
    assert problem["errors"] == [{"pointer": "#/subject/0", "detail": "too_long"}]
    assert ("detail" in problem) == (kind is not ErrorKind.INTERNAL)


@pytest.mark.parametrize("kind", ErrorKind)
async def test_every_kind_is_a_page_elsewhere(kind: ErrorKind, tmp_path: Path) -> None:
    settings = sample_settings(tmp_path)
    async with page_client(sample_app(settings), settings) as client:
        answer = await client.get(f"/fails/{kind.value}")
    assert answer.text == f"page {HTTP_STATUS[kind]} sample_code nobody {{}}"
    assert answer.status_code == HTTP_STATUS[kind]


def test_every_kind_has_a_status_of_its_own() -> None:
    for table in (HTTP_STATUS, GRPC_STATUS):
        assert set(table) == set(ErrorKind)
        assert len(set(table.values())) == len(ErrorKind)


async def test_unavailable_says_when_to_come_back_and_keeps_what_was_typed(tmp_path: Path) -> None:
    settings = sample_settings(tmp_path)
    form = {"subject": "Mein Anliegen", "new_password": "geheim", "activation_code": "AAAA", "idempotency_key": "k"}
    async with page_client(sample_app(settings), settings) as client:
        answer = await client.post("/fails/unavailable", data=form)
    assert answer.status_code == 503
    assert answer.headers["retry-after"] == "5"
    assert answer.text == "page 503 sample_code nobody {'subject': 'Mein Anliegen'}"


async def test_typed_text_survives_when_nobody_can_tell_who_calls(tmp_path: Path) -> None:
    settings, sessions = sample_settings(tmp_path), FakeSessions()
    token = sessions.sign_in(make_caller())
    sessions.available = False
    async with page_client(sample_app(settings, sessions), settings, token) as client:
        answer = await client.post("/mine", data={"text": "lang und mühsam"})
    assert answer.status_code == 503
    assert "lang und mühsam" in answer.text


@pytest.mark.parametrize(
    ("path", "face"), [("/crashes", "page 500 internal"), ("/api/v1/crashes", '"code":"internal"')]
)
async def test_text_of_an_exception_stays_inside(path: str, face: str, tmp_path: Path) -> None:
    settings = sample_settings(tmp_path)
    async with page_client(sample_app(settings), settings) as client:
        answer = await client.get(path)
    assert answer.status_code == 500
    assert face in answer.text
    assert "hunter2" not in answer.text


@pytest.mark.parametrize("path", ["/nothing", "/mine/not-a-number", "/api/v1/nothing"])
async def test_unknown_path_and_unfit_id_are_not_found(path: str, tmp_path: Path) -> None:
    settings, sessions = sample_settings(tmp_path), FakeSessions()
    token = sessions.sign_in(make_caller(7))
    async with page_client(sample_app(settings, sessions), settings, token) as client:
        answer = await client.get(path)
    assert answer.status_code == 404
    assert "not_found" in answer.text
    assert ("person7" in answer.text) == (not path.startswith("/api/")), "the page greets who is signed in"


async def test_wrong_method_names_the_right_ones(tmp_path: Path) -> None:
    settings = sample_settings(tmp_path)
    async with page_client(sample_app(settings), settings) as client:
        answer = await client.delete("/open")
    assert answer.status_code == 405
    assert answer.headers["allow"] == "GET"
    assert "page 405 method_not_allowed" in answer.text


@pytest.mark.parametrize(
    ("body", "status", "pointers"),
    [
        (b'{"subject": "x", "role": "admin"}', 422, ["#/role"]),
        (b'{"subject": "xxxxxxxxxxxxxxxxxxxxxxxxxxxx"}', 422, ["#/subject"]),
        (b'{"subject"', 422, ["#/10"]),
        (b"[" * 30_000, 400, None),
    ],
)
async def test_unfit_json_is_pointed_at_and_not_repeated(
    body: bytes, status: int, pointers: list[str] | None, tmp_path: Path
) -> None:
    settings, sessions = sample_settings(tmp_path), FakeSessions()
    token = sessions.sign_in(make_caller())
    async with page_client(sample_app(settings, sessions), settings, token) as client:
        answer = await client.post("/api/v1/things", content=body, headers={"Content-Type": "application/json"})
    problem = answer.json()
    assert answer.status_code == status
    assert [error["pointer"] for error in problem.get("errors", [])] == (pointers or [])
    assert "xxxxxxxx" not in answer.text


async def test_form_instead_of_json_is_refused(tmp_path: Path) -> None:
    settings, sessions = sample_settings(tmp_path), FakeSessions()
    token = sessions.sign_in(make_caller())
    async with page_client(sample_app(settings, sessions), settings, token) as client:
        answer = await client.post("/api/v1/things", data={"subject": "x"})
    assert answer.status_code == 422


@given(st.lists(st.one_of(st.text(), st.integers())))
def test_pointer_can_be_read_back(path: list[str | int]) -> None:
    steps = pointer(path).split("/")[1:]
    assert [step.replace("~1", "/").replace("~0", "~") for step in steps] == [str(step) for step in path]
