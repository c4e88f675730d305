"""What is read in the mailbox is what was written."""

from email import message_from_bytes, policy
from email.message import EmailMessage

import pytest
from hypothesis import given
from hypothesis import strategies as st

from notification.envelope import one_line
from notification.mail_bytes import mail_bytes

WORDS = st.sampled_from(
    ["Ihre", "Kundennummer", "4711", "0702", "verknüpft", "–", "tonrecht:", "Änderung", "T-2026-000012", "𝄞", "(neu)"]
)


def as_read(subject: str) -> tuple[str, bytes]:
    message = EmailMessage(policy=policy.SMTP)
    message["Subject"] = subject
    message["To"] = "nora@example.com"
    message.set_content("Guten Tag")
    raw = mail_bytes(message)
    read = message_from_bytes(raw, policy=policy.default)
    assert (read["To"], read.get_content().strip()) == ("nora@example.com", "Guten Tag")
    return str(read["Subject"]), raw


@given(st.lists(WORDS, min_size=1, max_size=16).map(" ".join).map(one_line))
def test_a_subject_arrives_as_it_was_written_in_short_lines(subject: str) -> None:
    read, raw = as_read(subject)
    assert read == subject
    assert raw.isascii()
    assert max(len(line) for line in raw.split(b"\r\n")) <= 78


@pytest.mark.parametrize(
    "subject", ["Übertragung einem Übertragung gewünscht: Übertragung 0702 Änderung 4711", "Guten Tag", ""]
)
def test_blanks_at_a_fold_stay(subject: str) -> None:
    assert as_read(subject)[0] == subject
