"""Administrators import customers and accounts from files, after a dry run that names every bad line (S6, M2b)."""

import csv
import io
from collections.abc import Sequence
from pathlib import Path

from journey_people import People, log_in
from journey_visitor import Visitor

BRANDS = ("musik",)
HEAD = ("organisation", "customer_number", "type", "street", "postal_code", "city", "email", "display_name", "contact")
SHOP = (
    "Plattenladen Rille",
    "88 4001",
    "handel",
    "Rillengasse 3",
    "8020",
    "Graz",
    "rita.rille@example.com",
    "Rita Rille",
    "",
)
WRONG = ("=Plattenladen", "88 4002", "laden", "", "", "", "", "", "")
LEFT = ("Plattenladen Rille", "", "", "", "", "", "rita.rille@example.com", "", "remove")
# Of "Altes-Kennwort-2019", as a system of that time kept it.
OLD_HASH = "$2b$04$bfTlDH0i7h1RrE8wdhbLZ.1tB283DRBYQD7gkzfzJRdGJRjJO6U1K"


def csv_file(*rows: Sequence[str]) -> bytes:
    written = io.StringIO()
    csv.writer(written, delimiter=";").writerows(rows)
    return written.getvalue().encode()


def hand_in(staff: Visitor, place: str, content: bytes) -> None:
    """Chooses a file and waits until it is looked through."""
    staff.open(place)
    staff.page.set_input_files("[name=file]", {"name": "herbst.csv", "mimeType": "text/csv", "buffer": content})
    staff.press("Datei prüfen")


def bad_lines(staff: Visitor) -> list[list[str]]:
    with staff.page.expect_download() as download:
        staff.page.get_by_role("link", name="Fehlerhafte Zeilen herunterladen").click()
    content = Path(download.value.path()).read_text("utf-8-sig")
    return list(csv.reader(io.StringIO(content), delimiter=";"))


def test_s6_m2b_customers_are_imported_after_a_dry_run_that_names_every_bad_line(people: People) -> None:
    staff = people.member_of_staff("ines")
    staff.open("/staff/customers")
    staff.follow("Kunden importieren")
    staff.press("Datei prüfen", status=422)
    assert staff.wrong() == ["Wählen Sie eine CSV-Datei."]
    hand_in(staff, "/staff/customers/import", csv_file(HEAD, SHOP, WRONG))
    staff.sees("1 Zeile kann nicht importiert werden.", "Diese Art gibt es nicht. Bekannt sind: gastronomie, handel")
    staff.look()
    [head, [line, reason, *cells]] = bad_lines(staff)
    assert (head, line, cells) == (["line", "reason", *HEAD], "3", ["'=Plattenladen", *WRONG[1:]])
    assert reason.startswith("type: Diese Art gibt es nicht.")
    staff.press("Importieren")
    staff.sees("Die Datei ist importiert.", "Nicht importierte Zeilen")
    staff.look()
    mended = ["Plattenladen Rille", "88 4002", "handel", *WRONG[3:]]
    hand_in(staff, "/staff/customers/import", csv_file(head, [line, reason, *mended]))
    staff.sees("Die Datei ist in Ordnung.")
    staff.press("Importieren")
    staff.sees("Die Datei ist importiert.")
    hand_in(staff, "/staff/customers/import", csv_file(HEAD, SHOP))
    staff.sees("Alles, was in der Datei steht, ist schon bekannt.")
    staff.press("Datei verwerfen")
    staff.sees("Die Datei wurde nicht importiert und ist gelöscht.")
    staff.open("/staff/customers?q=plattenladen")
    assert [("88 4001" in row, "8020 Graz" in row) for row in staff.rows("Rille")] == [(True, True), (False, False)]
    staff.page.locator("table.rows a").first.click()
    staff.sees("Rita Rille")
    hand_in(staff, "/staff/customers/import", csv_file(HEAD, LEFT))
    staff.sees("1 Person ist dann nicht mehr benannt.")
    staff.press("Importieren")
    staff.sees("Die Datei ist importiert.")
    staff.open("/staff/customers/import")
    assert len(staff.rows("herbst.csv")) == 4
    staff.open("/staff/customers?q=plattenladen")
    staff.page.locator("table.rows a").first.click()
    staff.sees("Noch ist niemand benannt.")
    staff.does_not_see("Rita Rille")


def test_s6_accounts_of_an_older_system_are_imported_and_log_in_with_their_old_password(people: People) -> None:
    staff, person = people.member_of_staff("ines"), people.stranger()
    rows = [("77", "alt.jahn", "alt.jahn@example.com", OLD_HASH), ("78", "alt.falsch", "keine Adresse", "")]
    content = csv_file(("external_id", "username", "email", "password_hash"), *rows)
    hand_in(staff, "/staff/accounts/import", content)
    staff.sees("1 Zeile kann nicht importiert werden.", "Prüfen Sie die E-Mail-Adresse")
    staff.press("Importieren")
    staff.sees("Die Konten sind importiert.")
    log_in(person, "alt.jahn", "Altes-Kennwort-2019")
    assert not person.path.startswith("/login")
