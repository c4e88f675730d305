"""What only the whole running portal shows (S03, S06, S09, S12, S13, S14, Z06 of the security tests)."""

import re
import time
from collections.abc import Callable

import httpx
import pytest
from security_portal import SESSION, GuardedPortal

REPLICAS = ("ticketing-1", "ticketing-2")
WITHIN = 1.0
"""Seconds: the guarantee of DESIGN decision 7."""


def test_sec_s03_cookies_are_bound_to_this_host_and_out_of_reach_of_scripts(guarded: GuardedPortal) -> None:
    person = guarded.run.demo["customers"][0]
    login = {"login": person["username"], "password": person["password"], "next": "/tickets"}
    answer = guarded.browser().post("/login", data=login)
    cookies = answer.headers.get_list("set-cookie")
    assert {cookie.partition("=")[0] for cookie in cookies} == {SESSION, "__Host-device"}
    for cookie in cookies:
        attributes = {part.strip().lower() for part in cookie.split(";")[1:]}
        assert {"secure", "httponly", "samesite=lax", "path=/"} <= attributes
        assert not any(part.startswith("domain") for part in attributes)
    value = next(cookie for cookie in cookies if cookie.startswith(SESSION)).partition("=")[2].partition(";")[0]
    assert len(value) >= 43, "256 bits"
    assert value not in answer.headers["location"] + answer.text


def test_sec_s06_a_session_that_is_ended_is_out_everywhere_within_a_second(guarded: GuardedPortal) -> None:
    here, elsewhere = guarded.sign_in("customers", "anna"), guarded.sign_in("customers", "anna")
    _out_within(guarded, elsewhere, lambda: here.post("/settings/sessions/end-others"))
    assert here.get("/tickets").status_code == httpx.codes.OK


def test_sec_s06_a_closed_account_is_out_everywhere_within_a_second(guarded: GuardedPortal) -> None:
    here, elsewhere = guarded.sign_in("customers", "eva"), guarded.sign_in("customers", "eva")
    _out_within(guarded, elsewhere, lambda: here.post("/settings/data/close"))


def test_sec_s06_a_locked_account_is_out_everywhere_within_a_second(guarded: GuardedPortal) -> None:
    administrator = next(one for one in guarded.run.demo["staff"] if "admin" in one["roles"])
    staff, person = guarded.sign_in("staff", administrator["username"]), guarded.sign_in("customers", "bernd")
    found = re.search(r"/staff/accounts/[0-9a-f-]{36}", staff.get("/staff/accounts", params={"q": "bernd"}).text)
    assert found is not None
    why = {"occasion": "call", "reason": "Das Telefon wurde gestohlen."}
    assert staff.post(f"{found[0]}/open", data=why).status_code == httpx.codes.SEE_OTHER
    _out_within(guarded, person, lambda: staff.post(f"{found[0]}/lock", data=why))


def _out_within(guarded: GuardedPortal, person: httpx.Client, end: Callable[[], httpx.Response]) -> None:
    """Both instances know the session and keep it; after `end` neither lets it in any more."""
    session = person.cookies[SESSION]
    instances = [guarded.instance(name, session) for name in REPLICAS]
    assert [each.get("/tickets").status_code for each in instances] == [httpx.codes.OK] * 2
    answer = end()
    ended = time.monotonic()
    assert answer.status_code == httpx.codes.SEE_OTHER, answer.text
    while [each.get("/tickets").status_code for each in instances] != [httpx.codes.SEE_OTHER] * 2:
        assert time.monotonic() - ended < WITHIN
    assert time.monotonic() - ended < WITHIN
    assert person.get("/tickets").status_code == httpx.codes.SEE_OTHER


def test_sec_z06_m2b_who_is_no_longer_named_is_out_everywhere_within_a_second(guarded: GuardedPortal) -> None:
    colleague, named = guarded.sign_in("customers", "anna"), guarded.sign_in("customers", "david")
    staff, shared = guarded.sign_in("staff", "tarek"), _share_a_ticket(colleague)
    found = re.search(r"/staff/customers/[0-9a-f-]{36}", staff.get("/staff/customers?q=47110702").text)
    assert found is not None
    email = re.search(r"[\w.]+@[\w.]+\w", named.get("/settings/email").text)
    assert email is not None
    staff.post(f"{found[0]}/contacts", data={"display_name": "Dora Neu", "email": email[0]})
    guarded.run.wait("the contact's account", lambda: named.get(shared).status_code == httpx.codes.OK)
    own, page = _share_a_ticket(named), staff.get(found[0]).text
    away = re.findall(rf"{found[0]}/contacts/[0-9a-f-]{{36}}/remove", page[page.index("Dora Neu") :])[0]
    assert staff.post(away).status_code == httpx.codes.SEE_OTHER
    _holds_within(guarded, named, shared, httpx.codes.NOT_FOUND)
    assert [one.get(own).status_code for one in (named, colleague)] == [httpx.codes.OK] * 2


def test_sec_z06_linking_and_unlinking_a_number_hold_everywhere_within_a_second(guarded: GuardedPortal) -> None:
    holder, comer = guarded.sign_in("customers", "clara"), guarded.sign_in("customers", "david")
    colleagues = _share_a_ticket(holder)
    linked = guarded.link(comer, "4802 0117")
    _holds_within(guarded, comer, colleagues, httpx.codes.OK)
    own = _share_a_ticket(comer)
    assert comer.post(f"{linked}/unlink").status_code == httpx.codes.SEE_OTHER
    _holds_within(guarded, comer, colleagues, httpx.codes.NOT_FOUND)
    assert [comer.get(f"{linked}{part}").status_code for part in ("", "/data")] == [httpx.codes.NOT_FOUND] * 2
    assert "4802 0117" not in comer.get("/api/v1/customers").text
    assert [one.get(own).status_code for one in (comer, holder)] == [httpx.codes.OK] * 2, (
        "it stays with the organisation"
    )


def test_sec_z06_a_transferred_number_is_the_others_everywhere_within_a_second(guarded: GuardedPortal) -> None:
    holder, comer = guarded.sign_in("customers", "clara"), guarded.sign_in("customers", "david")
    staff, own = guarded.sign_in("staff", "monika"), _share_a_ticket(holder)
    wish = {"number": "4802 0110", "reason": "successor", "text": "Seit Oktober."}
    asked = comer.post("/customers/requests", data={"code": guarded.issue(staff, "4802 0110"), **wish})
    place = asked.headers["location"].partition("?")[0].replace("/customers/", "/staff/")
    assert "4802 0110" in holder.get("/tickets/new").text
    assert staff.post(f"{place}/decide", data={"decision": "transfer"}).headers["location"].endswith("notice=decided")
    _holds_within(guarded, comer, own, httpx.codes.OK)
    assert ["4802 0110" in one.get("/tickets/new").text for one in (holder, comer)] == [False, True]
    assert holder.get(own).status_code == httpx.codes.OK


def _share_a_ticket(person: httpx.Client) -> str:
    """Opens one that colleagues see; its path."""
    fields = {"kind": "invoice", "subject": "Geteilt", "text": "Für alle.", "visibility": "organisation"}
    answer = person.post("/tickets/new", data=fields)
    assert answer.status_code == httpx.codes.SEE_OTHER, answer.text
    return answer.headers["location"].partition("?")[0]


def _holds_within(guarded: GuardedPortal, person: httpx.Client, path: str, status: int) -> None:
    """From a second after now on, both instances answer so."""
    began = time.monotonic()
    instances = [guarded.instance(name, person.cookies[SESSION]) for name in REPLICAS]
    while [each.get(path).status_code for each in instances] != [status] * 2:
        assert time.monotonic() - began < WITHIN, [each.get(path).status_code for each in instances]


PAGES = ("/", "/login", "/tickets", "/customers", "/news", "/api/v1/me", "/nobody", "/assets/none/x.css", "/c/x")


def test_sec_s09_every_answer_of_every_service_has_its_headers(guarded: GuardedPortal) -> None:
    browser = guarded.browser()
    for place in PAGES:
        headers = browser.get(place).headers
        assert headers["content-security-policy"].startswith("default-src 'none'"), place
        assert headers["strict-transport-security"] == "max-age=63072000; includeSubDomains", place
        assert headers["x-content-type-options"] == "nosniff", place
        assert headers["cross-origin-opener-policy"] == "same-origin", place
        assert "server" not in headers, place


def test_sec_s09_what_the_gateway_answers_itself_shows_nothing(guarded: GuardedPortal) -> None:
    refused = guarded.browser().get("/tickets%2fnew")
    assert (refused.status_code, refused.content) == (400, b"")
    assert "server" not in refused.headers


CLAIMS = [
    "X-User-Id",
    "X_User_Id",
    "X-Account-Id",
    "X-Authenticated-User",
    "X_Authenticated_User",
    "X-Forwarded-User",
    "X_Forwarded_User",
    "X-Remote-User",
    "Remote-User",
    "X-Roles",
    "Authorization",
]


@pytest.mark.parametrize("place", ["/api/v1/me", "/api/v1/tickets", "/api/v1/customers"])
def test_sec_s12_nobody_is_believed_who_says_who_they_are(guarded: GuardedPortal, place: str) -> None:
    claims = dict.fromkeys(CLAIMS, "anna.gruber") | {"Authorization": "Basic YW5uYS5ncnViZXI6eA=="}
    service = {"/api/v1/me": "identity", "/api/v1/tickets": "ticketing-1", "/api/v1/customers": "customer-link"}[place]
    assert guarded.browser(**claims).get(place).status_code == httpx.codes.UNAUTHORIZED
    assert guarded.instance(service).get(place, headers=claims).status_code == httpx.codes.UNAUTHORIZED


def test_sec_s12_no_address_is_made_of_what_a_client_sends(guarded: GuardedPortal) -> None:
    evil = {"Host": "evil.example", "X-Forwarded-Host": "evil.example", "X-Forwarded-Proto": "gopher"}
    evil |= {"X_Forwarded_Host": "evil.example", "X-Forwarded-Prefix": "/evil.example", "X-Original-URL": "/desk"}
    browser = guarded.browser(**evil)
    for place in ("/", "/login", "/tickets", "/.well-known/change-password"):
        answer = browser.get(place)
        assert "evil" not in answer.text + str(answer.headers)


TRICKS = [
    "//desk",
    "/%2e%2e/desk",
    "/tickets/../desk",
    "/tickets/%2e%2e/desk",
    "/a/..;/desk",
    "/desk;x=1",
    "/desk.",
    "/desk%20",
    "/DESK",
    "/Desk/",
    "/%64esk",
    "/%2564esk",
    "/tickets%2f..%2fdesk",
    "/tickets/..%5cdesk",
    "/desk%00",
    "/assets/../desk",
    "/assets/x/%2e%2e/%2e%2e/desk",
    "http://evil.example/desk",
]


@pytest.mark.parametrize("kind", ["anonymous", "customer"])
def test_sec_s13_no_way_of_writing_a_path_opens_the_desk(guarded: GuardedPortal, kind: str) -> None:
    browser = guarded.sign_in("customers", "clara") if kind == "customer" else guarded.browser()
    refusal = b"403" if kind == "customer" else b"303"
    cookie = f"Cookie: {SESSION}={browser.cookies.get(SESSION, '')}\r\n"
    for path in TRICKS:
        request = f"GET {path} HTTP/1.1\r\nHost: localhost\r\n{cookie}Connection: close\r\n\r\n"
        assert guarded.answers_to(request.encode())[0] in {refusal, b"400", b"404"}, path
    assert browser.get("/desk").status_code == int(refusal)


@pytest.mark.parametrize(
    "path", ["/metrics", "/health/ready", "/health/live", "/login/../metrics", "/docs", "/openapi.json", "/dashboard/"]
)
def test_sec_s13_what_is_for_operations_is_not_there_for_others(guarded: GuardedPortal, path: str) -> None:
    request = f"GET {path} HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n"
    assert guarded.answers_to(request.encode()) == [b"404"]


_POST = (
    b"POST /login HTTP/1.1\r\nHost: localhost\r\nSec-Fetch-Site: same-origin\r\n"
    b"Content-Type: application/x-www-form-urlencoded\r\n"
)
AMBIGUOUS = {
    "two lengths": _POST + b"Content-Length: 4\r\nContent-Length: 5\r\n\r\nabcde",
    "two encodings": _POST + b"Transfer-Encoding: chunked\r\nTransfer-Encoding: identity\r\n\r\n0\r\n\r\n",
    "an encoding before a blank": _POST + b"Transfer-Encoding : chunked\r\n\r\n0\r\n\r\n",
    "a length with a sign": _POST + b"Content-Length: +4\r\n\r\nabcd",
}


@pytest.mark.parametrize("instance", ["", "identity"])
@pytest.mark.parametrize("request_bytes", AMBIGUOUS.values(), ids=AMBIGUOUS.keys())
def test_sec_s14_what_can_be_read_in_two_ways_is_refused(
    guarded: GuardedPortal, request_bytes: bytes, instance: str
) -> None:
    (status,) = guarded.answers_to(request_bytes, instance)
    assert status in {b"400", b"501"}


def test_sec_s14_a_length_and_chunks_are_refused_by_a_service_and_framed_anew_by_the_gateway(
    guarded: GuardedPortal,
) -> None:
    hidden = b"GET /help HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n"
    both = _POST + b"Content-Length: 4\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n" + hidden
    assert guarded.answers_to(both, "identity") == [b"400"]
    # Go's server reads the chunks, and Traefik sends on what it has read: to the services these are two requests,
    # as they are for the client, whose own connection it is.
    assert guarded.answers_to(both) == [b"422", b"200"]


def test_sec_s14_bare_line_feeds_are_refused_by_a_service_and_mended_by_the_gateway(guarded: GuardedPortal) -> None:
    bare = b"GET /help HTTP/1.1\nHost: localhost\nConnection: close\n\n"
    assert guarded.answers_to(bare, "identity") == [b"400"]
    assert guarded.answers_to(bare) == [b"200"]
