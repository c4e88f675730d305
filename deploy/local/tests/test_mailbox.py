"""The mailbox: what goes in over SMTP comes out of the page and of the API."""

from collections.abc import AsyncIterator
from dataclasses import dataclass
from email.message import EmailMessage
from pathlib import Path

import aiosmtplib
import httpx
import pytest

from local_run.free_ports import free_port
from local_run.mailbox.mail_store import MailStore
from local_run.mailbox.smtp_server import start_smtp
from local_run.mailbox.web import linked, mailbox_app


@dataclass
class Mailbox:
    smtp_port: int
    client: httpx.AsyncClient

    async def send(self, to: str, subject: str = "Bestätigung für Jürgen", html: str = "") -> None:
        mail = EmailMessage()
        mail["From"] = "Portal <portal@musik.example>"
        mail["To"] = to
        mail["Subject"] = subject
        mail["Message-ID"] = "<1@portal>"
        mail.set_content("Guten Tag,\nbitte bestätigen: http://localhost:8080/c/abc?x=1&y=2 danke")
        if html:
            mail.add_alternative(html, subtype="html")
        await aiosmtplib.send(mail, hostname="127.0.0.1", port=self.smtp_port)


@pytest.fixture
async def mailbox(tmp_path: Path) -> AsyncIterator[Mailbox]:
    store = MailStore(tmp_path / "mailbox.sqlite")
    port = free_port()
    transport = httpx.ASGITransport(mailbox_app(store))
    async with await start_smtp(store, port), httpx.AsyncClient(transport=transport, base_url="http://box") as client:
        yield Mailbox(port, client)
    store.close()


async def test_a_sent_mail_is_found_by_its_recipient_newest_first(mailbox: Mailbox) -> None:
    await mailbox.send("anna@example.org", "first")
    await mailbox.send("jo.anna@example.org", "not hers")
    await mailbox.send("anna@example.org", "second")
    found = (await mailbox.client.get("/api/v1/search", params={"query": "to:Anna@example.org"})).json()
    assert [mail["Subject"] for mail in found["messages"]] == ["second", "first"]
    assert found["messages"][0]["To"] == [{"Name": "", "Address": "anna@example.org"}]
    both = (await mailbox.client.get("/api/v1/search", params={"query": 'to:"anna@example.org" subject:first'})).json()
    assert [mail["Subject"] for mail in both["messages"]] == ["first"]


async def test_a_mail_is_shown_whole(mailbox: Mailbox) -> None:
    await mailbox.send("anna@example.org", html="<html><head></head><body><b>bestätigen</b></body></html>")
    mail = (await mailbox.client.get("/api/v1/message/latest")).json()
    assert mail["Subject"] == "Bestätigung für Jürgen"
    assert mail["From"] == {"Name": "Portal", "Address": "portal@musik.example"}
    assert "http://localhost:8080/c/abc?x=1&y=2" in mail["Text"]
    assert "<b>bestätigen</b>" in mail["HTML"]
    assert mail["MessageID"] == "1@portal"
    assert (await mailbox.client.get(f"/api/v1/message/{mail['ID']}/headers")).json()["Message-ID"] == ["<1@portal>"]


async def test_the_page_links_addresses_and_shuts_the_mail_off(mailbox: Mailbox) -> None:
    await mailbox.send("anna@example.org", html="<html><head></head><body><script>alert(1)</script></body></html>")
    page = await mailbox.client.get("/")
    assert "Bestätigung für Jürgen" in page.text
    mail_id = (await mailbox.client.get("/api/v1/message/latest")).json()["ID"]
    shown = await mailbox.client.get(f"/mail/{mail_id}")
    assert '<a href="http://localhost:8080/c/abc?x=1&amp;y=2" target="_blank"' in shown.text
    assert "script" not in shown.text
    inner = await mailbox.client.get(f"/mail/{mail_id}/html")
    assert inner.headers["content-security-policy"].startswith("sandbox ")
    assert "allow-scripts" not in inner.headers["content-security-policy"]


async def test_mails_are_deleted_one_by_one_or_all(mailbox: Mailbox) -> None:
    for number in range(3):
        await mailbox.send("anna@example.org", str(number))
    mails = (await mailbox.client.get("/api/v1/messages")).json()
    assert mails["total"] == 3
    await mailbox.client.request("DELETE", "/api/v1/messages", json={"IDs": [mails["messages"][0]["ID"]]})
    assert [mail["Subject"] for mail in (await mailbox.client.get("/api/v1/messages")).json()["messages"]] == ["1", "0"]
    await mailbox.client.delete("/api/v1/messages")
    assert (await mailbox.client.get("/api/v1/messages")).json()["messages"] == []
    assert (await mailbox.client.get("/api/v1/message/latest")).status_code == 404


def test_only_the_newest_mails_are_kept_and_a_restart_keeps_them(tmp_path: Path) -> None:
    store = MailStore(tmp_path / "mailbox.sqlite", kept=3)
    for number in range(5):
        store.add("a@b.example", ["c@d.example"], f"Subject: {number}\n\n".encode())
    store.close()
    again = MailStore(tmp_path / "mailbox.sqlite", kept=3)
    assert [mail.subject for mail in again.newest()] == ["4", "3", "2"]
    again.close()


def test_text_is_escaped_before_it_is_linked() -> None:
    assert linked("<b> http://x/<y> z") == (
        '&lt;b&gt; <a href="http://x/&lt;y&gt;" target="_blank" rel="noreferrer">http://x/&lt;y&gt;</a> z'
    )
