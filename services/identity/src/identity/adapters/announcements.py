"""Events of this service, as protobuf messages in the outbox."""

from collections.abc import Sequence
from uuid import UUID

from kundenportal.identity.events.v1 import events_pb2

from chassis.database import Transaction
from chassis.jobs import enqueue
from chassis.outbox import Outbox
from identity.domain.challenge import Challenge
from identity.domain.security_change import SecurityChange
from identity.usecases.collect_export import COLLECT_EXPORT


class OutboxAnnouncements:
    """Passes the contract of Announcements; bound to one transaction."""

    def __init__(self, tx: Transaction, outbox: Outbox) -> None:
        self._tx = tx
        self._outbox = outbox

    async def account_registered(self, account_id: UUID, *, invited: bool) -> None:
        message = events_pb2.AccountRegistered(account_id=str(account_id), invited=invited)
        await self._outbox.add(self._tx, account_id, message)

    async def account_confirmed(self, account_id: UUID) -> None:
        await self._outbox.add(self._tx, account_id, events_pb2.AccountConfirmed(account_id=str(account_id)))

    async def account_changed(self, account_id: UUID) -> None:
        await self._outbox.add(self._tx, account_id, events_pb2.AccountChanged(account_id=str(account_id)))

    async def account_closed(self, account_id: UUID) -> None:
        await self._outbox.add(self._tx, account_id, events_pb2.AccountClosed(account_id=str(account_id)))

    async def challenge_issued(self, challenge: Challenge) -> None:
        message = events_pb2.ChallengeIssued(challenge_id=str(challenge.id))
        message.expire_time.FromDatetime(challenge.expires_at)
        await self._outbox.add(self._tx, challenge.id, message)

    async def password_changed(self, account_id: UUID, *, by_reset: bool) -> None:
        message = events_pb2.PasswordChanged(account_id=str(account_id), by_reset=by_reset)
        await self._outbox.add(self._tx, account_id, message)

    async def security_changed(self, account_id: UUID, change: SecurityChange) -> None:
        message = events_pb2.AccountSecurityChanged(account_id=str(account_id), change_kind=change.value)
        await self._outbox.add(self._tx, account_id, message)

    async def session_revoked(self, account_id: UUID, session_ids: Sequence[UUID]) -> None:
        ids = [str(session_id) for session_id in session_ids]
        message = events_pb2.SessionRevoked(account_id=str(account_id), session_ids=ids)
        await self._outbox.add(self._tx, account_id, message, urgent=True)

    async def client_revoked(self, client_id: UUID) -> None:
        message = events_pb2.ClientRevoked(client_id=str(client_id))
        await self._outbox.add(self._tx, client_id, message, urgent=True)

    async def export_wanted(self, export_id: UUID) -> None:
        await enqueue(self._tx, COLLECT_EXPORT, {"export_id": str(export_id)}, lock=str(export_id))
