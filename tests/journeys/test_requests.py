"""Requests for numbers that are taken: sent, decided, both sides told by mail and beside the bell (A13 to A15, S3)."""

import re

from journey_musik import code_of, link
from journey_people import People
from journey_portal import Portal
from journey_visitor import Visitor

from sample_files import FILES

BRANDS = ("musik",)
_SOME_UNREAD = re.compile(r"Benachrichtigungen, (eine|\d+) ungelesen")
PROOF = "Gewerbeschein Größe M.docx"


def send_request(visitor: Visitor, code: str, number: str, reason: str, text: str, *proof: str) -> str:
    """Runs into the conflict and sends a request from there; its path."""
    link(visitor, code, number, status=409)
    visitor.press("Anforderung senden", status=422)
    assert len(visitor.wrong()) == 2
    visitor.select("reason", reason)
    visitor.fill(text=text)
    attach(visitor, *proof)
    visitor.press("Anforderung senden")
    visitor.sees("Wir haben Ihre Anforderung erhalten", "Eingegangen")
    return visitor.path.partition("?")[0]


def attach(visitor: Visitor, *names: str) -> None:
    """Chooses files of these names, each of them a small text of Word."""
    chosen = [{"name": name, "mimeType": "application/x-any", "buffer": FILES["brief.docx"]} for name in names]
    visitor.page.get_by_label("Nachweise").set_input_files(chosen)  # type: ignore[arg-type] # one kind of many


def download(visitor: Visitor, name: str) -> bytes:
    """Follows the link of a file and saves it; its name must be the one that the browser saves it under."""
    with visitor.page.expect_download() as saved:
        visitor.page.get_by_role("link", name=name).click()
    assert saved.value.suggested_filename == name
    return saved.value.path().read_bytes()


def decide(staff: Visitor, number: str, decision: str, answer: str) -> None:
    """Opens the oldest request for a number and decides."""
    staff.open("/staff")
    staff.follow("Anforderungen", within="main")
    staff.follow(number)
    staff.choose(decision)
    staff.fill(answer=answer)
    staff.press("Entscheiden")
    staff.sees("Die Entscheidung ist getroffen")


def with_details(visitor: Visitor) -> None:
    """Details come within 300 ms or not at all: on a busy machine the page of notices is opened again."""
    for _ in range(10):
        if visitor.page.get_by_text("Einige Einzelheiten sind gerade nicht erreichbar").count() == 0:
            break
        visitor.open("/notices")


def open_notice(visitor: Visitor, sentence: str) -> None:
    """Presses the notice that says so."""
    with_details(visitor)
    visitor.press(sentence)


def both_find_it_beside_the_bell(asker: Visitor, holder: Visitor, place: str) -> None:
    """Who asked is led to the request, who held the number to where one objects."""
    asker.open("/customers")
    asker.follow(_SOME_UNREAD, within="header")
    open_notice(
        asker,
        "Wir haben Ihre Anforderung bewilligt: Die Kundennummer 4711 0702 ist jetzt mit Ihrem Benutzerkonto verknüpft",
    )
    assert asker.path == place
    holder.open("/tickets")
    holder.follow(_SOME_UNREAD, within="header")
    ended = "Ihre Verknüpfung mit der Kundennummer 4711 0702 wurde nach Prüfung einer Anforderung beendet"
    with_details(holder)
    assert "Bernd" not in holder.page.get_by_role("listitem").filter(has_text=ended).inner_text()
    open_notice(holder, ended)
    assert holder.path == "/tickets/new"
    holder.open("/notices")
    holder.press("Alle als gelesen markieren")
    holder.sees("Alle Benachrichtigungen sind als gelesen markiert")
    holder.follow("Benachrichtigungen", within="header")


def test_a14_a15_s3_a_second_number_of_a_type_is_refused_with_a_reason(people: People, portal: Portal) -> None:
    asker, staff = people.customer("anna"), people.member_of_staff("monika")
    place = send_request(
        asker,
        code_of(portal, "4711 0815"),
        "4711 0815",
        "Sie gilt einem weiteren Standort oder einer weiteren Veranstaltung",
        "Ein zweites Lokal.",
        PROOF,
    )
    asker.sees("Dokumente", PROOF)
    assert download(asker, PROOF) == FILES["brief.docx"]
    staff.open(place.replace("/customers", "/staff"))
    assert download(staff, PROOF) == FILES["brief.docx"]
    decide(staff, "4711 0815", "Ablehnen", "Das Lokal gehört zu Ihrer ersten Kundennummer.")
    asker.open(place)
    asker.sees("Abgelehnt", "Das Lokal gehört zu Ihrer ersten Kundennummer.")
    mail = portal.mailbox.wait(
        "anna.gruber@goldenerton.example", "Wir haben Ihre Anforderung zu Kundennummer 4711 0815 abgelehnt"
    )
    assert "Das Lokal gehört zu Ihrer ersten Kundennummer." in " ".join(mail.text.split())
    asker.open(mail.link)
    assert asker.path == place
    without_scripts = people.customer("anna", scripts=False)
    without_scripts.open("/customers")
    without_scripts.follow("Benachrichtigungen", within="header")
    open_notice(without_scripts, "Wir haben Ihre Anforderung zu Kundennummer 4711 0815 abgelehnt")
    assert without_scripts.path == place


def test_a13_a15_s3_a_number_is_transferred_and_both_sides_are_told(people: People, portal: Portal) -> None:
    """The last one: from here on Anna does not have the number that other journeys know her by."""
    asker, holder, staff = people.customer("bernd"), people.customer("anna"), people.member_of_staff("monika")
    place = send_request(
        asker,
        code_of(portal, "4711 0702"),
        "4711 0702",
        "Ich bin jetzt anstelle einer anderen Person zuständig",
        "Seit Oktober führe ich das Gasthaus.",
    )
    asker.does_not_see("Anna")
    portal.mailbox.wait("bernd.huber@goldenerton.example", "Ihre Anforderung zu Kundennummer 4711 0702")
    staff.open("/staff/requests")
    staff.follow("4711 0702")
    staff.sees("Seit Oktober führe ich das Gasthaus.", "Anna", "Bernd")
    staff.press("Übernehmen")
    staff.sees("Sie bearbeiten diese Anforderung")
    decide(staff, "4711 0702", "Kundennummer übertragen", "Gern geschehen.")
    asker.open(place)
    asker.sees("Übertragen", "Gern geschehen.")
    asker.follow("Daten ansehen")
    assert asker.heading() == "Kundennummer 4711 0702"
    holder.open("/customers")
    assert holder.rows("4711 0702") == []
    told = portal.mailbox.wait(
        "anna.gruber@goldenerton.example", "Ihre Verknüpfung mit Kundennummer 4711 0702 wurde beendet"
    )
    assert "Bernd" not in told.text
    granted = portal.mailbox.wait("bernd.huber@goldenerton.example", "Anforderung bewilligt: Kundennummer 4711 0702")
    assert "Anna" not in granted.text
    both_find_it_beside_the_bell(asker, holder, place)
