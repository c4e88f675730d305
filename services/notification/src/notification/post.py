"""Handing mails over to the mail server."""

from collections.abc import Sequence
from email.message import EmailMessage
from typing import Final, Protocol

import aiosmtplib

from notification.mail_bytes import mail_bytes
from notification.mail_server import MailServer

TIMEOUT_SECONDS: Final = 10.0
_FINAL: Final = 500  # RFC 5321 4.2.1: from here on the server says no for good


class MailRefused(Exception):  # noqa: N818 - says what is the matter
    """The server will never take this mail for this recipient. The text is a status, never an address."""


class MailDelayed(Exception):  # noqa: N818 - says what is the matter
    """The server asks to try this mail again later (4xx)."""


class PostAway(Exception):  # noqa: N818 - says what is the matter
    """The mail server cannot be used now: no connection, connection lost, or it does not want us at all."""


class Post(Protocol):
    """Takes mails over."""

    async def send(self, message: EmailMessage, recipient: str) -> None:
        """Returns when the server has answered for the mail with 250.

        Raises:
            MailRefused: final, for this mail.
            MailDelayed: not now, for this mail.
            PostAway: not now, for any mail. The mail may have been taken over all the same.
        """
        ...


class SmtpPost:
    """A connection per mail: cheap beside the mail's way through the world, and never a stale one."""

    def __init__(self, server: MailServer, *, sender: str, timeout_seconds: float = TIMEOUT_SECONDS) -> None:
        self._server = server
        self._sender = sender
        self._timeout = timeout_seconds

    async def send(self, message: EmailMessage, recipient: str) -> None:
        """See Post. A 5xx about the connection, the login or the sender is no verdict on the mail: it waits."""
        try:
            await self._hand_over(message, recipient)
        except aiosmtplib.SMTPRecipientsRefused as error:
            raise _verdict([refused.code for refused in error.recipients]) from None
        except aiosmtplib.SMTPDataError as error:
            raise _verdict([error.code]) from None
        except aiosmtplib.SMTPNotSupported:
            raise MailRefused("smtputf8") from None  # an address that the server cannot express
        except (aiosmtplib.SMTPException, OSError) as error:
            raise PostAway(type(error).__name__) from None

    async def _hand_over(self, message: EmailMessage, recipient: str) -> None:
        await aiosmtplib.send(
            # Only the library can ask for SMTPUTF8, which an address with umlauts needs.
            mail_bytes(message) if recipient.isascii() else message,
            sender=self._sender,
            recipients=[recipient],
            hostname=self._server.host,
            port=self._server.port,
            use_tls=self._server.encrypted,
            username=self._server.username,
            password=self._server.password,
            timeout=self._timeout,
        )


def _verdict(codes: Sequence[int]) -> MailRefused | MailDelayed:
    code = min(codes)
    return MailRefused(str(code)) if code >= _FINAL else MailDelayed(str(code))
