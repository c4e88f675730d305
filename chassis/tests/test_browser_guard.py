from pathlib import Path

import httpx
import pytest
from hypothesis import given
from hypothesis import strategies as st

from chassis.browser_guard import is_same_origin
from chassis.testing import FakeSessions, make_caller, page_client
from chassis.web import access_table
from edge_samples import sample_app, sample_settings

ORIGIN = "http://localhost:8080"
EXEMPT = {"/hook", "/unsubscribe/{token}", "/api/v1/imported"}

PASSES = [
    {"sec-fetch-site": "same-origin"},
    {"sec-fetch-site": "same-origin", "origin": ORIGIN},
    {"origin": ORIGIN},
]
REFUSED = [
    {},
    {"origin": "null"},
    {"origin": "https://evil.example"},
    {"origin": "https://localhost:8080"},
    {"origin": "http://localhost:8080.evil.example"},
    {"origin": "http://localhost"},
    {"sec-fetch-site": "same-site"},
    {"sec-fetch-site": "cross-site", "origin": ORIGIN},
    {"sec-fetch-site": "none"},
]


def _bare(folder: Path) -> httpx.AsyncClient:
    """A client that sends no headers of a browser by itself."""
    app = sample_app(sample_settings(folder))
    return httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url=ORIGIN)


@pytest.mark.parametrize("headers", REFUSED)
async def test_sec_s07_every_unsafe_route_refuses_other_sites(headers: dict[str, str], tmp_path: Path) -> None:
    routes = [row for row in access_table(sample_app(sample_settings(tmp_path))) if row[0] == "POST"]
    assert routes
    async with _bare(tmp_path) as client:
        for method, path, _ in routes:
            answer = await client.request(method, path, headers=headers)
            assert (answer.status_code == 403) == (path not in EXEMPT), path


@pytest.mark.parametrize("headers", PASSES)
async def test_own_pages_may_post(headers: dict[str, str], tmp_path: Path) -> None:
    async with _bare(tmp_path) as client:
        assert (await client.post("/large", headers=headers)).status_code == 200


@pytest.mark.parametrize("headers", REFUSED)
async def test_other_sites_may_link_here(headers: dict[str, str], tmp_path: Path) -> None:
    async with _bare(tmp_path) as client:
        assert (await client.get("/open", headers=headers)).status_code == 200


async def test_refusal_keeps_what_was_typed_and_greets_the_person(tmp_path: Path) -> None:
    settings, sessions = sample_settings(tmp_path), FakeSessions()
    token = sessions.sign_in(make_caller())
    async with page_client(sample_app(settings, sessions), settings, token) as client:
        answer = await client.post(
            "/mine", data={"text": "viel", "password": "geheim"}, headers={"Sec-Fetch-Site": "same-site"}
        )
    assert answer.text == "page 403 cross_site_request person1 {'text': 'viel'}"


async def test_refusal_in_the_api_is_a_problem(tmp_path: Path) -> None:
    async with _bare(tmp_path) as client:
        answer = await client.post("/api/v1/things", json={"subject": "x"})
    assert (answer.status_code, answer.json()["code"]) == (403, "cross_site_request")


@pytest.mark.parametrize(
    ("method", "path", "status"),
    [
        ("GET", "/open", 200),
        ("GET", "/mine/1", 303),
        ("GET", "/desk", 303),
        ("GET", "/assets/x.css", 200),
        ("GET", "/nothing", 404),
        ("GET", "/crashes", 500),
        ("GET", "/api/v1/crashes", 500),
        ("GET", "/fails/unavailable", 503),
        ("DELETE", "/open", 405),
        ("POST", "/mine", 401),
        ("POST", "/large", 413),
    ],
)
async def test_sec_s09_security_headers_are_on_every_response(
    method: str, path: str, status: int, tmp_path: Path
) -> None:
    settings = sample_settings(tmp_path, base_url="https://portal.example")
    body = b"x" * 200_001 if status == 413 else b""
    async with page_client(sample_app(settings), settings) as client:
        answer = await client.request(method, path, content=body)
    assert answer.status_code == status
    policy = answer.headers["content-security-policy"].split("; ")
    assert {"default-src 'none'", "script-src 'self'", "frame-ancestors 'none'", "base-uri 'none'"} <= set(policy)
    assert "unsafe" not in answer.headers["content-security-policy"]
    assert answer.headers["x-content-type-options"] == "nosniff"
    assert answer.headers["referrer-policy"] == "same-origin"
    assert answer.headers["cross-origin-opener-policy"] == "same-origin"
    assert answer.headers["cross-origin-resource-policy"] == "same-origin"
    assert answer.headers["strict-transport-security"].startswith("max-age=63072000")
    assert answer.headers["cache-control"] == "no-store"
    assert len(answer.headers["x-request-id"]) >= 8
    assert not {"server", "x-powered-by", "access-control-allow-origin"} & set(answer.headers)


async def test_no_hsts_over_plain_http(tmp_path: Path) -> None:
    async with _bare(tmp_path) as client:
        assert "strict-transport-security" not in (await client.get("/open")).headers


async def test_route_may_set_a_header_itself(tmp_path: Path) -> None:
    async with _bare(tmp_path) as client:
        headers = (await client.get("/download")).headers
    assert headers.get_list("content-security-policy") == ["sandbox"]
    assert headers.get_list("cache-control") == ["private"]


@given(st.lists(st.sampled_from([b"same-origin", b"cross-site", b"same-site", b"none", b""]), max_size=3))
def test_fetch_site_decides_alone_when_it_is_there(sites: list[bytes]) -> None:
    headers = [(b"sec-fetch-site", site) for site in sites] + [(b"origin", ORIGIN.encode())]
    assert is_same_origin(headers, ORIGIN.encode()) == (sites in ([], [b"same-origin"]))
