"""Parts of a running portal die, freeze and come back while people use it: nothing that was accepted is lost (O4)."""

import signal
import time
from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from journey_musik import ANNA, CONFIRM, code_of, fill_in, link, open_ticket, register, somebody
from journey_people import People
from journey_portal import Portal

BRANDS = ("musik",)
pytestmark = pytest.mark.either_bus
SERVICES = ("identity", "customer-link", "ticketing", "notification")


@pytest.fixture(autouse=True)
def _everything_runs_again(portal: Portal) -> Iterator[None]:
    yield
    for part in SERVICES:
        portal.wait_for(part)


@contextmanager
def frozen(portal: Portal, part: str) -> Iterator[None]:
    """The part does not answer, nor does it hang up, until the block ends."""
    portal.send(part, signal.SIGSTOP)
    try:
        yield
    finally:
        portal.send(part, signal.SIGCONT)


def killed(portal: Portal, part: str) -> None:
    """The part dies; returns when its supervisor has started it again and it is ready."""
    before = portal.restarts(part)
    portal.kill(part)
    portal.wait(f"{part} to be started again", lambda: portal.restarts(part) > before)
    portal.wait_for(part)


def test_o4_a_mail_waits_for_notification(people: People, portal: Portal) -> None:
    visitor, (username, email) = people.stranger(), somebody()
    with frozen(portal, "notification"):
        register(visitor, username, email)
        visitor.sees("Bitte bestätigen Sie Ihre E-Mail-Adresse")
        assert portal.mailbox.to(email) == []
    portal.mailbox.wait(email, CONFIRM, seconds=60)


def test_o4_the_start_page_does_without_the_news(people: People, portal: Portal) -> None:
    visitor = people.stranger()
    with frozen(portal, "notification"):
        visitor.open("/")
        visitor.sees("Neuer Kunde?", "Bereits registriert?", "Hinweise & News")


@pytest.mark.parametrize("part", ["identity", "notification"])
def test_o4_a_part_that_dies_right_after_a_registration_loses_no_mail(
    people: People, portal: Portal, part: str
) -> None:
    visitor, (username, email) = people.stranger(), somebody()
    register(visitor, username, email)
    killed(portal, part)
    assert username in portal.mailbox.wait(email, CONFIRM, seconds=60).text


def test_o4_a_ticket_is_kept_and_told_although_ticketing_dies_after_it(people: People, portal: Portal) -> None:
    visitor = people.customer("anna")
    subject, number, path = open_ticket(visitor)
    killed(portal, "ticketing")
    visitor.open(path)
    visitor.sees(subject)
    portal.mailbox.wait(ANNA, number, seconds=60)
    identifiers = {mail.id for mail in portal.mailbox.to(ANNA, number)}
    assert len(identifiers) == 1


def test_o4_mails_wait_for_identity_and_keep_their_order(people: People, portal: Portal) -> None:
    visitor = people.customer("anna")
    visitor.open("/tickets")
    with frozen(portal, "identity"):
        _, number, _ = open_ticket(visitor)
        visitor.fill(text="Und noch etwas.")
        visitor.press("Kommentar senden")
        assert portal.mailbox.to(ANNA, number) == []
    portal.mailbox.wait(ANNA, f"{number}: Wir haben Ihr Anliegen erhalten", seconds=60)


def test_o4_data_wait_for_the_organisations_own_system(people: People, portal: Portal) -> None:
    visitor = people.customer("clara")
    with frozen(portal, "backend-sample"):
        link(visitor, code_of(portal, "4802 0230"), "4802 0230")
        visitor.sees("Daten werden geladen")
        assert "Wird eingerichtet" in visitor.rows("4802 0230")[0]
    portal.wait("the data", lambda: "Kulturverein Donaukanal" in visitor.rows("4802 0230")[0], 60)


def test_o4_a_form_that_cannot_be_saved_gives_the_typed_text_back(people: People, portal: Portal) -> None:
    visitor = people.customer("anna")
    fill_in(visitor, "Während die Datenbank fehlt")
    portal.kill("postgres")
    visitor.press("Senden", status=503)
    visitor.sees("Das ist gerade nicht erreichbar", "Während die Datenbank fehlt", "Welche gilt?")
    portal.wait_for("postgres")


def test_o4_a_database_that_crashes_loses_nothing_that_was_accepted(people: People, portal: Portal) -> None:
    visitor, (username, email) = people.stranger(), somebody()
    register(visitor, username, email)
    killed(portal, "postgres")
    for part in SERVICES:
        portal.wait_for(part)
    portal.mailbox.wait(email, CONFIRM, seconds=90)
    open_ticket(people.customer("anna"))


def test_sec_z06_a17_who_unlinks_is_out_within_a_second_although_the_bus_hangs(people: People, portal: Portal) -> None:
    if portal.bus != "amqp":
        pytest.skip("the local bus is in PostgreSQL: without it nothing is unlinked either")
    visitor, number = people.customer("david"), "4633 0451"
    visitor.open("/customers")
    if not visitor.rows(number):  # an earlier journey may have linked it
        link(visitor, code_of(portal, number), number)
    visitor.follow(number)
    path, browser = visitor.path, visitor.page.request
    headers = {"Origin": portal.url, "Sec-Fetch-Site": "same-origin"}
    with frozen(portal, "rabbitmq"):
        time.sleep(4)  # a silent broker is noticed after three and a half seconds
        assert number in browser.get(f"{portal.url}/tickets/new").text()
        assert browser.post(f"{portal.url}{path}/unlink", headers=headers).ok
        ended = time.monotonic()
        while number in browser.get(f"{portal.url}/tickets/new").text():
            assert time.monotonic() - ended < 1
        visitor.open(path, status=404)


def test_o4_the_bus_may_be_away_and_everything_arrives_when_it_is_back(people: People, portal: Portal) -> None:
    if portal.bus != "amqp":
        pytest.skip("the local bus is in PostgreSQL, which has its own test")
    visitor, (username, email) = people.stranger(), somebody()
    with frozen(portal, "rabbitmq"):
        register(visitor, username, email)
        visitor.sees("Bitte bestätigen Sie Ihre E-Mail-Adresse")
    portal.mailbox.wait(email, CONFIRM, seconds=60)
    other, (username, email) = people.stranger(), somebody()
    portal.kill("rabbitmq")
    register(other, username, email)
    portal.mailbox.wait(email, CONFIRM, seconds=120)
