"""The members of an organisation: see, invite, answer, end, and the answers to those who do not belong to it."""

import re
from datetime import timedelta
from uuid import UUID, uuid4

import pytest

from customer_link.entrypoints.jobs import END_DUE_ACCESS, REACH_INVITEE, job_handlers
from customer_link_builders import ANNA, BERND, CLARA, CLUB, GASTHAUS, INN, VEREIN, a_contact, a_link
from customer_link_fakes import FakeIdentity
from customer_link_world import Page, World

HERE = f"/customers/organisations/{GASTHAUS.id}"
ADVISER = {"name": "Clara Winter", "email": "clara@example.com", "purpose": "tax_adviser", "until": "2027-03-31"}


@pytest.fixture
async def gasthaus(world: World) -> World:
    """Anna holds a number, Bernd is a contact."""
    async with world.records() as records:
        await records.links.add(a_link(ANNA, INN))
        await records.contacts.add(a_contact(account_id=BERND))
    world.directory.known = {ANNA: "Anna Gruber", BERND: "Bernd Huber", CLARA: "Clara Winter"}
    return world


async def invited(world: World, **changes: str) -> UUID:
    """Anna invites Clara, and the job has found her account."""
    answer = await world.post("anna", f"{HERE}/invite", ADVISER | changes)
    assert (answer.status, answer.location) == (303, f"{HERE}/members?notice=invited")
    async with world.records() as records:
        [invitation] = await records.invitations.waiting(GASTHAUS.id)
    jobs = job_handlers(world.core.workplace, FakeIdentity({"clara@example.com": CLARA}))
    for _ in range(2):
        await jobs[REACH_INVITEE]({"invitation_id": str(invitation.id)})
    return invitation.id


def told(page: Page) -> tuple[int, str]:
    return page.status, re.sub(r"[0-9a-f]{32}", "", page.words)


@pytest.mark.parametrize("language", ["de", "en"])
async def test_members_stand_there_with_why_and_since_when(gasthaus: World, language: str) -> None:
    page = await gasthaus.get("anna", f"{HERE}/members", language=language)
    for words in ("Anna Gruber", "Bernd Huber", INN.number):
        assert words in page.words
    assert f'href="{HERE}/invite"' in page.html
    seen = await gasthaus.get("bernd", f"{HERE}/members", language=language)
    assert "Anna Gruber" in seen.words
    assert f'href="{HERE}/invite"' not in seen.html
    gasthaus.directory.away = True
    assert (await gasthaus.get("anna", f"{HERE}/members", language=language)).status == 200


async def test_a_colleague_is_invited_accepts_and_is_out_again(gasthaus: World) -> None:
    invitation = await invited(gasthaus)
    page = await gasthaus.get("clara", "/customers")
    assert "hat Sie eingeladen" in page.words
    asked = await gasthaus.get("clara", f"/customers/invitations/{invitation}")
    assert "bis 31. März 2027" in asked.words
    assert "Anna Gruber" in asked.words
    assert (await gasthaus.post("clara", f"/customers/invitations/{invitation}", {})).status == 422
    fields = {"answer": "accept", "idempotency_key": asked.key()}
    for _ in range(2):
        answer = await gasthaus.post("clara", f"/customers/invitations/{invitation}", fields)
        assert answer.location == f"{HERE}/members?notice=joined"
    assert "Steuerberatung" in (await gasthaus.get("anna", f"{HERE}/members")).words
    assert (
        await gasthaus.post("clara", f"{HERE}/members/{CLARA}/administrator", {"administrator": "yes"})
    ).status == 403
    question = await gasthaus.get("anna", f"{HERE}/members/{CLARA}/end")
    assert "Zugang von Clara Winter beenden?" in question.words
    ended = await gasthaus.post("anna", f"{HERE}/members/{CLARA}/end", {"idempotency_key": question.key()})
    assert ended.location == f"{HERE}/members?notice=ended"
    assert (await gasthaus.get("clara", f"{HERE}/members")).status == 404
    assert (await gasthaus.get("clara", f"/customers/invitations/{invitation}")).status == 410
    assert await gasthaus.event_names() == [
        "invitation.issued",
        "membership.changed",
        "access.granted",
        "membership.changed",
        "access.ended",
    ]


async def test_a_delegate_is_out_on_the_day(gasthaus: World) -> None:
    invitation = await invited(gasthaus)
    await gasthaus.post("clara", f"/customers/invitations/{invitation}", {"answer": "accept"})
    end = job_handlers(gasthaus.core.workplace, FakeIdentity())[END_DUE_ACCESS]
    await end({})
    assert (await gasthaus.get("clara", f"{HERE}/members")).status == 200
    gasthaus.clock.advance(timedelta(days=365))
    await end({})
    assert (await gasthaus.get("clara", f"{HERE}/members")).status == 404


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"email": "nobody"}, "email"),
        ({"name": " "}, "name"),
        ({"purpose": "friend"}, "purpose"),
        ({"until": ""}, "until"),
        ({"until": "2020-01-01"}, "until"),
        ({"until": "2099-01-01"}, "until"),
        ({"until": "soon"}, "until"),
    ],
)
async def test_what_is_wrong_is_named_and_what_was_typed_is_kept(
    gasthaus: World, changes: dict[str, str], field: str
) -> None:
    page = await gasthaus.post("anna", f"{HERE}/invite", ADVISER | changes)
    assert page.status == 422
    assert f'id="{field}-error"' in page.html
    async with gasthaus.records() as records:
        assert await records.invitations.waiting(GASTHAUS.id) == []


async def test_an_address_is_invited_once_and_may_be_withdrawn(gasthaus: World) -> None:
    invitation = await invited(gasthaus)
    assert (await gasthaus.post("anna", f"{HERE}/invite", ADVISER)).status == 422
    for _ in range(2):
        answer = await gasthaus.post("anna", f"{HERE}/invitations/{invitation}/withdraw")
        assert answer.location == f"{HERE}/members?notice=withdrawn"
    answered = await gasthaus.post("clara", f"/customers/invitations/{invitation}", {"answer": "accept"})
    assert answered.status == 410
    assert await gasthaus.event_names() == ["invitation.issued", "invitation.closed"]


async def test_who_withdraws_too_late_is_told_that_there_is_an_access_now(gasthaus: World) -> None:
    invitation = await invited(gasthaus)
    await gasthaus.post("clara", f"/customers/invitations/{invitation}", {"answer": "accept"})
    late = await gasthaus.post("anna", f"{HERE}/invitations/{invitation}/withdraw")
    assert late.location == f"{HERE}/members?notice=accepted"
    page = await gasthaus.get("anna", late.location)
    assert "Die Einladung wurde inzwischen angenommen." in page.words
    assert "Clara Winter" in page.words


async def test_twenty_invitations_a_day_are_enough(gasthaus: World) -> None:
    for number in range(20):
        assert (
            await gasthaus.post("anna", f"{HERE}/invite", ADVISER | {"email": f"a{number}@example.com"})
        ).status == 303
    assert (await gasthaus.post("anna", f"{HERE}/invite", ADVISER)).status == 429


async def test_the_last_administrator_names_a_successor_before_unlinking(gasthaus: World) -> None:
    await invited(gasthaus)
    page = await gasthaus.get("anna", f"/customers/{INN.id}/unlink")
    assert "Außer Ihnen verwaltet niemand die Organisation." in page.words
    refused = await gasthaus.post("anna", f"/customers/{INN.id}/unlink", {"idempotency_key": "1"})
    assert refused.location == f"/customers/{INN.id}/unlink"
    await gasthaus.post("anna", f"{HERE}/members/{BERND}/administrator", {"administrator": "yes"})
    assert (await gasthaus.get("bernd", f"{HERE}/invite")).status == 200
    done = await gasthaus.post("anna", f"/customers/{INN.id}/unlink", {"idempotency_key": "2"})
    assert done.location == "/customers?unlinked=1"
    again = await gasthaus.post("bernd", f"{HERE}/members/{BERND}/administrator", {"administrator": "no"})
    assert again.location == f"{HERE}/members?notice=successor"


async def test_staff_see_whom_the_organisation_invited_and_end_what_nobody_else_can(gasthaus: World) -> None:
    invitation = await invited(gasthaus)
    place = f"/staff/customers/{INN.id}"
    end = f"{place}/invitations/{invitation}/end"
    page = await gasthaus.get("tarek", place)
    for words in ("Von der Organisation eingeladen", "Clara Winter", "Steuerberatung", "Offen"):
        assert words in page.words
    assert "Einladung für Clara Winter zurückziehen?" in (await gasthaus.get("tarek", end)).words
    await gasthaus.post("clara", f"/customers/invitations/{invitation}", {"answer": "accept"})
    await gasthaus.post("anna", f"{HERE}/members/{CLARA}/administrator", {"administrator": "yes"})
    assert "Zugang von Clara Winter beenden?" in (await gasthaus.get("tarek", end)).words
    for _ in range(2):
        answer = await gasthaus.post("tarek", end)
        assert answer.location == f"{place}?notice=access_ended"
    assert "Clara Winter" not in (await gasthaus.get("tarek", place)).words
    assert (await gasthaus.get("clara", f"{HERE}/members")).status == 404
    assert (await gasthaus.event_names()).count("access.ended") == 1
    other = f"/staff/customers/{CLUB.id}/invitations/{invitation}/end"
    assert (await gasthaus.get("tarek", other)).status == (await gasthaus.post("tarek", other)).status == 404


async def test_strangers_and_members_who_may_not_get_one_answer_each(gasthaus: World) -> None:
    invitation = await invited(gasthaus)
    for part in ("members", "invite", f"members/{BERND}/end"):
        answers = {
            told(await gasthaus.get("clara", f"/customers/organisations/{wanted}/{part}"))
            for wanted in (GASTHAUS.id, VEREIN.id, uuid4(), "x")
        }
        assert len(answers) == 1
        assert answers.pop()[0] == 404
    others = {
        told(await gasthaus.get("bernd", f"/customers/invitations/{wanted}")) for wanted in (invitation, uuid4(), "x")
    }
    assert len(others) == 1
    assert (await gasthaus.get("bernd", f"{HERE}/invite")).status == 403
    assert (await gasthaus.post("bernd", f"{HERE}/invitations/{invitation}/withdraw")).status == 403
