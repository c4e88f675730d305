"""The SMTP side of the mailbox."""

import asyncio

from aiosmtpd.smtp import SMTP, Envelope, Session

from local_run.mailbox.mail_store import MailStore

_LARGEST_MAIL = 30 * 1024 * 1024


class _Taker:
    def __init__(self, store: MailStore) -> None:
        self._store = store

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:  # noqa: N802 - aiosmtpd's
        """Keeps the mail before it says 250: what was promised is there."""
        del server, session
        content = envelope.content or b""
        raw = content.encode() if isinstance(content, str) else content
        self._store.add(envelope.mail_from or "", [str(each) for each in envelope.rcpt_tos], raw)
        return "250 kept"


async def start_smtp(store: MailStore, port: int) -> asyncio.Server:
    """Listens on loopback."""
    loop = asyncio.get_running_loop()

    def session() -> SMTP:
        return SMTP(_Taker(store), data_size_limit=_LARGEST_MAIL, enable_SMTPUTF8=True, hostname="localhost", loop=loop)

    return await loop.create_server(session, "127.0.0.1", port)
