"""The page of notices, the bell, and their JSON API: real store and pages, emitters as fakes."""

from collections.abc import AsyncIterator
from datetime import timedelta
from uuid import uuid4

import pytest

from chassis.web import access_table
from mail_samples import SUBJECT
from notification.notice_pages import PAGE_SIZE
from notification.notice_store import MOST_COUNTED
from notification_bell import COMMENTED, DECIDED, Bell
from notification_fakes import NOW
from portal_fixtures import DatabaseFactory
from ui.page_check import check_fragment, check_page


@pytest.fixture
async def bell(database_factory: DatabaseFactory) -> AsyncIterator[Bell]:
    opened = Bell(await database_factory("notification"))
    yield opened
    await opened.anna.aclose()
    await opened.ben.aclose()


MATRIX = {
    ("GET", "/api/v1/notices"): "signed_in",
    ("GET", "/api/v1/notices/openapi.json"): "anyone",
    ("POST", "/api/v1/notices/read"): "signed_in",
    ("POST", "/api/v1/notices/{notice_id}:read"): "signed_in",
    ("GET", "/notices"): "signed_in",
    ("GET", "/notices/bell"): "signed_in",
    ("POST", "/notices/read"): "signed_in",
    ("POST", "/notices/{notice_id:uuid}/open"): "signed_in",
}


async def test_who_may_call_what(bell: Bell) -> None:
    access = {(method, path): who for method, path, who in access_table(bell.app) if "/notices" in path}
    assert access == MATRIX
    notice = await bell.note("ticket_commented", COMMENTED)
    async with bell.client(None) as stranger:
        for (method, path), who in MATRIX.items():
            answer = await stranger.request(method, path.replace(":uuid", "").replace("{notice_id}", str(notice)))
            expected = 303 if who == "signed_in" and (method, path[:4]) == ("GET", "/not") else 401
            assert answer.status_code == (200 if who == "anyone" else expected), path


@pytest.mark.parametrize("brand", ["musik", "software"])
@pytest.mark.parametrize("language", ["de", "en"])
@pytest.mark.parametrize("filled", [True, False])
async def test_the_page_is_sound(bell: Bell, brand: str, language: str, filled: bool) -> None:
    bell = Bell(bell.database, brand)
    if filled:
        await bell.note("ticket_commented", COMMENTED)
        await bell.note("request_granted", DECIDED, told=False)
    page = await bell.anna.get("/notices", params={"lang": language})
    assert page.status_code == 200
    assert f'<html lang="{language}">' in page.text
    check_page(page.text)
    check_fragment((await bell.anna.get("/notices/bell", params={"lang": language})).text)


async def test_a_notice_is_a_sentence_of_what_the_emitter_tells_now(bell: Bell) -> None:
    await bell.note("ticket_commented", COMMENTED)
    await bell.note("request_refused", DECIDED, minutes=1)
    page = (await bell.anna.get("/notices")).text
    first = page.index("Wir haben Ihre Anforderung zu Kundennummer 4711 0702 abgelehnt")
    assert first < page.index("Ben Klein hat zum Anliegen T-2026-01482 geschrieben: Rechnung doppelt erhalten")
    assert "2 ungelesen" in page
    assert "Ungelesen</span>" in page


async def test_one_page_asks_each_emitter_once(bell: Bell) -> None:
    for minute in range(PAGE_SIZE + 5):
        await bell.note("ticket_commented", COMMENTED, minutes=minute)
    await bell.note("request_refused", DECIDED, minutes=60)
    await bell.anna.get("/notices")
    assert [len(events) for events in bell.ticketing.asked] == [PAGE_SIZE - 1]
    assert [len(events) for events in bell.customer_link.asked] == [1]


async def test_what_one_may_no_longer_see_is_not_told(bell: Bell) -> None:
    await bell.note("ticket_commented", COMMENTED, told=False)
    page = (await bell.anna.get("/notices")).text
    assert "Worum es hier ging, ist für Sie nicht mehr sichtbar." in page
    for secret in ("Rechnung", "T-2026", "Ben Klein", str(SUBJECT)):
        assert secret not in page


@pytest.mark.parametrize("why", ["away", "unknown", "obsolete"])
async def test_without_the_emitter_the_kind_says_what_it_can(bell: Bell, why: str) -> None:
    await bell.note("ticket_commented", COMMENTED)
    if why == "away":
        bell.ticketing.away = True
    elif why == "unknown":
        bell.ticketing.happenings.clear()
    else:
        for event_id in list(bell.ticketing.happenings):
            bell.ticketing.knows(event_id, COMMENTED, {}, suppressed="obsolete")
    page = await bell.anna.get("/notices")
    assert page.status_code == 200
    assert "Zu einem Anliegen gibt es einen neuen Kommentar" in page.text
    assert ("Einige Einzelheiten sind gerade nicht erreichbar." in page.text) == (why == "away")


async def test_opening_one_marks_it_as_read_and_leads_to_it(bell: Bell) -> None:
    notice = await bell.note("ticket_commented", COMMENTED)
    assert f'action="/notices/{notice}/open"' in (await bell.anna.get("/notices")).text
    opened = await bell.anna.post(f"/notices/{notice}/open")
    assert (opened.status_code, opened.headers["location"]) == (303, f"/tickets/{SUBJECT}")
    page = (await bell.anna.get("/notices")).text
    assert f'<a href="/tickets/{SUBJECT}">' in page
    assert "Ungelesen" not in page


async def test_looking_marks_nothing_as_read(bell: Bell) -> None:
    notice = await bell.note("ticket_commented", COMMENTED)
    for place in ("/notices", "/notices/bell", "/api/v1/notices"):
        await bell.anna.get(place)
    assert (await bell.anna.get(f"/notices/{notice}/open")).status_code == 405
    assert (await bell.anna.get("/api/v1/notices")).json()["unread_count"] == 1


@pytest.mark.parametrize("way", ["/notices/{}/open", "/api/v1/notices/{}:read"])
async def test_sec_z02_others_notices_are_unknown_and_stay_unread(bell: Bell, way: str) -> None:
    notice = await bell.note("ticket_commented", COMMENTED)
    others, unknown = [await bell.ben.post(way.format(each)) for each in (notice, uuid4())]
    assert (others.status_code, unknown.status_code) == (404, 404)
    assert (await bell.ben.get("/api/v1/notices")).json()["notices"] == []
    assert (await bell.anna.get("/api/v1/notices")).json()["unread_count"] == 1


async def test_all_that_the_page_showed_are_marked_as_read_and_what_came_since_is_not(bell: Bell) -> None:
    await bell.note("ticket_commented", COMMENTED)
    seen = bell.clock().isoformat()
    assert f'name="seen" value="{seen}"' in (await bell.anna.get("/notices")).text
    bell.clock.pass_by(timedelta(minutes=5))
    await bell.note("ticket_commented", COMMENTED, minutes=5)
    done = await bell.anna.post("/notices/read", data={"seen": seen})
    assert (done.status_code, done.headers["location"]) == (303, "/notices?notice=read")
    page = (await bell.anna.get("/notices?notice=read")).text
    assert "Eine ungelesen" in page
    assert (await bell.anna.post("/notices/read", data={"seen": "soon"})).status_code == 303
    page = (await bell.anna.get("/notices?notice=read")).text
    assert "Alle Benachrichtigungen sind als gelesen markiert." in page
    assert "Alle als gelesen markieren" not in page


async def test_older_ones_are_on_further_pages(bell: Bell) -> None:
    for minute in range(PAGE_SIZE + 2):
        await bell.note("ticket_commented", COMMENTED, minutes=minute)
    first = (await bell.anna.get("/notices")).text
    assert first.count("/open") == PAGE_SIZE
    older = first.split('href="/notices?older=')[1].split('"')[0]
    second = (await bell.anna.get(f"/notices?older={older}")).text
    assert second.count("/open") == 2
    assert (await bell.anna.get("/notices?older=nothing")).text.count("/open") == PAGE_SIZE


@pytest.mark.parametrize(
    ("count", "shown", "read_aloud"),
    [(1, ">1<", "eine ungelesen"), (3, ">3<", "3 ungelesen"), (MOST_COUNTED + 1, ">99+<", "mehr als 99 ungelesen")],
)
async def test_the_bell_counts_for_eyes_and_for_ears(bell: Bell, count: int, shown: str, read_aloud: str) -> None:
    assert "bell-count" not in (await bell.anna.get("/notices/bell")).text
    for minute in range(count):
        await bell.note("ticket_commented", COMMENTED, minutes=minute)
    face = (await bell.anna.get("/notices/bell")).text
    assert shown in face
    assert f"Benachrichtigungen, {read_aloud}" in face
    assert bell.ticketing.asked == []
    assert len(face) < 1000


async def test_the_bell_does_not_extend_the_session(bell: Bell) -> None:
    await bell.anna.get("/notices/bell")
    assert bell.sessions.active == []
    await bell.anna.get("/notices")
    assert len(bell.sessions.active) == 1


async def test_the_api_gives_the_same_in_pages(bell: Bell) -> None:
    newest = [await bell.note("ticket_commented", COMMENTED, minutes=minute) for minute in range(3)][::-1]
    first = (await bell.anna.get("/api/v1/notices?page_size=2")).json()
    assert [one["notice_id"] for one in first["notices"]] == [str(one) for one in newest[:2]]
    assert first["notices"][0] == {
        "notice_id": str(newest[0]),
        "kind": "ticket_commented",
        "text": "Ben Klein hat zum Anliegen T-2026-01482 geschrieben: Rechnung doppelt erhalten",
        "path": f"/tickets/{SUBJECT}",
        "event_time": "2026-11-22T09:32:00Z",
        "read_time": None,
    }
    assert first["unread_count"] == 3
    token = first["next_page_token"]
    second = (await bell.anna.get("/api/v1/notices", params={"page_size": 2, "page_token": token})).json()
    assert ([one["notice_id"] for one in second["notices"]], second["next_page_token"]) == ([str(newest[2])], "")
    assert (await bell.anna.post(f"/api/v1/notices/{newest[0]}:read")).status_code == 204
    assert len((await bell.anna.get("/api/v1/notices?unread=true")).json()["notices"]) == 2
    assert (await bell.anna.post("/api/v1/notices/read", json={"until": NOW.isoformat()})).status_code == 204
    assert (await bell.anna.get("/api/v1/notices")).json()["unread_count"] == 0


@pytest.mark.parametrize(
    "asked", ["page_size=0", "page_size=101", "page_token=x", "page_token=WyJhIiwiYiJd", "unread=perhaps", "more=1"]
)
async def test_the_api_refuses_what_makes_no_sense(bell: Bell, asked: str) -> None:
    assert (await bell.anna.get(f"/api/v1/notices?{asked}")).status_code == 422


async def test_every_route_of_the_api_is_described(bell: Bell) -> None:
    document = (await bell.anna.get("/api/v1/notices/openapi.json")).json()
    told = {(method.upper(), path) for path, item in document["paths"].items() for method in item}
    assert told == {route for route in MATRIX if route[1].startswith("/api/")} - {
        ("GET", "/api/v1/notices/openapi.json")
    }
    for path, item in document["paths"].items():
        for method, operation in item.items():
            assert operation["summary"], (method, path)
            assert operation["description"], (method, path)
            assert operation["security"] == [{"session": []}], (method, path)
