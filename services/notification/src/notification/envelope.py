"""The headers of a mail: who, to whom, which, and that no person wrote it."""

import re
from datetime import datetime
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime
from typing import Final
from uuid import UUID

_SUBJECT_LENGTH: Final = 150
_BREAKS: Final = re.compile(r"[\s\x00-\x1f\x7f-\x9f\u2028\u2029]+")


def envelope(  # noqa: D417 - the rest is named for what it is
    *, sender: Address, recipient: str, reply_to: str, subject: str, mail_id: UUID, thread_id: str, moment: datetime
) -> EmailMessage:
    """A mail with its headers and no body yet.

    Args:
        mail_id: Makes the Message-ID, so that a mail sent twice after a crash is recognised as one (RFC 5322 3.6.4).
        thread_id: What the mail is about; mail programs group by it.
    """
    message = EmailMessage(policy=SMTP)
    message["From"] = sender
    message["To"] = Address(addr_spec=recipient) if recipient.isascii() else recipient
    message["Reply-To"] = reply_to
    message["Subject"] = one_line(subject)
    message["Date"] = format_datetime(moment)
    message["Message-ID"] = f"<{mail_id}@{sender.domain}>"
    message["References"] = f"<{thread_id}@{sender.domain}>"
    message["Auto-Submitted"] = "auto-generated"  # RFC 3834: no out-of-office answers
    message["X-Auto-Response-Suppress"] = "All"  # the same for Exchange
    return message


def one_line(text: str) -> str:
    """Text for a header: no line breaks or control characters, whatever a person typed (I11)."""
    line = _BREAKS.sub(" ", text).strip()
    return line if len(line) <= _SUBJECT_LENGTH else f"{line[: _SUBJECT_LENGTH - 1].rstrip()}…"
