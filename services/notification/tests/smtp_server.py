"""A real SMTP server on loopback that answers as a test wants."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import default
from typing import Any

from aiosmtpd.smtp import SMTP, Envelope, Session


@dataclass
class SmtpServer:
    """Answers by recipient: an answer to RCPT, an answer to DATA, or the end of the connection after DATA."""

    port: int = 0
    on_recipient: dict[str, str] = field(default_factory=dict)
    on_data: dict[str, str] = field(default_factory=dict)
    drops_after_data: set[str] = field(default_factory=set)
    received: list[Envelope] = field(default_factory=list)

    @property
    def messages(self) -> list[EmailMessage]:
        return [message_from_bytes(bytes(each.content or b""), policy=default) for each in self.received]  # type: ignore[arg-type]

    async def handle_RCPT(  # noqa: N802 - aiosmtpd's name
        self, server: SMTP, session: Session, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        if answer := self.on_recipient.get(address):
            return answer
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:  # noqa: N802
        recipient = envelope.rcpt_tos[0]
        if answer := self.on_data.get(recipient):
            return answer
        self.received.append(envelope)
        if recipient in self.drops_after_data:
            self.drops_after_data.discard(recipient)
            server.transport.abort()
        return "250 OK"


@asynccontextmanager
async def smtp_server(*, utf8: bool = True) -> AsyncIterator[SmtpServer]:
    """Serves on a free port of loopback until the block ends."""
    behaviour = SmtpServer()

    def protocol() -> Any:
        return SMTP(behaviour, hostname="mail.test", enable_SMTPUTF8=utf8, loop=asyncio.get_running_loop())

    server = await asyncio.get_running_loop().create_server(protocol, "127.0.0.1", 0)
    behaviour.port = server.sockets[0].getsockname()[1]
    async with server:
        yield behaviour
