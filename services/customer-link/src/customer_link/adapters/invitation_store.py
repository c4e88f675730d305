"""Invitations in PostgreSQL; partial unique indexes keep one open per address and one accepted per account."""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Row, and_, delete, func, or_, select, update
from sqlalchemy.dialects.postgresql import insert

from chassis.database import Transaction
from customer_link.adapters.tables import invitation
from customer_link.domain.contact import email_key
from customer_link.domain.invitation import Invitation, InvitationState, Purpose

_row = invitation.c
_COLUMNS = (
    _row.id,
    _row.organisation_id,
    _row.email,
    _row.display_name,
    _row.language,
    _row.purpose,
    _row.access_until,
    _row.invited_by,
    _row.invited_at,
    _row.expires_at,
    _row.state,
    _row.account_id,
    _row.answered_at,
)
_OPEN = _row.state == InvitationState.OPEN.value
_ACCEPTED = _row.state == InvitationState.ACCEPTED.value


class PostgresInvitations:
    """See member_ports.Invitations."""

    def __init__(self, tx: Transaction) -> None:
        self._tx = tx

    async def add(self, added: Invitation) -> bool:
        values = {column.name: getattr(added, column.name) for column in _COLUMNS}
        values |= {"purpose": added.purpose.value, "state": added.state.value, "email_key": email_key(added.email)}
        statement = insert(invitation).values(values).on_conflict_do_nothing().returning(_row.id)
        return (await self._tx.execute(statement)).first() is not None

    async def get(self, invitation_id: UUID) -> Invitation | None:
        return next(iter(await self._some(_row.id == invitation_id)), None)

    async def give_account(self, invitation_id: UUID, account_id: UUID) -> bool:
        bare = (_row.id == invitation_id) & _OPEN & _row.account_id.is_(None)
        return await self._changed(update(invitation).where(bare).values(account_id=account_id))

    async def change(self, changed: Invitation, state: InvitationState, at: datetime) -> bool:
        as_read = (_row.id == changed.id) & (_row.state == changed.state.value)
        values: dict[str, Any] = {"state": state.value}
        if changed.state is InvitationState.OPEN:
            values["answered_at"] = at
        if state is not InvitationState.ACCEPTED:
            values["ended_at"] = at
        return await self._changed(update(invitation).where(as_read).values(values))

    async def membership(self, organisation_id: UUID, account_id: UUID) -> Invitation | None:
        mine = (_row.organisation_id == organisation_id) & (_row.account_id == account_id) & _ACCEPTED
        return next(iter(await self._some(mine)), None)

    async def waiting(self, organisation_id: UUID) -> list[Invitation]:
        return await self._some((_row.organisation_id == organisation_id) & _OPEN)

    async def current(self, organisation_id: UUID, limit: int) -> list[Invitation]:
        return await self._some((_row.organisation_id == organisation_id) & or_(_OPEN, _ACCEPTED), limit)

    async def of_account(self, account_id: UUID) -> list[Invitation]:
        return await self._some((_row.account_id == account_id) & or_(_OPEN, _ACCEPTED))

    async def sent_since(self, organisation_id: UUID, since: datetime) -> int:
        recent = (_row.organisation_id == organisation_id, _row.invited_at > since)
        return int(await self._tx.scalar(select(func.count()).select_from(invitation).where(*recent)) or 0)

    async def due(self, now: datetime, limit: int) -> list[Invitation]:
        over = or_(and_(_OPEN, _row.expires_at <= now), and_(_ACCEPTED, _row.access_until <= now))
        statement = select(*_COLUMNS).where(over).order_by(_row.invited_at, _row.id).limit(limit)
        rows = await self._tx.execute(statement.with_for_update(skip_locked=True))
        return [_invitation(row) for row in rows]

    async def forget(self, before: datetime) -> int:
        return (await self._tx.execute(delete(invitation).where(_row.ended_at < before))).rowcount

    async def _some(self, wanted: ColumnElement[bool], limit: int | None = None) -> list[Invitation]:
        statement = select(*_COLUMNS).where(wanted).order_by(_row.invited_at, _row.id).limit(limit)
        return [_invitation(row) for row in await self._tx.execute(statement)]

    async def _changed(self, statement: Any) -> bool:
        return (await self._tx.execute(statement.returning(_row.id))).first() is not None


def _invitation(row: Row[*tuple[Any, ...]]) -> Invitation:
    values = row._asdict()
    return Invitation(**values | {"purpose": Purpose(row.purpose), "state": InvitationState(row.state)})


async def accepted_in(tx: Transaction, organisation_id: UUID) -> list[Invitation]:
    """The accepted ones of an organisation."""
    statement = select(*_COLUMNS).where(_row.organisation_id == organisation_id, _ACCEPTED)
    return [_invitation(row) for row in await tx.execute(statement)]
