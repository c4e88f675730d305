"""A received mail, and how Mailpit's API would show it."""

from dataclasses import dataclass
from datetime import datetime
from email import message_from_bytes, policy
from email.headerregistry import Address
from email.message import EmailMessage
from functools import cached_property
from typing import Any

_SNIPPET = 250


@dataclass(frozen=True)
class ReceivedMail:
    """One mail as it came over SMTP. `recipients` are the envelope's, so blind copies are among them."""

    id: str
    received_at: datetime
    sender: str
    recipients: tuple[str, ...]
    raw: bytes

    @cached_property
    def message(self) -> EmailMessage:
        """The parsed mail."""
        return message_from_bytes(self.raw, policy=policy.default)

    @cached_property
    def subject(self) -> str:
        """Its subject."""
        return str(self.message["Subject"] or "")

    @cached_property
    def text(self) -> str:
        """The plain text part."""
        return self._part("plain")

    @cached_property
    def html(self) -> str:
        """The HTML part."""
        return self._part("html")

    @cached_property
    def attachments(self) -> list[dict[str, Any]]:
        """Names, types and sizes of what is attached."""
        return [
            {
                "FileName": part.get_filename() or "",
                "ContentType": part.get_content_type(),
                "Size": len(part.get_payload(decode=True) or b""),
            }
            for part in self.message.iter_attachments()
        ]

    def summary(self) -> dict[str, Any]:
        """An entry of a list (Mailpit: MessageSummary)."""
        return {
            **self._head(),
            "Created": self.received_at.isoformat(),
            "Attachments": len(self.attachments),
            "Snippet": " ".join(self.text.split())[:_SNIPPET],
        }

    def detail(self) -> dict[str, Any]:
        """The whole mail (Mailpit: Message)."""
        return {
            **self._head(),
            "Date": self.received_at.isoformat(),
            "ReturnPath": self.sender,
            "Text": self.text,
            "HTML": self.html,
            "Attachments": self.attachments,
            "Inline": [],
        }

    def headers(self) -> dict[str, list[str]]:
        """All headers (Mailpit: GET /api/v1/message/ID/headers)."""
        found: dict[str, list[str]] = {}
        for name, value in self.message.items():
            found.setdefault(name, []).append(str(value))
        return found

    def _head(self) -> dict[str, Any]:
        named = {address.addr_spec for field in ("To", "Cc") for address in self._addresses(field)}
        return {
            "ID": self.id,
            "MessageID": str(self.message["Message-ID"] or "").strip("<>"),
            "Read": False,
            "From": next(iter(self._people("From")), {"Name": "", "Address": self.sender}),
            "To": self._people("To"),
            "Cc": self._people("Cc"),
            "Bcc": [{"Name": "", "Address": each} for each in self.recipients if each not in named],
            "ReplyTo": self._people("Reply-To"),
            "Subject": self.subject,
            "Size": len(self.raw),
            "Tags": [],
        }

    def _people(self, field: str) -> list[dict[str, str]]:
        return [{"Name": each.display_name, "Address": each.addr_spec} for each in self._addresses(field)]

    def _addresses(self, field: str) -> tuple[Address, ...]:
        return getattr(self.message[field], "addresses", ())

    def _part(self, kind: str) -> str:
        part = self.message.get_body(preferencelist=(kind,))
        return "" if part is None else str(part.get_content())
