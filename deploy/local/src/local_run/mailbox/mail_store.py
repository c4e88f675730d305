"""The mails of the mailbox, in one SQLite file; the oldest go when there are too many."""

import json
import sqlite3
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path
from uuid import uuid4

from local_run.mailbox.received_mail import ReceivedMail

_KEPT = 5_000
_SCHEMA = """
CREATE TABLE IF NOT EXISTS mail (
    position INTEGER PRIMARY KEY, id TEXT NOT NULL UNIQUE, received_at TEXT NOT NULL,
    sender TEXT NOT NULL, recipients TEXT NOT NULL, subject TEXT NOT NULL, raw BLOB NOT NULL);
"""
_COLUMNS = "id, received_at, sender, recipients, raw"


class MailStore:
    """Keeps mails through a restart of the mailbox."""

    def __init__(self, file: Path, *, kept: int = _KEPT) -> None:
        self._kept = kept
        self._connection = sqlite3.connect(file, isolation_level=None)
        self._connection.execute("PRAGMA journal_mode = WAL")
        self._connection.execute("PRAGMA synchronous = NORMAL")
        self._connection.executescript(_SCHEMA)

    def add(self, sender: str, recipients: Sequence[str], raw: bytes) -> ReceivedMail:
        """Keeps a mail; the oldest beyond the limit are dropped."""
        mail = ReceivedMail(uuid4().hex, datetime.now(UTC), sender, tuple(recipients), raw)
        row = (mail.id, mail.received_at.isoformat(), sender, json.dumps([each.lower() for each in recipients]))
        self._connection.execute(
            "INSERT INTO mail (id, received_at, sender, recipients, subject, raw) VALUES (?, ?, ?, ?, ?, ?)",
            (*row, mail.subject, raw),
        )
        self._connection.execute(
            "DELETE FROM mail WHERE position <= (SELECT max(position) FROM mail) - ?", (self._kept,)
        )
        return mail

    def newest(self, start: int = 0, limit: int = 50) -> list[ReceivedMail]:
        """Mails, newest first."""
        return self._select("1 = 1", (), start, limit)

    def search(self, query: str, start: int = 0, limit: int = 50) -> list[ReceivedMail]:
        """Mails that match every term, newest first. Terms: to:ADDRESS, from:ADDRESS, subject:WORD, or a word."""
        conditions, values = ["1 = 1"], []
        for term in query.split():
            field, _, wanted = term.partition(":")
            column = {"to": "recipients", "from": "sender", "subject": "subject"}.get(field if wanted else "", "")
            text = wanted.strip('"') if column else term
            conditions.append(f"instr(lower({column or 'subject || recipients'}), ?) > 0")
            # An address is matched whole: a@b.example is not x.a@b.example.
            values.append(json.dumps(text.lower()) if column == "recipients" and "@" in text else text.lower())
        return self._select(" AND ".join(conditions), values, start, limit)

    def find(self, mail_id: str) -> ReceivedMail | None:
        """A mail by its id; `latest` is the newest."""
        if mail_id == "latest":
            return next(iter(self.newest(limit=1)), None)
        return next(iter(self._select("id = ?", (mail_id,), 0, 1)), None)

    def count(self) -> int:
        """How many there are."""
        return int(self._connection.execute("SELECT count(*) FROM mail").fetchone()[0])

    def delete(self, mail_ids: Sequence[str] = ()) -> None:
        """Drops the mails named, or all."""
        if mail_ids:
            self._connection.executemany("DELETE FROM mail WHERE id = ?", [(each,) for each in mail_ids])
        else:
            self._connection.execute("DELETE FROM mail")

    def close(self) -> None:
        """Closes the file."""
        self._connection.close()

    def _select(self, condition: str, values: Sequence[str], start: int, limit: int) -> list[ReceivedMail]:
        # The condition is built of our own words; what was typed is in the values.
        statement = f"SELECT {_COLUMNS} FROM mail WHERE {condition} ORDER BY position DESC LIMIT ? OFFSET ?"  # noqa: S608
        rows = self._connection.execute(statement, (*values, limit, start)).fetchall()
        return [
            ReceivedMail(row[0], datetime.fromisoformat(row[1]), row[2], tuple(json.loads(row[3])), row[4])
            for row in rows
        ]
