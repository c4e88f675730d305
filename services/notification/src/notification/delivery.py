"""One mail: may it be sent, send it, settle it in the ledger, tell the bus."""

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Final
from uuid import UUID

from kundenportal.notification.events.v1.events_pb2 import MailFailed, MailSent

from chassis.database import Database
from chassis.outbox import Outbox
from notification.happenings import Happening, Identity, Link, Person, Reach
from notification.letters import TO_CLOSED, TO_UNCONFIRMED, WITH_SECRET_LINK
from notification.mail_ledger import Mail, MailLedger, MailState
from notification.mail_writer import MailWriter
from notification.mailbox_address import BadAddress, mailbox_address
from notification.post import MailDelayed, MailRefused, Post, PostAway

GIVE_UP_AFTER: Final = timedelta(days=5)
"""How long a server may answer "later" for one mail (RFC 5321 4.5.4.1 asks for four to five days at least)."""


class Delivery:
    """Sends the mails of the ledger."""

    def __init__(
        self,
        *,
        database: Database,
        ledger: MailLedger,
        outbox: Outbox,
        identity: Identity,
        writer: MailWriter,
        post: Post,
        clock: Callable[[], datetime],
    ) -> None:
        self._database = database
        self._ledger = ledger
        self._outbox = outbox
        self._identity = identity
        self._writer = writer
        self._post = post
        self._clock = clock

    async def send(self, mail: Mail, happening: Happening, person: Person | None) -> None:
        """Returns when the mail is settled: sent, refused for good, or suppressed with a reason.

        Raises:
            MailDelayed: the mail server wants this mail later.
            PostAway: the mail server cannot be used now.
            DomainError: identity or the database is away (UNAVAILABLE).
        """
        reason = next((who.reason for who in happening.concerned if who.account_id == mail.account_id), None)
        if reason is None:
            await self._suppress(mail, happening.suppressed or "not_entitled")
        elif (obstacle := _obstacle(mail, person)) or person is None:
            await self._suppress(mail, obstacle)
        elif mail.letter not in WITH_SECRET_LINK:
            await self._send(mail, happening, reason, person, None)
        elif link := await self._identity.link(UUID(happening.facts["challenge_id"])):
            # The address that is to be proved, or the one that was the person's before.
            person = replace(person, email=link.email or person.email)
            await self._send(mail, happening, reason, person, link)
        else:
            await self._suppress(mail, "obsolete")

    async def _send(self, mail: Mail, happening: Happening, reason: str, person: Person, link: Link | None) -> None:
        try:
            recipient = mailbox_address(person.email)
            await self._post.send(self._writer.write(mail, happening, reason, person, link), recipient)
        except (BadAddress, MailRefused) as error:
            await self._fail(mail, str(error))
        except MailDelayed as error:
            if self._clock() - mail.create_time >= GIVE_UP_AFTER:
                await self._fail(mail, str(error))
                return
            await self._postpone(mail, str(error))
            raise
        except PostAway as error:
            await self._postpone(mail, str(error))
            raise
        else:
            await self._sent(mail)

    async def _sent(self, mail: Mail) -> None:
        async with self._database.transaction() as tx:
            if await self._ledger.close(tx, mail.id, MailState.SENT):
                fact = MailSent(mail_id=str(mail.id), cause_event_id=str(mail.event_id))
                await self._outbox.add(tx, mail.id, fact)

    async def _fail(self, mail: Mail, reason: str) -> None:
        async with self._database.transaction() as tx:
            if await self._ledger.close(tx, mail.id, MailState.FAILED, reason):
                fact = MailFailed(mail_id=str(mail.id), cause_event_id=str(mail.event_id))
                await self._outbox.add(tx, mail.id, fact)

    async def _suppress(self, mail: Mail, reason: str) -> None:
        async with self._database.transaction() as tx:
            await self._ledger.close(tx, mail.id, MailState.SUPPRESSED, reason)

    async def _postpone(self, mail: Mail, reason: str) -> None:
        async with self._database.transaction() as tx:
            await self._ledger.postpone(tx, mail.id, reason)


def _obstacle(mail: Mail, person: Person | None) -> str:
    """Why this person is not written to; empty when nothing speaks against it."""
    if person is None:
        return "erased"
    closed = person.reach is Reach.CLOSED and mail.letter not in TO_CLOSED
    unconfirmed = person.reach is Reach.UNCONFIRMED and mail.letter not in TO_UNCONFIRMED
    return person.reach if closed or unconfirmed else ""
