"""What holds for every route of every service, whatever it is for (S07, S08, S09, S11 of the security tests)."""

from collections.abc import AsyncIterator

import httpx
import pytest
from security_services import KINDS, SERVICES, Service, open_service

from portal_fixtures import DatabaseFactory

EVIL = "https://evil.example"
FROM_ELSEWHERE: dict[str, dict[str, str]] = {
    "no header of a browser": {},
    "another origin": {"Origin": EVIL},
    "an origin that is hidden": {"Origin": "null"},
    "another site": {"Sec-Fetch-Site": "cross-site", "Origin": "http://localhost:8080"},
    "another host of the site": {"Sec-Fetch-Site": "same-site"},
    "an address that was typed": {"Sec-Fetch-Site": "none"},
    "htmx on another site": {"Sec-Fetch-Site": "cross-site", "HX-Request": "true", "HX-Current-URL": "/"},
}
_WAYS = [*(("customer", reason) for reason in FROM_ELSEWHERE), ("anonymous", "another site"), ("staff", "another site")]
# Whom staff look at is written down, for the person or for administrators to see: the one thing that reading writes.
WRITTEN_BY_LOOKING = {("identity", "staff"): {"history"}, ("customer-link", "staff"): {"customer_look"}}


@pytest.fixture(params=SERVICES)
async def service(request: pytest.FixtureRequest, database_factory: DatabaseFactory) -> AsyncIterator[Service]:
    async with open_service(request.param, await database_factory(request.param)) as opened:
        yield opened


async def test_sec_s07_no_other_site_can_send_anything(service: Service) -> None:
    exempt, before, accepted = service.exempt(), await service.rows(), []
    for method, place in [route for route in service.routes(safe=False) if route not in exempt]:
        for kind, reason in _WAYS:
            answer = await _sent_from_elsewhere(service, kind, method, place, FROM_ELSEWHERE[reason])
            if answer.status_code != httpx.codes.FORBIDDEN or "set-cookie" in answer.headers:
                accepted.append((method, place, kind, reason, answer.status_code))
    assert accepted == []
    assert await service.rows() == before


async def test_sec_s07_what_is_exempt_knows_nobody_by_a_cookie(service: Service) -> None:
    before = await service.rows()
    for (method, place), reason in service.exempt().items():
        assert reason in {"api_client", "bearer_only", "one_click"}, (method, place)
        answers = [
            await _sent_from_elsewhere(service, kind, method, place, FROM_ELSEWHERE["another site"]) for kind in KINDS
        ]
        assert [answer.status_code for answer in answers] == [answers[0].status_code] * len(KINDS), (method, place)
        assert answers[0].is_client_error, (method, place)
    after = await service.rows()
    assert {table for table in after if after[table] != before[table]} <= {"throttle"}


async def test_sec_s08_nothing_changes_by_being_read(service: Service) -> None:
    before = await service.rows()
    for kind in KINDS:
        for method, place in service.routes(safe=True):
            for asked in {method, "HEAD"}:
                await service.browsers[kind].request(asked, place)
        after = await service.rows()
        changed = {table for table in after if after[table] != before[table]}
        assert changed <= WRITTEN_BY_LOOKING.get((service.name, kind), set()), (service.name, kind)
        before = after


async def test_sec_s09_s11_every_answer_has_its_headers_and_none_is_for_other_origins(service: Service) -> None:
    places = [("GET", place) for _, place in service.routes(safe=True)]
    places += [("GET", "/assets/none/none.css"), ("GET", "/nobody/has/this"), ("GET", "/api/v1/nobody/has/this")]
    places += [("DELETE", "/"), ("POST", "/nobody/has/this"), ("GET", "/%2e%2e/etc/passwd")]
    for method, place in places:
        for kind in KINDS:
            answer = await service.browsers[kind].request(method, place, headers={"Origin": EVIL})
            _check_headers(answer)


def _check_headers(answer: httpx.Response) -> None:
    headers, asked = answer.headers, f"{answer.request.method} {answer.request.url} {answer.status_code}"
    policy = headers["content-security-policy"].split("; ")
    assert "default-src 'none'" in policy or "sandbox" in policy, asked
    assert "frame-ancestors 'none'" in policy or "sandbox" in policy, asked
    assert not any("unsafe" in rule or "*" in rule for rule in policy), asked
    assert headers["x-content-type-options"] == "nosniff", asked
    assert headers["referrer-policy"] in {"same-origin", "no-referrer"}, asked
    assert headers["cross-origin-opener-policy"] == "same-origin", asked
    assert "no-store" in headers["cache-control"] or "/assets/" in str(answer.request.url), asked
    assert "access-control-allow-origin" not in headers, asked
    assert not {"server", "x-powered-by"} & set(headers), asked


async def _sent_from_elsewhere(
    service: Service, kind: str, method: str, place: str, headers: dict[str, str]
) -> httpx.Response:
    """With the cookies of a person and the headers of this request alone: a client adds its own otherwise."""
    browser = service.browsers[kind]
    request = browser.build_request(method, place, data={"login": "anna", "idempotency_key": "k"})
    for name in ("sec-fetch-site", "origin"):
        request.headers.pop(name, None)
    request.headers.update(headers)
    return await browser.send(request)
