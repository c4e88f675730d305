import pytest

from notification.mail_server import MailServer
from notification.mailbox_address import BadAddress, mailbox_address


@pytest.mark.parametrize(
    ("url", "server"),
    [
        ("smtp://127.0.0.1:1025", MailServer("127.0.0.1", 1025, encrypted=False)),
        ("smtp://relay", MailServer("relay", 25, encrypted=False)),
        ("smtps://relay", MailServer("relay", 465, encrypted=True)),
        (
            "smtps://portal:p%40ss@relay:2465",
            MailServer("relay", 2465, encrypted=True, username="portal", password="p@ss"),
        ),
    ],
)
def test_a_mail_server_is_read_from_its_url(url: str, server: MailServer) -> None:
    assert MailServer.parse(url) == server


@pytest.mark.parametrize("url", ["", "relay:25", "http://relay", "smtp://", "smtp://user:geheim@"])
def test_anything_else_is_refused_without_repeating_it(url: str) -> None:
    with pytest.raises(ValueError, match="expected smtp://") as refused:
        MailServer.parse(url)
    assert "geheim" not in str(refused.value)


def test_the_password_is_not_shown() -> None:
    assert "geheim" not in repr(MailServer.parse("smtp://portal:geheim@relay"))


@pytest.mark.parametrize(
    ("address", "mailbox"),
    [
        ("anna@example.org", "anna@example.org"),
        ("anna@example.test", "anna@example.test"),
        ("anna@straße.example", "anna@xn--strae-oqa.example"),
        ("müller@example.org", "müller@example.org"),
        ("müller@straße.example", "müller@xn--strae-oqa.example"),
    ],
)
def test_domains_are_written_as_mail_servers_know_them(address: str, mailbox: str) -> None:
    assert mailbox_address(address) == mailbox


@pytest.mark.parametrize("address", ["", "anna", "anna@", "a b@example.org", "anna@example.org\r\nBcc: x@example.org"])
def test_what_is_no_address_is_refused_without_repeating_it(address: str) -> None:
    with pytest.raises(BadAddress) as refused:
        mailbox_address(address)
    assert str(refused.value) == "bad_address"
