"""Customer numbers: link, see the data, conflicts, wrong codes, unlink (A9, A11 to A14, A16, A17)."""

import re
import time

import pytest
from journey_musik import code_of, link, registered
from journey_people import People
from journey_portal import Note, Portal
from journey_visitor import Visitor

BRANDS = ("musik",)
LINKED = "ist verknüpft"
NEUTRAL = "Dieser Freischaltcode passt nicht zu dieser Kundennummer, oder er ist nicht mehr gültig"


def refusal(visitor: Visitor) -> str:
    """What stands under the fields."""
    return visitor.page.locator("#refusal").inner_text()


def wrong_code(code: str) -> str:
    """A code that is well formed, but nobody's: other symbols, and the check symbol that goes with them."""
    alphabet = "346789BCDFGHJKMPQRTVWXY"
    body = [alphabet[(alphabet.index(sign) + 5) % 23] for sign in code.replace("-", "")[:11]]
    total = sum(weight * alphabet.index(sign) for weight, sign in enumerate(body, start=1))
    check = next(sign for sign in alphabet if (total + 12 * alphabet.index(sign)) % 23 == 0)
    joined = "".join([*body, check])
    return f"{joined[:4]}-{joined[4:8]}-{joined[8:]}"


def newest_invoice(visitor: Visitor, portal: Portal) -> bytes:
    """Saves the PDF of the newest invoice, which may come a moment after the data."""
    pdf = visitor.page.get_by_role("link", name=re.compile(r"^PDF \(")).first

    def is_there() -> bool:
        visitor.open(visitor.path)
        return pdf.is_visible()

    portal.wait("the invoices", is_there, 60)
    with visitor.page.expect_download() as saved:
        pdf.click()
    assert saved.value.suggested_filename.startswith("Rechnung ")
    content: bytes = saved.value.path().read_bytes()
    return content


@pytest.mark.every_manner
def test_a9_the_way_through_the_profile_leads_to_the_form(people: People) -> None:
    visitor = people.customer("anna")
    visitor.open("/")
    visitor.open_profile_menu()
    visitor.follow("Zugeordnete Kundennummern", within="header")
    visitor.sees("Freischaltcode", "Um eine zusätzliche Kundennummer mit Ihrem Profil zu verbinden")
    visitor.sees("Freischaltcode *", "Kundennummer *", "auf Ihrer aktuellen Rechnung", "KundenbetreuerIn")
    visitor.sees("Verknüpfen", "Zugeordnete Kundennummern")
    (row,) = visitor.rows()
    assert "4711 0702" in row


@pytest.mark.either_bus
def test_a11_a16_a_linked_number_shows_its_data_within_seconds(people: People, portal: Portal, note: Note) -> None:
    visitor = people.customer("clara")
    began = time.monotonic()
    link(visitor, code_of(portal, "4802 0117"), "4802 0117")
    visitor.sees("Die Kundennummer 4802 0117 ist jetzt mit Ihrem Profil verknüpft")
    assert len(visitor.rows("4802 0117")) == 1
    portal.wait("the data", lambda: "Wird eingerichtet" not in "".join(visitor.rows("4802 0117")), 15)
    note("linking to the data on the page", time.monotonic() - began)
    assert "Kulturverein Donaukanal" in visitor.rows("4802 0117")[0]
    assert len(visitor.rows()) == 2
    visitor.follow("4802 0117")
    visitor.sees("Kulturverein Donaukanal", "Anschrift", "Onlinenutzung", "Verträge", "Rechnungen", "€")
    assert newest_invoice(visitor, portal).startswith(b"%PDF-")
    mail = portal.mailbox.wait("clara.novak@donaukanal.example", "4802 0117 ist verknüpft")
    visitor.open(mail.link)
    assert visitor.heading() == "Kundennummer 4802 0117"


def test_a11_linking_works_without_scripts(people: People, portal: Portal) -> None:
    visitor = people.customer("eva", scripts=False)
    visitor.open("/customers")
    visitor.fill(code=code_of(portal, "5020 0032").lower().replace("-", " "), number="50200032")
    visitor.press("Link")
    assert len(visitor.rows("5020 0032")) == 1
    deadline = time.monotonic() + 15
    while "Radio Wienerwald" not in "".join(visitor.rows("5020 0032")):
        assert time.monotonic() < deadline
        visitor.open("/customers")


def test_a12_a_typing_error_is_told_as_one(people: People, portal: Portal) -> None:
    visitor, code = people.customer("david"), code_of(portal, "4633 0450")
    swapped = code[1] + code[0] + code[2:] if code[0] != code[1] else code[:-1] + ("4" if code[-1] == "3" else "3")
    link(visitor, swapped, "4633 0450", status=422)
    assert "Tippfehler" in visitor.wrong_beside("code")
    assert (visitor.value("code"), visitor.value("number")) == (swapped, "4633 0450")
    link(visitor, code.replace(code[0], "0", 1), "4633 0450", status=422)
    assert visitor.wrong_beside("code")
    link(visitor, code[:9], "4633 0450", status=422)
    assert "12 Zeichen" in visitor.wrong_beside("code")
    link(visitor, "", "", status=422)
    assert len(visitor.wrong()) == 2


def test_a12_every_real_failure_gets_one_neutral_answer(people: People, portal: Portal) -> None:
    visitor = people.customer("david")
    wrong = wrong_code(code_of(portal, "4633 0450"))
    attempts = [
        (wrong, "4633 0450"),  # a wrong code
        (code_of(portal, "4633 0450"), "4633 0451"),  # of another number
        (wrong, "9999 9999"),  # a number that does not exist
        (code_of(portal, "4633 0450"), "4711 0702"),  # a number that somebody else holds
    ]
    answers = []
    for code, number in attempts:
        link(visitor, code, number, status=422)
        answers.append(refusal(visitor))
    assert len(set(answers)) == 1
    assert NEUTRAL in answers[0]


def test_a12_a_used_code_gets_the_neutral_answer(people: People, portal: Portal) -> None:
    holder, other = people.customer("anna"), people.customer("david")
    code = code_of(portal, "4711 1204")
    link(holder, code, "4711 1204")
    assert len(holder.rows("4711 1204")) == 1
    link(other, code, "4711 1204", status=422)
    assert NEUTRAL in refusal(other)


def test_a12_too_many_failures_pause_the_form_but_nobody_elses(people: People, portal: Portal) -> None:
    visitor = registered(people.stranger(), portal)
    wrong = wrong_code(code_of(portal, "4633 0451"))
    for _ in range(10):
        link(visitor, wrong, "4633 0451", status=422)
        assert NEUTRAL in refusal(visitor)
    link(visitor, wrong, "4633 0451", status=429)
    assert "zu viele Codes" in refusal(visitor)
    staff = people.member_of_staff("monika")
    staff.open("/staff/codes")
    staff.sees("Jemand rät Freischaltcodes", "Fehlversuche eines Benutzerkontos")
    other = people.customer("david")
    link(other, code_of(portal, "4633 0451"), "4633 0451")
    assert len(other.rows("4633 0451")) == 1


def test_a13_a_number_of_another_user_name_is_said_so(people: People, portal: Portal) -> None:
    visitor = people.customer("bernd")
    link(visitor, code_of(portal, "4711 0702"), "4711 0702", status=409)
    assert "Diese Kundennummer ist bereits einem anderen Benutzernamen zugeordnet" in refusal(visitor)
    visitor.does_not_see("Anna")
    assert visitor.value("number") == "4711 0702"


def test_a14_a_second_number_of_a_type_is_said_so(people: People, portal: Portal) -> None:
    visitor = people.customer("anna")
    link(visitor, code_of(portal, "4711 0815"), "4711 0815", status=409)
    assert "Sie haben bereits eine Kundennummer dieses Typs zugeordnet" in refusal(visitor)
    assert visitor.rows("4711 0815") == []


def test_a17_a_number_is_unlinked_after_asking_once_more(people: People, portal: Portal) -> None:
    visitor, code = people.customer("david"), code_of(portal, "4633 0450")
    link(visitor, code, "4633 0450")
    visitor.follow("4633 0450")
    visitor.follow("Verknüpfung lösen …")
    visitor.sees("Verknüpfung mit Kundennummer 4633 0450 lösen?")
    visitor.follow(re.compile("behalten", re.IGNORECASE))
    visitor.follow("Verknüpfung lösen …")
    visitor.press("Verknüpfung lösen")
    visitor.sees("Die Kundennummer ist nicht mehr mit Ihrem Profil verknüpft")
    assert visitor.rows("4633 0450") == []
    link(visitor, code, "4633 0450", status=422)
    assert NEUTRAL in refusal(visitor)


@pytest.mark.parametrize("place", ["/customers", "/customers/00000000-0000-4000-8000-000000000000"])
def test_customer_pages_are_for_people_with_a_session(people: People, place: str) -> None:
    visitor = people.stranger()
    visitor.open(place)
    assert visitor.path.startswith("/login?next=")


def test_nobody_sees_the_data_of_somebody_elses_number(people: People) -> None:
    holder, other = people.customer("anna"), people.customer("bernd")
    holder.open("/customers")
    holder.follow("4711 0702")
    place = holder.path
    other.open(place, status=404)
    other.does_not_see("4711 0702")
