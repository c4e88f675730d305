"""Job: an event is told to everybody whom it concerns.

Everybody finds it beside the bell, whatever becomes of the mail. The mails go out from here, so that a person who
waits for a link waits for one job and not for two. What cannot go out now becomes a job of its own (`send_mail`): one
full mailbox holds up nobody else.
"""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any, Final
from uuid import UUID

import structlog

from chassis.database import Database, Transaction
from notification.delivery import Delivery
from notification.happenings import Concerned, Emitter, Happening, Identity, Person, Reach
from notification.mail_ledger import Mail, MailLedger, MailState, Occurrence, mail_id
from notification.notice_kinds import notice_kind
from notification.notice_store import NoticeStore
from notification.post import MailDelayed
from notification.send_mail import enqueue_send_mail
from notification.told_events import TOLD_EVENTS

TELL_EVENT: Final = "tell_event"
_log = structlog.get_logger(__name__)


class TellEvent:
    """The job's handler. Done again after a crash, it sends nothing that is settled."""

    def __init__(
        self,
        *,
        database: Database,
        ledger: MailLedger,
        notices: NoticeStore,
        emitters: Mapping[str, Emitter],
        identity: Identity,
        delivery: Delivery,
    ) -> None:
        """Emitters by the name of their service."""
        self._database = database
        self._ledger = ledger
        self._notices = notices
        self._emitters = emitters
        self._identity = identity
        self._delivery = delivery

    async def __call__(self, payload: Mapping[str, Any]) -> None:
        """Raises DomainError(UNAVAILABLE) while the emitter or identity is away: the job waits, nothing is lost."""
        told = Occurrence(
            event_id=UUID(payload["event_id"]),
            event_type=payload["event_type"],
            event_time=datetime.fromisoformat(payload["event_time"]),
            subject=payload["subject"],
        )
        source = TOLD_EVENTS[told.event_type]
        happening = await self._emitters[source.emitter].describe(told.event_id)
        letter = source.letter or happening.facts.get("purpose", "")
        if not happening.concerned:
            await self._tell_nobody(told, letter, happening)
            return
        people = await self._identity.people([concerned.account_id for concerned in happening.concerned])
        thing = payload.get("thing_id")
        async with self._database.transaction() as tx:
            await self._note(tx, told, letter, happening, people, UUID(thing) if thing else None)
            at_once = await self._open(tx, told, letter, happening.concerned)
        await self._send(at_once, happening, people)

    async def _tell_nobody(self, told: Occurrence, letter: str, happening: Happening) -> None:
        reason = happening.suppressed or ("nobody" if happening.event_type else "unknown")
        async with self._database.transaction() as tx:
            await self._ledger.suppress_event(tx, told, letter, reason)

    async def _note(
        self,
        tx: Transaction,
        told: Occurrence,
        letter: str,
        happening: Happening,
        people: Mapping[UUID, Person],
        thing_id: UUID | None,
    ) -> None:
        """Enters the notices, for everybody who can look at them: with an address or without, now or later."""
        for who in happening.concerned:
            person, kind = people.get(who.account_id), notice_kind(letter, happening.facts, who.reason)
            if kind and person and person.reach is not Reach.CLOSED:
                await self._notices.add(tx, told, who.account_id, kind, thing_id)

    async def _open(self, tx: Transaction, told: Occurrence, letter: str, concerned: Sequence[Concerned]) -> list[Mail]:
        """Enters the mails; gives those that may go out now. The others have a job when this commits."""
        at_once = []
        for account_id in (who.account_id for who in concerned):
            opened = await self._ledger.open(tx, told, account_id, letter)
            mail = await self._ledger.find(tx, mail_id(told.event_id, account_id))
            if mail is None or mail.state is not MailState.PENDING:
                continue
            # Entered before: this job was cut off, and the mail may be with another one already.
            if opened and not await self._ledger.waits(tx, mail.id):
                at_once.append(mail)
            else:
                await enqueue_send_mail(tx, mail)
        return at_once

    async def _send(self, mails: Sequence[Mail], happening: Happening, people: Mapping[UUID, Person]) -> None:
        for position, mail in enumerate(mails):
            try:
                await self._delivery.send(mail, happening, people.get(mail.account_id))
            except MailDelayed:
                await self._send_later([mail])
            except Exception as error:  # noqa: BLE001 - whatever it was, every mail gets a job that tries on
                _log.warning("mails_wait", cause=type(error).__name__, mails=len(mails) - position)
                await self._send_later(mails[position:])
                return

    async def _send_later(self, mails: Sequence[Mail]) -> None:
        async with self._database.transaction() as tx:
            for mail in mails:
                await enqueue_send_mail(tx, mail)
