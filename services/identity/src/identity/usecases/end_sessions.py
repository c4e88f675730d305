"""End sessions: on the server, and within a second everywhere (S04, S06)."""

from collections.abc import Sequence
from uuid import UUID

from identity.usecases.ports import Records


async def end_sessions(account_id: UUID, session_ids: Sequence[UUID] | None = None, *, records: Records) -> None:
    """Ends these sessions of the account, or all; those of others are never touched."""
    ended = await records.sessions.delete(account_id, session_ids)
    if ended:
        await records.announcements.session_revoked(account_id, ended)


async def end_other_sessions(account_id: UUID, kept: UUID, *, records: Records) -> None:
    """Ends all sessions of the account but one (ASVS 7.4.3)."""
    others = [session.id for session in await records.sessions.of_account(account_id) if session.id != kept]
    await end_sessions(account_id, others, records=records)
