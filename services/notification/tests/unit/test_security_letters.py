"""The mail that tells of a change which protects an account."""

from email.message import EmailMessage

import pytest

from mail_samples import ANNA, SAMPLES, Sample, a_mail
from notification.mail_writer import MailWriter
from notification.security_letters import CHANGES
from notification_fakes import Clock, a_person
from notification_world import BRANDS
from ui.brand import Brand

WRITER = MailWriter(Brand.load(BRANDS / "musik"), base_url="https://p.example", sender="a@p.example", clock=Clock())


def said(message: EmailMessage, kind: str = "plain") -> str:
    body = message.get_body((kind,))
    assert body is not None
    return " ".join(body.get_content().split())


def write(change: str, language: str = "de") -> EmailMessage:
    sample = Sample(SAMPLES["security_changed"].event_type, {"username": "anna", "change": change})
    return WRITER.write(
        a_mail("security_changed"), sample.happening, "self", a_person(ANNA, language=language), sample.link
    )


@pytest.mark.parametrize("language", ["de", "en"])
def test_every_change_has_its_own_words_with_the_time_and_the_way_to_object(language: str) -> None:
    mails = [write(change, language) for change in (*CHANGES, "of_a_newer_identity")]
    assert len({mail["Subject"] for mail in mails}) == len(mails)
    when = {"de": "22. November 2026", "en": "November 22, 2026"}[language]
    hotline = Brand.load(BRANDS / "musik").hotline.number
    for mail in mails:
        for kind in ("plain", "html"):
            for part in ("anna", when, "10:30", hotline):
                assert part in said(mail, kind)


@pytest.mark.parametrize("change", CHANGES)
def test_who_can_still_log_in_is_led_to_the_settings(change: str) -> None:
    place = "/help" if change in {"locked", "closed"} else "/settings"
    assert f"https://p.example{place}" in said(write(change))


def test_a_mail_of_one_kind_read_aloud() -> None:
    assert (
        "Für das Benutzerkonto „anna“ wurde am 22. November 2026, 10:30 Uhr eine Authenticator-App eingerichtet. "
        "Waren Sie das, brauchen Sie nichts zu tun."
    ) in said(write("factor_added"))
