"""The settings of a customer: profile, devices, activity, and all data in one file (M8)."""

import zipfile

from journey_people import People
from journey_portal import Portal
from journey_visitor import Visitor

BRANDS = ("musik",)


def test_m8_the_settings_keep_the_profile_end_other_logins_and_give_all_data(people: People, portal: Portal) -> None:
    elsewhere, visitor = people.customer("bernd"), people.stranger()
    visitor.open("/login")
    visitor.fill(login="bernd.huber", password=people.password("bernd"))
    visitor.press("Anmelden")
    visitor.open("/settings")
    visitor.follow("Profil", within=".places")
    visitor.fill(city="Klosterneuburg")
    visitor.press("Profil speichern")
    visitor.sees("Ihr Profil ist gespeichert.")
    assert visitor.value("city") == "Klosterneuburg"
    visitor.follow("Geräte & Sitzungen", within=".sections")
    visitor.press("Alle anderen beenden")
    visitor.sees("Alle anderen Anmeldungen sind beendet.")
    portal.wait("the other login to end", lambda: _signed_out(elsewhere), 5)
    visitor.follow("Aktivität", within=".sections")
    visitor.sees("Profil geändert", "Angemeldet")
    visitor.follow("Meine Daten", within=".sections")
    visitor.press("Daten zusammenstellen")
    visitor.sees("ZIP-Datei herunterladen")
    assert "Klosterneuburg" in _downloaded(visitor)


def _signed_out(visitor: Visitor) -> bool:
    visitor.open("/tickets")
    return visitor.path.startswith("/login")


def _downloaded(visitor: Visitor) -> str:
    """The page in the file that the button gives."""
    with visitor.page.expect_download() as download:
        visitor.page.get_by_role("link", name="ZIP-Datei herunterladen").click()
    with zipfile.ZipFile(download.value.path()) as archive:
        return archive.read("index.html").decode()
