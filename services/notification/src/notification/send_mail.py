"""Job: one mail that could not go out at once is tried until it is settled."""

from collections.abc import Mapping
from typing import Any, Final
from uuid import UUID

from chassis.database import Database, Transaction
from chassis.jobs import enqueue
from notification.delivery import Delivery
from notification.happenings import Emitter, Identity
from notification.mail_ledger import Mail, MailLedger, MailState
from notification.told_events import TOLD_EVENTS

SEND_MAIL: Final = "send_mail"


async def enqueue_send_mail(tx: Transaction, mail: Mail) -> None:
    """Sends the mail after those before it: what one thing has to say to one person stays in order."""
    await enqueue(tx, SEND_MAIL, {"mail_id": str(mail.id)}, lock=f"{SEND_MAIL}:{mail.account_id}:{mail.subject}")


class SendMail:
    """The job's handler. Rights and address are asked anew: hours may have passed."""

    def __init__(
        self,
        *,
        database: Database,
        ledger: MailLedger,
        emitters: Mapping[str, Emitter],
        identity: Identity,
        delivery: Delivery,
    ) -> None:
        """Emitters by the name of their service."""
        self._database = database
        self._ledger = ledger
        self._emitters = emitters
        self._identity = identity
        self._delivery = delivery

    async def __call__(self, payload: Mapping[str, Any]) -> None:
        """Raises while the mail cannot be settled: the job is tried again, later and later."""
        async with self._database.transaction() as tx:
            mail = await self._ledger.find(tx, UUID(payload["mail_id"]))
        if mail is None or mail.state is not MailState.PENDING:
            return
        happening = await self._emitters[TOLD_EVENTS[mail.event_type].emitter].describe(mail.event_id)
        people = await self._identity.people([mail.account_id])
        await self._delivery.send(mail, happening, people.get(mail.account_id))
