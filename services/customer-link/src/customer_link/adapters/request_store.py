"""Requests in PostgreSQL; the partial unique index holds one waiting request of an account for a number (DESIGN 18)."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Row, Select, select, tuple_, update
from sqlalchemy.dialects.postgresql import insert

from chassis.database import Transaction
from customer_link.adapters.customer_store import CUSTOMER, customer_of
from customer_link.adapters.tables import customer, link_request, link_request_step, organisation
from customer_link.domain.link_request import (
    DECIDED_WITHIN,
    LIFE,
    WAITING,
    Act,
    AskReason,
    LinkRequest,
    RequestKind,
    RequestState,
    Step,
)
from customer_link.domain.request_listing import HistoryStep, RequestEntry, RequestPage, RequestQuery, Shown

_row = link_request.c
_REQUEST = (
    _row.id,
    _row.account_id,
    _row.customer_id,
    _row.kind,
    _row.code_id,
    _row.reason,
    _row.text,
    _row.opened_at,
    _row.state,
    _row.assignee,
    _row.decided_at,
    _row.answer,
    _row.former_holders,
)
_WAITS = _row.state.in_(sorted(WAITING))
_ENDED = _row.state.not_in(sorted(WAITING))


class PostgresLinkRequests:
    """See request_ports.LinkRequests."""

    def __init__(self, tx: Transaction) -> None:
        self._tx = tx

    async def add(self, request: LinkRequest) -> bool:
        values = {column.name: getattr(request, column.name) for column in _REQUEST}
        values["former_holders"] = list(request.former_holders)
        statement = insert(link_request).values(values).on_conflict_do_nothing().returning(_row.id)
        return (await self._tx.execute(statement)).first() is not None

    async def waiting_of(self, account_id: UUID, customer_id: UUID) -> LinkRequest | None:
        mine = (_row.account_id == account_id, _row.customer_id == customer_id, _WAITS)
        row = (await self._tx.execute(select(*_REQUEST).where(*mine))).first()
        return _request_of(row) if row else None

    async def waiting_for(self, account_id: UUID) -> list[UUID]:
        return list(await self._tx.scalars(select(_row.id).where(_row.account_id == account_id, _WAITS)))

    async def of_account(self, account_id: UUID, limit: int) -> list[RequestEntry]:
        return await self._newest(_row.account_id == account_id, limit)

    async def of_customer(self, customer_id: UUID, limit: int) -> list[RequestEntry]:
        return await self._newest(_row.customer_id == customer_id, limit)

    async def mine(self, account_id: UUID, request_id: UUID) -> RequestEntry | None:
        return await self._one(_entries().where(_row.id == request_id, _row.account_id == account_id))

    async def page(self, query: RequestQuery) -> RequestPage:
        statement = _entries().where(*_fits(query)).limit(query.size + 1)
        rows = tuple(_entry_of(row) for row in await self._tx.execute(_from_place(statement, query)))
        shown = rows[: query.size]
        return RequestPage(shown, shown[-1].cursor if len(rows) > query.size else None)

    async def get(self, request_id: UUID) -> RequestEntry | None:
        return await self._one(_entries().where(_row.id == request_id))

    async def claim(self, request_id: UUID) -> RequestEntry | None:
        # The number first, as whoever links or issues does: nobody waits in a circle.
        wanted = _entries().where(_row.id == request_id)
        return await self._one(wanted.with_for_update(of=customer, key_share=True))

    async def history(self, request_id: UUID) -> list[HistoryStep]:
        step = link_request_step.c
        rows = await self._tx.execute(
            select(step.act, step.at, step.by).where(step.request_id == request_id).order_by(step.id)
        )
        return [HistoryStep(Act(row.act), row.at, row.by) for row in rows]

    async def move(self, step: Step) -> LinkRequest | None:
        before, after = LIFE[step.act]
        values: dict[str, Any] = {"state": after}
        if step.act in {Act.TAKE, Act.GIVE_BACK}:
            values["assignee"] = step.by if step.act is Act.TAKE else None
        if after not in WAITING:
            values |= {"decided_at": step.at, "answer": step.answer, "former_holders": list(step.former_holders)}
        wanted = (_row.id == step.request_id, _row.state.in_(sorted(before)), _may(step))
        moved = update(link_request).where(*wanted).values(values).returning(*_REQUEST)
        row = (await self._tx.execute(moved)).first()
        if row is None:
            return None
        done = {"request_id": step.request_id, "act": step.act, "at": step.at, "by": step.by}
        await self._tx.execute(insert(link_request_step).values(done))
        return _request_of(row)

    async def overdue(self, opened_before: datetime, limit: int) -> list[UUID]:
        oldest = select(_row.id).where(_WAITS, _row.opened_at <= opened_before).order_by(_row.opened_at, _row.id)
        return list(await self._tx.scalars(oldest.limit(limit)))

    async def _newest(self, wanted: ColumnElement[bool], limit: int) -> list[RequestEntry]:
        newest = _entries().where(wanted).order_by(_row.opened_at.desc(), _row.id.desc()).limit(limit)
        return [_entry_of(row) for row in await self._tx.execute(newest)]

    async def _one(self, statement: Select[Any]) -> RequestEntry | None:
        row = (await self._tx.execute(statement)).first()
        return _entry_of(row) if row else None


def _may(step: Step) -> ColumnElement[bool]:
    """The same as link_request.allowed says of who and when."""
    match step.act:
        case Act.TAKE:
            return _row.assignee.is_distinct_from(step.by)
        case Act.GIVE_BACK:
            return _row.assignee == step.by
        case Act.WITHDRAW:
            return _row.account_id == step.by
        case Act.EXPIRE:
            return _row.opened_at <= step.at - DECIDED_WITHIN
        case _:
            return _row.assignee.is_(None) | (_row.assignee == step.by)


def _entries() -> Select[Any]:
    joined = link_request.join(customer, customer.c.id == _row.customer_id).join(
        organisation, organisation.c.id == customer.c.organisation_id
    )
    owner = tuple(column.label(f"customer_{column.name}") for column in CUSTOMER)
    return select(*_REQUEST, *owner, organisation.c.name.label("organisation_name")).select_from(joined)


def _fits(query: RequestQuery) -> list[ColumnElement[bool]]:
    fitting: list[ColumnElement[bool]] = [_ENDED if query.shown is Shown.ENDED else _WAITS]
    if query.shown is Shown.MINE:
        fitting.append(_row.assignee == query.by)
    if query.kind is not None:
        fitting.append(_row.kind == query.kind)
    return fitting


def _from_place(statement: Select[Any], query: RequestQuery) -> Select[Any]:
    ended = query.shown is Shown.ENDED
    at = _row.decided_at if ended else _row.opened_at
    if query.after is not None:
        place, after = tuple_(at, _row.id), (query.after.at, query.after.id)
        statement = statement.where(place < after if ended else place > after)
    return statement.order_by(*((at.desc(), _row.id.desc()) if ended else (at, _row.id)))


def _request_of(row: Sequence[Any]) -> LinkRequest:
    return LinkRequest(
        id=row[0],
        account_id=row[1],
        customer_id=row[2],
        kind=RequestKind(row[3]),
        code_id=row[4],
        reason=AskReason(row[5]),
        text=row[6],
        opened_at=row[7],
        state=RequestState(row[8]),
        assignee=row[9],
        decided_at=row[10],
        answer=row[11],
        former_holders=tuple(row[12]),
    )


def _entry_of(row: Row[Any]) -> RequestEntry:
    return RequestEntry(_request_of(row), customer_of(row[len(_REQUEST) :]), row.organisation_name)
