"""Every mail in every language of both brands: what it says, where it leads, which headers it has."""

import re
from email.message import EmailMessage
from pathlib import Path

import html5lib
import pytest

from mail_samples import ANNA, EVENT, SAMPLES, SECRET_PATH, SUBJECT, Sample, a_mail
from notification.happenings import Person
from notification.letters import LETTERS, UNNAMED, WITH_SECRET_LINK
from notification.mail_ledger import mail_id
from notification.mail_writer import MailWriter
from notification.mailbox_address import BadAddress
from notification_fakes import NOW, Clock, a_person
from ui.brand import Brand

BRANDS = Path(__file__).parents[4] / "brands"
BASE_URL = "https://portal.example.org"
SUBJECTS = {
    ("confirm_registration", "de"): "Bestätigen Sie Ihre E-Mail-Adresse – tonrecht",
    ("confirm_registration", "en"): "Confirm your e-mail address – tonrecht",
    ("registration_exists", "de"): "Sie haben bereits ein Benutzerkonto – tonrecht",
    ("registration_exists", "en"): "You already have a user account – tonrecht",
    ("reset_password", "de"): "Neues Passwort vergeben – tonrecht",
    ("reset_password", "en"): "Choose a new password – tonrecht",
    ("confirm_email", "de"): "Bestätigen Sie Ihre neue E-Mail-Adresse – tonrecht",
    ("confirm_email", "en"): "Confirm your new e-mail address – tonrecht",
    ("email_change_started", "de"): "Ihre E-Mail-Adresse soll geändert werden – tonrecht",
    ("email_change_started", "en"): "Your e-mail address is to be changed – tonrecht",
    ("email_change_done", "de"): "Ihre E-Mail-Adresse wurde geändert – tonrecht",
    ("email_change_done", "en"): "Your e-mail address was changed – tonrecht",
    ("email_taken", "de"): "Sie haben bereits ein Benutzerkonto – tonrecht",
    ("email_taken", "en"): "You already have a user account – tonrecht",
    ("mailed_password", "de"): "Ihr neues Passwort – tonrecht",
    ("mailed_password", "en"): "Your new password – tonrecht",
    ("password_changed", "de"): "Ihr Passwort wurde geändert – tonrecht",
    ("password_changed", "en"): "Your password was changed – tonrecht",
    ("security_changed", "de"): "Eine Authenticator-App wurde eingerichtet – tonrecht",
    ("security_changed", "en"): "An authenticator app was set up – tonrecht",
    ("link_created", "de"): "Kundennummer 4711 0702 ist verknüpft – tonrecht",
    ("link_created", "en"): "Customer number 4711 0702 is linked – tonrecht",
    ("request_opened", "de"): "Ihre Anforderung zu Kundennummer 4711 0702 – tonrecht",
    ("request_opened", "en"): "Your request for customer number 4711 0702 – tonrecht",
    ("request_decided", "de"): "Wir haben Ihre Anforderung zu Kundennummer 4711 0702 abgelehnt – tonrecht",
    ("request_decided", "en"): "We refused your request for customer number 4711 0702 – tonrecht",
    ("member_invited", "de"): "Gasthaus Zum Goldenen Ton lädt Sie ein – tonrecht",
    ("member_invited", "en"): "Gasthaus Zum Goldenen Ton invites you – tonrecht",
    ("invitation_accepted", "de"): "Ihre Einladung wurde angenommen – tonrecht",
    ("invitation_accepted", "en"): "Your invitation was accepted – tonrecht",
    ("access_ended", "de"): "Ihr Zugang zu Gasthaus Zum Goldenen Ton ist beendet – tonrecht",
    ("access_ended", "en"): "Your access to Gasthaus Zum Goldenen Ton has ended – tonrecht",
    ("ticket_opened", "de"): "T-2026-01482: Wir haben Ihr Anliegen erhalten – Rechnung doppelt erhalten – tonrecht",
    ("ticket_opened", "en"): "T-2026-01482: We have received your ticket – Rechnung doppelt erhalten – tonrecht",
    ("ticket_commented", "de"): "T-2026-01482: Neuer Kommentar – Rechnung doppelt erhalten – tonrecht",
    ("ticket_commented", "en"): "T-2026-01482: New comment – Rechnung doppelt erhalten – tonrecht",
    ("ticket_state_changed", "de"): "T-2026-01482: Sie sind am Zug – Rechnung doppelt erhalten – tonrecht",
    ("ticket_state_changed", "en"): "T-2026-01482: Your turn – Rechnung doppelt erhalten – tonrecht",
}
PATHS = {
    "confirm_registration": SECRET_PATH,
    "registration_exists": "/login",
    "reset_password": SECRET_PATH,
    "confirm_email": SECRET_PATH,
    "email_change_started": SECRET_PATH,
    "email_change_done": SECRET_PATH,
    "email_taken": "/login",
    "mailed_password": "/login",
    "password_changed": "/password/forgot",
    "security_changed": "/settings",
    "link_created": "/customers/00000000-0000-4000-8000-00000000c057",
    "request_opened": "/customers/requests/00000000-0000-4000-8000-00000000a5f0",
    "request_decided": "/customers/requests/00000000-0000-4000-8000-00000000a5f0",
    "member_invited": "/customers/invitations/00000000-0000-4000-8000-0000000017ed",
    "invitation_accepted": "/customers/organisations/00000000-0000-4000-8000-00000000000a/members",
    "access_ended": "/tickets",
    "ticket_opened": f"/tickets/{SUBJECT}",
    "ticket_commented": f"/tickets/{SUBJECT}",
    "ticket_state_changed": f"/tickets/{SUBJECT}",
}


def writer(brand: str = "musik") -> MailWriter:
    return MailWriter(
        Brand.load(BRANDS / brand), base_url=BASE_URL, sender="no-reply@portal.example.org", clock=Clock()
    )


def write(
    letter: str, person: Person | None = None, sample: Sample | None = None, brand: str = "musik"
) -> EmailMessage:
    sample = sample or SAMPLES[letter]
    return writer(brand).write(a_mail(letter), sample.happening, sample.reason, person or a_person(ANNA), sample.link)


def part(message: EmailMessage, kind: str) -> str:
    body = message.get_body((kind,))
    assert body is not None
    content: str = body.get_content()
    return content


def links(html: str) -> list[str]:
    return re.findall(r'href="([^"]+)"', html)


def test_there_is_a_sample_of_every_letter() -> None:
    assert SAMPLES.keys() == LETTERS.keys() == PATHS.keys()
    assert {letter for letter, sample in SAMPLES.items() if sample.link} == WITH_SECRET_LINK


@pytest.mark.parametrize("brand", ["musik", "software"])
@pytest.mark.parametrize("language", ["de", "en"])
@pytest.mark.parametrize("letter", SAMPLES)
def test_every_mail_says_the_same_twice_and_leads_to_one_place(letter: str, language: str, brand: str) -> None:
    message = write(letter, a_person(ANNA, language=language), brand=brand)
    text, html = part(message, "plain"), part(message, "html")
    place = BASE_URL + PATHS[letter]
    assert place in text
    assert set(links(html)) == {place, f"mailto:{Brand.load(BRANDS / brand).hotline.mail}"}
    assert Brand.load(BRANDS / brand).hotline.number in text
    assert Brand.load(BRANDS / brand).hotline.number in html
    assert "%(" not in text + html
    assert message["Content-Language"] == language
    assert f'lang="{language}"' in html
    assert "<style" not in html
    html5lib.HTMLParser(strict=True).parse(html)


@pytest.mark.parametrize(("letter", "language"), SUBJECTS)
def test_the_subject_says_what_happened(letter: str, language: str) -> None:
    assert write(letter, a_person(ANNA, language=language))["Subject"] == SUBJECTS[letter, language]


def test_german_is_german_and_english_is_english() -> None:
    for letter in SAMPLES:
        german, english = (part(write(letter, a_person(ANNA, language=code)), "plain") for code in ("de", "en"))
        assert "Guten Tag" in german
        assert "Hello" in english
        assert german != english


def test_an_account_in_another_language_is_written_to_in_the_brands() -> None:
    message = write("password_changed", a_person(ANNA, language="fr"))
    assert message["Content-Language"] == "de"


def test_headers_are_stable_and_say_that_no_person_wrote_it() -> None:
    first, second = write("ticket_opened"), write("ticket_opened")
    assert first["Message-ID"] == second["Message-ID"] == f"<{mail_id(EVENT, ANNA)}@portal.example.org>"
    assert first["Auto-Submitted"] == "auto-generated"
    assert first["References"] == f"<{SUBJECT}@portal.example.org>"
    assert first["From"] == "tonrecht Service-Portal <no-reply@portal.example.org>"
    assert first["Reply-To"] == "lizenzen@tonrecht.example"
    assert first["To"] == "anna@example.org"
    assert first["Date"].datetime == NOW


def test_what_people_typed_makes_no_header_and_no_markup() -> None:
    nasty = "Hallo\r\nBcc: opfer@example.org\u2028<script>alert(1)</script>{{7*7}}%(x)s${y}"
    sample = SAMPLES["ticket_commented"]
    facts = dict.fromkeys(("subject", "excerpt", "actor", "ticket_number"), nasty)
    message = write("ticket_commented", sample=Sample(sample.event_type, {**sample.facts, **facts}, "reporter"))
    assert message["Bcc"] is None
    assert "\n" not in str(message["Subject"])
    read_back = message.as_bytes().partition(b"\r\n\r\n")[0]
    assert b"\r\nBcc:" not in read_back
    text, html = part(message, "plain"), part(message, "html")
    assert "<script" not in html
    assert "{{7*7}}%(x)s${y}" in text
    assert "&lt;script&gt;" in html


def test_a_long_subject_is_cut() -> None:
    sample = SAMPLES["ticket_commented"]
    message = write("ticket_commented", sample=Sample(sample.event_type, {**sample.facts, "subject": "x" * 500}))
    assert len(message["Subject"]) <= 150


def test_mails_to_typed_addresses_do_not_repeat_a_name_that_a_stranger_may_have_chosen() -> None:
    stranger = a_person(ANNA, display_name="Gewinnen Sie 1000 Euro")
    assert "member_invited" in UNNAMED
    for letter in UNNAMED:
        message = write(letter, stranger)
        assert "Gewinnen" not in part(message, "plain") + part(message, "html")
    assert "Gewinnen" in part(write("password_changed", stranger), "plain")


@pytest.mark.parametrize(
    ("letter", "reason", "said"),
    [
        ("ticket_opened", "reporter", "Wir haben Ihr Anliegen erhalten"),
        ("ticket_opened", "colleague", "Ben Klein hat das Anliegen"),
        ("ticket_opened", "colleague", "zu Ihrer Organisation gehört"),
        ("ticket_commented", "assignee", "weil Sie das Anliegen bearbeiten"),
        ("ticket_state_changed", "reporter", "Sie sind am Zug: Bitte antworten Sie im Portal."),
    ],
)
def test_a_mail_says_why_it_came(letter: str, reason: str, said: str) -> None:
    sample = SAMPLES[letter]
    text = part(write(letter, sample=Sample(sample.event_type, sample.facts, reason)), "plain")
    assert said in " ".join(text.split())


def test_staff_are_not_told_that_it_is_their_turn() -> None:
    sample = SAMPLES["ticket_state_changed"]
    text = part(write("ticket_state_changed", sample=Sample(sample.event_type, sample.facts, "assignee")), "plain")
    assert "Bitte antworten Sie" not in text


def test_the_link_says_until_when_it_works_in_the_brands_zone() -> None:
    assert "bis 23. November 2026, 10:30 Uhr" in " ".join(part(write("confirm_registration"), "plain").split())


def test_lines_are_short_enough_for_every_mail_server() -> None:
    for letter in SAMPLES:
        assert all(len(line) <= 998 for line in write(letter).as_bytes().splitlines())


def test_an_address_that_is_none_is_no_mail() -> None:
    with pytest.raises(BadAddress):
        write("password_changed", a_person(ANNA, email="anna@@example.org"))


@pytest.mark.parametrize(
    ("outcome", "reason", "said", "path"),
    [
        ("transferred", "self", "Wir haben Ihrer Anforderung entsprochen", "/customers/requests/"),
        ("also_linked", "self", "gehört jetzt zu Ihrem Benutzerkonto", "/customers/requests/"),
        ("expired", "self", "Innerhalb von 30 Tagen wurde nicht darüber entschieden", "/customers/requests/"),
        ("transferred", "holder", "Ihre Verknüpfung mit Kundennummer 4711 0702 wurde beendet", "/tickets/new"),
    ],
)
def test_both_sides_of_a_request_are_told_and_neither_of_the_other(
    outcome: str, reason: str, said: str, path: str
) -> None:
    sample = SAMPLES["request_decided"]
    facts = {**sample.facts, "outcome": outcome, "answer": "Wort der Fachabteilung"}
    text = part(write("request_decided", sample=Sample(sample.event_type, facts, reason)), "plain")
    assert said in " ".join(text.split())
    assert BASE_URL + path in text
    assert ("Wort der Fachabteilung" in text) is (reason == "self" and outcome != "expired")
