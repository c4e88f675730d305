"""The mailbox of a running portal, through its JSON API."""

import re
import time
from dataclasses import dataclass
from datetime import datetime

import httpx

_LINK = re.compile(r"https?://\S+")


@dataclass(frozen=True, slots=True)
class Mail:
    """A mail as it arrived."""

    id: str
    subject: str
    text: str
    html: str
    received_at: datetime

    @property
    def link(self) -> str:
        """The first link of the text, which is the one of the mail's button."""
        found = _LINK.search(self.text)
        assert found is not None, self.text
        return found.group()


class Mailbox:
    """What arrived for whom."""

    def __init__(self, url: str) -> None:
        self._client = httpx.Client(base_url=url, timeout=5)

    def to(self, address: str, subject: str = "") -> list[Mail]:
        """Mails to an address whose subject has these words, newest first."""
        answer = self._client.get("/api/v1/search", params={"query": f"to:{address}"}).raise_for_status()
        found = [each["ID"] for each in answer.json()["messages"] if subject in each["Subject"]]
        return [self._mail(mail_id) for mail_id in found]

    def wait(self, address: str, subject: str, count: int = 1, seconds: float = 20) -> Mail:
        """The newest of at least `count` mails."""
        deadline = time.monotonic() + seconds
        while len(found := self.to(address, subject)) < count:
            arrived = [mail.subject for mail in self.to(address)]
            assert time.monotonic() < deadline, f"{count} × {subject!r} did not come to {address}, only {arrived}"
            time.sleep(0.05)
        return found[0]

    def count(self) -> int:
        """How many mails there are."""
        total: int = self._client.get("/api/v1/messages").raise_for_status().json()["total"]
        return total

    def close(self) -> None:
        self._client.close()

    def _mail(self, mail_id: str) -> Mail:
        detail = self._client.get(f"/api/v1/message/{mail_id}").raise_for_status().json()
        received_at = datetime.fromisoformat(detail["Date"])
        return Mail(mail_id, detail["Subject"], detail["Text"], detail["HTML"], received_at)
