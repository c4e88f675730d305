"""Staff find an account, say why they open it, lock and unlock it; the person is out and can read why (S4)."""

import re
import time

from journey_musik import PASSWORD, registered
from journey_people import People
from journey_portal import Portal

BRANDS = ("musik",)
WHY = "Anruf von heute Vormittag"


def test_s4_staff_lock_and_unlock_an_account_and_its_owner_reads_why(people: People, portal: Portal) -> None:
    customer, staff = registered(people.stranger(), portal), people.member_of_staff("paul")
    customer.open("/settings")
    email = re.search(r"[\w.]+@mailbox\.example", customer.page.locator("main").inner_text())[0]  # type: ignore[index]
    username = email.partition("@")[0]
    staff.open("/staff")
    staff.follow("Konten", within="main")
    staff.fill(q=username[2:])
    staff.press("Suchen")
    assert len(staff.rows(username)) == 1
    staff.page.locator("table.rows a").first.click()
    staff.sees("Warum öffnen Sie dieses Konto?")
    staff.does_not_see(email)
    staff.press("Konto öffnen", status=422)
    staff.select("occasion", "Anruf")
    staff.fill(reason=WHY)
    staff.press("Konto öffnen")
    staff.sees(email, "Adresse bestätigen", "Konto angesehen", WHY)
    staff.follow("Dieses Konto sperren")
    assert staff.value("reason") == WHY
    staff.press("Konto sperren")
    locked = time.monotonic()
    staff.sees("Das Konto ist gesperrt.")
    # Another service than the one that ended the session.
    while time.monotonic() - locked < 1:
        if customer.page.request.get(f"{portal.url}/tickets", max_redirects=0).status == 303:
            break
    assert customer.page.request.get(f"{portal.url}/tickets", max_redirects=0).status == 303
    portal.mailbox.wait(email, "gesperrt")
    staff.follow("Dieses Konto entsperren")
    staff.press("Konto entsperren")
    staff.sees("Das Konto ist wieder freigegeben.")
    portal.mailbox.wait(email, "wieder")
    customer.open("/settings/activity")
    customer.fill(login=username, password=PASSWORD)
    customer.press("Anmelden", within="main")
    customer.sees("Konto gesperrt", "Konto entsperrt", "Konto angesehen", WHY)
