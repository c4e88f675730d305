"""What every Post does: the fake and SMTP to a real server."""

import socket
from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass
from email.message import EmailMessage
from email.policy import SMTP

import pytest

from notification.mail_server import MailServer
from notification.post import MailDelayed, MailRefused, Post, PostAway, SmtpPost
from notification_fakes import FakePost
from smtp_server import smtp_server


@dataclass
class Case:
    post: Post
    answer: Callable[[str, int], None]
    received: Callable[[], list[EmailMessage]]


def a_mail(recipient: str = "anna@example.org") -> EmailMessage:
    message = EmailMessage(policy=SMTP)
    message["From"] = "Portal <portal@example.org>"
    message["To"] = recipient
    message["Subject"] = "Grüße aus dem Portal"
    message.set_content("Ein Satz mit Umlauten: äöüß.")
    return message


@pytest.fixture(params=["fake", "smtp at RCPT", "smtp at DATA"])
async def case(request: pytest.FixtureRequest) -> AsyncIterator[Case]:
    if request.param == "fake":
        fake = FakePost()
        yield Case(fake, fake.codes.__setitem__, lambda: [message for _, message in fake.sent])
        return
    async with smtp_server() as server:
        answers = server.on_recipient if "RCPT" in request.param else server.on_data
        post = SmtpPost(MailServer("127.0.0.1", server.port, encrypted=False), sender="portal@example.org")
        yield Case(post, lambda who, code: answers.update({who: f"{code} said the test"}), lambda: server.messages)


async def test_a_mail_arrives_as_it_was_written(case: Case) -> None:
    await case.post.send(a_mail(), "anna@example.org")
    (arrived,) = case.received()
    assert arrived["Subject"] == "Grüße aus dem Portal"
    assert arrived.get_content().strip() == "Ein Satz mit Umlauten: äöüß."


@pytest.mark.parametrize("code", [421, 450, 452])
async def test_later_is_not_never(case: Case, code: int) -> None:
    case.answer("anna@example.org", code)
    with pytest.raises(MailDelayed, match=str(code)):
        await case.post.send(a_mail(), "anna@example.org")


@pytest.mark.parametrize("code", [550, 552, 554])
async def test_never_is_final_and_does_not_repeat_the_address(case: Case, code: int) -> None:
    case.answer("anna@example.org", code)
    with pytest.raises(MailRefused, match=str(code)) as refused:
        await case.post.send(a_mail(), "anna@example.org")
    assert "anna" not in str(refused.value)


async def test_one_refused_address_does_not_keep_another_from_its_mail(case: Case) -> None:
    case.answer("anna@example.org", 550)
    await case.post.send(a_mail("ben@example.org"), "ben@example.org")
    assert len(case.received()) == 1


async def test_a_server_that_is_away_is_no_verdict_on_the_mail() -> None:
    async with smtp_server() as server:
        port = server.port
    post = SmtpPost(MailServer("127.0.0.1", port, encrypted=False), sender="portal@example.org")
    for away in (post, FakePost(away=True)):
        with pytest.raises(PostAway):
            await away.send(a_mail(), "anna@example.org")


async def test_a_connection_lost_after_the_mail_is_no_verdict_although_it_arrived() -> None:
    async with smtp_server() as server:
        server.drops_after_data.add("anna@example.org")
        post = SmtpPost(MailServer("127.0.0.1", server.port, encrypted=False), sender="portal@example.org")
        with pytest.raises(PostAway):
            await post.send(a_mail(), "anna@example.org")
        await post.send(a_mail(), "anna@example.org")
        assert len(server.received) == 2


async def test_a_server_that_says_nothing_is_left_after_the_timeout() -> None:
    with socket.create_server(("127.0.0.1", 0)) as silent:
        server = MailServer("127.0.0.1", silent.getsockname()[1], encrypted=False)
        with pytest.raises(PostAway):
            await SmtpPost(server, sender="portal@example.org", timeout_seconds=0.1).send(a_mail(), "anna@example.org")


async def test_an_address_with_umlauts_needs_a_server_that_knows_them() -> None:
    async with smtp_server(utf8=False) as server:
        post = SmtpPost(MailServer("127.0.0.1", server.port, encrypted=False), sender="portal@example.org")
        with pytest.raises(MailRefused, match="smtputf8"):
            await post.send(a_mail("müller@example.org"), "müller@example.org")
    async with smtp_server() as server:
        post = SmtpPost(MailServer("127.0.0.1", server.port, encrypted=False), sender="portal@example.org")
        await post.send(a_mail("müller@example.org"), "müller@example.org")
        assert server.received[0].rcpt_tos == ["müller@example.org"]


async def test_a_login_that_fails_is_no_verdict_on_the_mail() -> None:
    async with smtp_server() as server:
        wrong = MailServer("127.0.0.1", server.port, encrypted=False, username="portal", password="wrong")
        with pytest.raises(PostAway):
            await SmtpPost(wrong, sender="portal@example.org").send(a_mail(), "anna@example.org")
