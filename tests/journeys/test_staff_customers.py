"""Staff find a customer, see it whole, and name a contact person there or no longer (S4, M2, M2b)."""

from journey_people import People

BRANDS = ("musik",)
EMAIL = "zita.klang@example.com"


def test_s4_m2_m2b_staff_find_a_customer_and_name_a_contact_person(people: People) -> None:
    staff = people.member_of_staff("ines")
    staff.open("/staff")
    staff.follow("Kunden", within="main")
    staff.fill(q="kulturverein don")
    staff.press("Anzeigen")
    staff.look()
    staff.page.locator("table.rows a").first.click()
    staff.sees("Kulturverein Donaukanal", "Ansprechpersonen der Organisation")
    staff.fill(display_name="Zita Klang", email="zita")
    staff.press("Person benennen", status=422)
    assert "E-Mail-Adresse" in staff.wrong_beside("email")
    staff.fill(email=EMAIL)
    staff.press("Person benennen")
    staff.sees("Die Person ist benannt.", EMAIL, "Wer zuletzt hier war")
    staff.look()
    staff.page.get_by_role("row").filter(has_text=EMAIL).get_by_role("link").click()
    staff.sees("Zita Klang nicht mehr benennen?")
    staff.press("Nicht mehr benennen")
    staff.sees("Die Person ist nicht mehr benannt")
    staff.does_not_see(EMAIL)
