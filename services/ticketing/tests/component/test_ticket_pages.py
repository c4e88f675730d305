"""Every page of customers, in every state and both languages."""

import pytest

from portal_fixtures import DatabaseFactory
from ticketing.domain.membership import Membership
from ticketing.domain.ticket_state import TicketState
from ticketing_world import COLLEAGUES, NUMBER, OTHER, PEOPLE, STRANGERS, World


@pytest.fixture(params=["software", "musik"])
async def both(request: pytest.FixtureRequest, database_factory: DatabaseFactory) -> World:
    return World(await database_factory("ticketing"), request.param)


@pytest.fixture
async def world(database_factory: DatabaseFactory) -> World:
    return World(await database_factory("ticketing"))


@pytest.mark.parametrize("language", ["de", "en"])
async def test_every_page_in_every_state_can_be_read(both: World, language: str) -> None:
    for state in TicketState:
        kind = {"noted": "suggestion", "rejected": "change"}.get(state, "change")
        ticket = await both.open(kind=kind, visibility="organisation", customer=str(NUMBER))
        await both.bring_to(ticket, state)
        for name, path in [
            ("anna", f"/tickets/{ticket}"),
            ("anna", f"/tickets/{ticket}/withdraw"),
            ("jonas", f"/tickets/{ticket}"),
            ("tarek", f"/desk/{ticket}"),
        ]:
            page = await both.get(name, f"{path}?lang={language}")
            assert page.status in {200, 303}, (state, name, path, page.words)
    for name, path in [
        ("anna", "/tickets"),
        ("anna", "/tickets?tab=organisation"),
        ("jonas", "/tickets"),
        ("anna", "/tickets?q=nirgends"),
        ("anna", "/tickets/new"),
        ("dora", "/tickets"),
        ("xaver", "/tickets?tab=organisation"),
        ("tarek", "/desk"),
        ("tarek", "/desk?who=me&state=all&sort=oldest"),
        ("tarek", "/desk?q=nirgends"),
    ]:
        page = await both.get(name, f"{path}{'&' if '?' in path else '?'}lang={language}")
        assert page.status == 200, page.words


async def test_what_is_wrong_is_said_and_nothing_typed_is_lost(world: World) -> None:
    page = await world.post(
        "anna", "/tickets/new", {"kind": "", "subject": " ", "text": "Mein <b>Text</b>", "visibility": "own"}
    )
    assert page.status == 422
    assert "<title>Fehler: " in page.html
    assert page.words.count("Wählen Sie, worum es geht.") == 2
    assert "Mein &lt;b&gt;Text&lt;/b&gt;" in page.html
    assert 'href="#subject"' in page.html
    assert await world.count("tickets") == 0


async def test_opening_says_the_number_and_shows_the_ticket(world: World) -> None:
    ticket = await world.open("anna", customer=str(NUMBER))
    page = await world.get("anna", f"/tickets/{ticket}?done=opened")
    assert "Eingegangen unter der Nummer T-2026-00001" in page.words
    assert "von Ihnen gemeldet" in page.words
    assert "Seit gestern, jede Nacht." in page.words
    assert "20 331" in page.words
    assert "Sie haben es gemeldet." in page.words
    assert [name for name, _ in await world.events()] == ["opened"]


async def test_a_double_click_opens_one_ticket_and_says_one_comment(world: World) -> None:
    fields = {"kind": "incident", "subject": "Einmal", "text": "Nur einmal.", "idempotency_key": "k1"}
    first, second = [await world.post("anna", "/tickets/new", fields) for _ in range(2)]
    assert first.response.headers["location"] == second.response.headers["location"]
    changed = await world.post("anna", "/tickets/new", fields | {"subject": "Etwas anderes"})
    assert changed.response.headers["location"] != first.response.headers["location"]
    assert await world.count("tickets") == 2
    path = first.response.headers["location"].split("?")[0] + "/comment"
    for _ in range(2):
        await world.post("anna", path, {"text": "Noch etwas.", "idempotency_key": "k2"})
    assert await world.count("entries") == 3


async def test_the_list_says_how_many_and_which_need_me(world: World) -> None:
    first = await world.open("anna", subject="Wartet auf mich")
    await world.open("anna", subject="Ist neu", kind="question")
    await world.bring_to(first, "waiting")
    page = await world.get("anna", "/tickets")
    assert "2 offen, bei einem sind Sie am Zug" in page.words
    assert "Meine (2) Meine Organisation (2)" in page.words
    assert "Antwort erbeten bis 25. Nov." in page.words
    english = await world.get("anna", "/tickets?lang=en")
    assert "2 open, it is your turn in one" in english.words


@pytest.mark.parametrize(
    ("query", "shown"),
    [
        ("", ["Drei", "Zwei", "Eins"]),
        ("?state=waiting", ["Eins"]),
        ("?state=open", ["Drei", "Zwei", "Eins"]),
        ("?kind=question", ["Zwei"]),
        ("?q=Zw", []),
        ("?q=zwei", ["Zwei"]),
        ("?q=T-2026-00001", ["Eins"]),
        ("?q=3", ["Drei"]),
        ("?sort=number&kind=incident", ["Drei", "Eins"]),
        ("?q=%27%25_%5C%26%7C!%3A*%00", []),
        ("?state=nonsense&kind=nonsense&sort=nonsense", ["Drei", "Zwei", "Eins"]),
        ("?q=" + "x" * 3000, []),
    ],
)
async def test_filter_search_and_sort(world: World, query: str, shown: list[str]) -> None:
    first = await world.open("anna", subject="Eins")
    await world.bring_to(first, "waiting")
    world.later(minutes=1)
    await world.open("anna", subject="Zwei", kind="question")
    world.later(minutes=1)
    await world.open("anna", subject="Drei")
    page = await world.get("anna", f"/tickets{query}")
    assert page.status == 200
    assert page.subjects == shown


async def test_pages_of_a_long_list_lead_from_one_to_the_next(world: World) -> None:
    for number in range(27):
        await world.open("anna", subject=f"Nummer {number}")
    first = await world.get("anna", "/tickets?sort=number")
    assert len(first.subjects) == 25
    second = await world.get("anna", first.link("Nächste Seite"))
    assert second.subjects == ["Nummer 1", "Nummer 0"]
    assert (await world.get("anna", second.link("Vorige Seite"))).subjects == first.subjects


async def test_a_page_token_that_nobody_gave_is_refused(world: World) -> None:
    assert (await world.get("anna", "/tickets?page=nonsense")).status == 422


async def test_progress_is_the_same_for_reporter_and_colleague(world: World) -> None:
    ticket = await world.open("anna", visibility="organisation")
    await world.bring_to(ticket, "in_progress")
    await world.answer(ticket, "ask", "Welche Version?", answer_due="2026-11-25")
    mine, his = [await world.get(name, f"/tickets/{ticket}") for name in ("anna", "jonas")]
    for page in (mine, his):
        for words in ("In Bearbeitung · Support", "Welche Version?", "Sie sind am Zug · Support", "Person 5"):
            assert words in page.words
        assert "bis 25. November 2026" in page.words
    assert "Ihre Organisation teilt es." in his.words
    assert "gemeldet von Person 1" in his.words
    assert "Zurückziehen" in mine.words
    assert "Zurückziehen" not in his.words


async def test_confirm_reopen_and_follow_up(world: World) -> None:
    ticket = await world.open("anna")
    await world.bring_to(ticket, "resolved")
    assert "Gelöst bestätigen" in (await world.get("anna", f"/tickets/{ticket}")).words
    assert (await world.post("anna", f"/tickets/{ticket}/confirm")).status == 303
    assert await world.state_of(ticket) == "closed"
    assert (await world.post("anna", f"/tickets/{ticket}/confirm")).status == 409
    await world.post("anna", f"/tickets/{ticket}/comment", {"text": "Doch nicht."})
    assert await world.state_of(ticket) == "in_progress"
    await world.answer(ticket, "resolve")
    await world.post("anna", f"/tickets/{ticket}/confirm")
    world.later(days=15)
    assert "neuen Fall" in (await world.get("anna", f"/tickets/{ticket}")).words
    sent = await world.post("anna", f"/tickets/{ticket}/comment", {"text": "Schon wieder."})
    followed = await world.get("anna", sent.response.headers["location"])
    assert "Ihr Kommentar hat einen neuen Fall eröffnet: T-2026-00002" in followed.words
    assert f'href="/tickets/{ticket}"' in followed.html


async def test_withdrawing_is_asked_once_more(world: World) -> None:
    ticket = await world.open("anna")
    asked = await world.get("anna", f"/tickets/{ticket}/withdraw")
    assert await world.state_of(ticket) == "new"
    assert "Ja, zurückziehen" in asked.words
    assert (await world.post("anna", f"/tickets/{ticket}/withdraw")).status == 303
    assert await world.state_of(ticket) == "withdrawn"
    assert (await world.get("anna", f"/tickets/{ticket}/withdraw")).status == 303


async def test_sharing_and_no_longer_sharing(world: World) -> None:
    ticket = await world.open("anna", visibility="own")
    assert (await world.get("jonas", f"/tickets/{ticket}")).status == 404
    await world.post("anna", f"/tickets/{ticket}/visibility", {"visibility": "organisation"})
    page = await world.get("jonas", f"/tickets/{ticket}")
    assert "Stadtwerke Lindau und der Support" in page.words
    await world.post("anna", f"/tickets/{ticket}/visibility", {"visibility": "own"})
    assert (await world.get("jonas", f"/tickets/{ticket}")).status == 404
    assert (await world.post("anna", f"/tickets/{ticket}/visibility", {"visibility": "confidential"})).status == 403
    assert (await world.post("anna", f"/tickets/{ticket}/visibility", {"visibility": "nonsense"})).status == 422


async def test_a_bad_comment_comes_back_with_its_text_and_the_page_can_be_loaded_again(world: World) -> None:
    ticket = await world.open("anna")
    page = await world.post("anna", f"/tickets/{ticket}/comment", {"text": "x" * 10_001})
    assert page.status == 422
    assert "höchstens 10000 Zeichen" in page.words
    assert "x" * 10_001 in page.html
    assert (await world.get("anna", f"/tickets/{ticket}/comment")).response.headers["location"] == f"/tickets/{ticket}"
    assert (await world.post("anna", f"/tickets/{ticket}/comment", {"text": "ü" * 20_001})).status == 422


async def test_a_long_talk_is_shown_from_its_end_with_a_way_back(world: World) -> None:
    ticket = await world.open("anna", text="Der erste Satz")
    for number in range(100):
        await world.post("anna", f"/tickets/{ticket}/comment", {"text": f"Satz Nummer {number}."})
    page = await world.get("anna", f"/tickets/{ticket}")
    assert "Der erste Satz" not in page.words
    earlier = await world.get("anna", page.link("Frühere Einträge zeigen"))
    assert "Der erste Satz" in earlier.words


@pytest.mark.parametrize(
    "nasty",
    [
        "<script>alert(1)</script>",
        "{{ 7 * 7 }} {% raw %} ${7*7} %(x)s",
        '"><img src=x onerror=alert(1)>',
        "'; DROP TABLE tickets; --",
        "\u202egnp.exe",
        "😀 Ünïcödé 漢字",
    ],
)
async def test_what_people_type_stays_what_they_typed(world: World, nasty: str) -> None:
    ticket = await world.open("anna", subject=nasty, text=nasty, visibility="organisation")
    await world.post("anna", f"/tickets/{ticket}/comment", {"text": nasty})
    for name, path in [("anna", f"/tickets/{ticket}"), ("jonas", "/tickets?tab=organisation"), ("tarek", "/desk")]:
        page = await world.get(name, path)
        assert nasty in page.plain
        assert "<script>alert" not in page.html
        assert "<img src=x" not in page.html


async def test_sec_z06_who_leaves_keeps_the_own_tickets_and_loses_the_colleagues(world: World) -> None:
    mine = await world.open("jonas", visibility="organisation", subject="Seines")
    hers = await world.open("anna", visibility="organisation", subject="Ihres")
    del world.memberships.held[PEOPLE["jonas"].account_id]
    assert (await world.get("jonas", f"/tickets/{hers}")).status == 404
    assert (await world.get("jonas", f"/tickets/{mine}")).status == 200
    assert (await world.get("anna", f"/tickets/{mine}")).status == 200
    assert (await world.get("jonas", "/tickets?tab=organisation")).subjects == ["Seines"]


async def test_someone_of_two_organisations_chooses_and_sees_both(world: World) -> None:
    both = Membership((COLLEAGUES, STRANGERS), ())
    world.memberships.held[PEOPLE["dora"].account_id] = both
    lonely = {"kind": "incident", "subject": "s", "text": "t", "visibility": "organisation"}
    page = await world.post("dora", "/tickets/new", lonely)
    assert "Wählen Sie die Organisation, die es sehen darf." in page.words
    await world.open("dora", subject="Eins", visibility="organisation", organisation=str(OTHER))
    await world.open("anna", subject="Zwei", visibility="organisation")
    assert set((await world.get("dora", "/tickets?tab=organisation")).subjects) == {"Eins", "Zwei"}
    assert (await world.get("xaver", "/tickets?tab=organisation")).subjects == ["Eins"]


async def test_a_duplicate_leads_on_where_the_reader_may_follow(world: World) -> None:
    ticket = await world.open("anna", visibility="organisation")
    await world.bring_to(ticket, "duplicate")
    other = await world.state_of(ticket, "duplicate_of")
    assert f'href="/tickets/{other}"' in (await world.get("anna", f"/tickets/{ticket}")).html
    await world.post("tarek", f"/desk/{other}/visibility", {"visibility": "confidential"})
    his = await world.get("jonas", f"/tickets/{ticket}")
    assert "T-2026-00002" in his.words
    assert f'href="/tickets/{other}"' not in his.html


async def test_staff_are_sent_to_the_desk(world: World) -> None:
    ticket = await world.open("anna")
    assert (await world.get("tarek", "/tickets")).response.headers["location"] == "/desk"
    assert (await world.get("wiebke", f"/tickets/{ticket}")).response.headers["location"] == f"/desk/{ticket}"
