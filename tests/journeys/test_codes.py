"""Activation codes from staff's desk to the customer's profile: issue, letter, invoice run, withdraw (A10, A12, S5)."""

import csv
import io
import re

from journey_musik import link, registered
from journey_people import People
from journey_portal import Portal
from journey_visitor import Visitor

BRANDS = ("musik",)
NUMBER = "5020 0044"  # no other journey links it
NEUTRAL = "Dieser Freischaltcode passt nicht zu dieser Kundennummer, oder er ist nicht mehr gültig"
CODE = re.compile(r"[3-9B-Y]{4}-[3-9B-Y]{4}-[3-9B-Y]{4}")


def issue(staff: Visitor) -> str:
    """Issues a code as an advisor does, and reads it from its page."""
    staff.open("/staff/codes")
    staff.follow("Code ausstellen")
    staff.fill(number=NUMBER, valid_until="2030-01-01")
    staff.press("Code ausstellen", status=422)
    assert "zwei Jahre" in staff.wrong_beside("valid_until")
    staff.open(f"/staff/codes/new?number={NUMBER.replace(' ', '%20')}")
    staff.press("Code ausstellen")
    staff.sees("Der Code ist ausgestellt", f"Freischaltcode für {NUMBER}")
    found = CODE.search(staff.page.locator("main").inner_text())
    assert found is not None
    return found.group()


def data_file(staff: Visitor) -> list[dict[str, str]]:
    """Downloads the file of an invoice run."""
    with staff.page.expect_download() as download:
        staff.page.get_by_role("link", name="Datei herunterladen").click()
    return list(csv.DictReader(io.StringIO(download.value.path().read_text("utf-8"))))


def test_a10_s5_an_invoice_run_gives_codes_back_as_a_file(people: People) -> None:
    staff, customer = people.member_of_staff("monika"), people.customer("david")
    staff.open("/staff/codes")
    staff.follow("Rechnungsläufe")
    staff.follow("Neuer Rechnungslauf")
    staff.fill(numbers=f"{NUMBER}\n9999 1111\n{NUMBER.replace(' ', '')}")
    staff.press("Codes ausstellen")
    staff.sees("Ein Code ist ausgestellt", "2 Zeilen wurden ausgelassen", "Sie steht schon weiter oben")
    staff.look()
    [row] = data_file(staff)
    assert (row["customer_number"], CODE.fullmatch(row["code"]) is not None) == (NUMBER, True)
    staff.choose("Auf ihren Rechnungen, mit der Datei")
    staff.press("Als übergeben vermerken")
    staff.sees("Die Codes sind übergeben. Niemand kann sie hier mehr lesen.")
    assert staff.page.get_by_role("link", name="Datei herunterladen").count() == 0
    link(customer, row["code"][:-1] + ("3" if row["code"][-1] != "3" else "4"), NUMBER, status=422)
    assert "Tippfehler" in customer.wrong_beside("code")


def test_s5_a12_a_withdrawn_code_opens_nothing(people: People) -> None:
    staff, customer = people.member_of_staff("monika"), people.customer("david")
    code = issue(staff)
    staff.select("reason", "Der Brief ging verloren")
    staff.press("Code zurückziehen")
    staff.sees("Der Code ist zurückgezogen. Er schaltet nichts mehr frei.", "Der Brief ging verloren")
    link(customer, code, NUMBER, status=422)
    assert NEUTRAL in customer.page.locator("#refusal").inner_text()
    staff.open(f"/staff/codes?q={NUMBER.replace(' ', '+')}&state=withdrawn")
    assert len(staff.rows(NUMBER)) == 1


def test_a10_s5_a_letter_with_its_qr_code_leads_through_the_registration_to_a_linked_number(
    people: People, portal: Portal
) -> None:
    staff, customer = people.member_of_staff("monika"), people.stranger()
    code = issue(staff)
    staff.press("Brief drucken")
    staff.sees("Ihr Freischaltcode für das Service-Portal", code, NUMBER, "Scannen Sie den QR-Code")
    customer.page.goto(f"{portal.url}/customers#nummer={NUMBER.replace(' ', '+')}&code={code}")
    assert customer.path == "/login?next=/customers"
    assert code not in customer.page.url
    registered(customer, portal)
    customer.sees("Ihr Freischaltcode ist eingetragen.")
    customer.follow("Kundennummer jetzt verknüpfen")
    assert (customer.value("code"), customer.value("number")) == (code, NUMBER)
    customer.press("Verknüpfen")
    customer.sees(f"Die Kundennummer {NUMBER} ist jetzt mit Ihrem Profil verknüpft")
    assert customer.page.evaluate("localStorage.length") == 0
    staff.open(f"/staff/codes?q={NUMBER.replace(' ', '+')}&state=used")
    assert len(staff.rows(NUMBER)) == 1


def test_a10_a_new_letter_is_ordered_and_staff_have_it_in_their_queue(people: People) -> None:
    customer, staff = people.customer("anna"), people.member_of_staff("monika")
    customer.open("/customers")
    customer.follow("Keinen Code? Neuen Brief anfordern")
    customer.fill(number="4802 0230")
    customer.press("Brief anfordern")
    customer.sees("Wenn wir diese Kundennummer führen, ist ein Brief unterwegs.")
    staff.open("/staff/codes/orders")
    assert len(staff.rows("4802 0230")) == 1
