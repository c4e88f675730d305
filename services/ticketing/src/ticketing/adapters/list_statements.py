"""The statements behind the lists.

A list of several organisations or states is a short index scan for each, merged: the work for a page depends on
its size, not on how many tickets there are.
"""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import (
    ARRAY,
    BigInteger,
    ColumnElement,
    Executable,
    FromClause,
    Interval,
    Select,
    Text,
    Uuid,
    and_,
    any_,
    bindparam,
    cast,
    func,
    literal,
    or_,
    select,
    true,
    tuple_,
)
from sqlalchemy.dialects.postgresql import REGCONFIG, TSQUERY

from ticketing.adapters.tables import tickets
from ticketing.domain.listing import (
    COUNT_LIMIT,
    Cursor,
    Desk,
    Mine,
    OfOrganisation,
    Scope,
    Shared,
    Sort,
    TicketQuery,
)
from ticketing.domain.search_text import numbers_of, prefixes_of, words_of
from ticketing.domain.ticket_state import OPEN, TicketState
from ticketing.domain.visibility import Visibility

Condition = ColumnElement[bool]
Lane = tuple[FromClause | None, list[Condition]]

_column = tickets.c
ROW_COLUMNS = (
    _column.id,
    _column.number,
    _column.kind,
    _column.subject,
    _column.state,
    _column.visibility,
    _column.reporter_id,
    _column.organisation_id,
    _column.customer_id,
    _column.assignee_id,
    _column.answer_due,
    _column.opened_at,
    _column.updated_at,
)
_WINDOW = 1000
_ZERO = literal(timedelta(0), Interval())


def german() -> ColumnElement[Any]:
    """The text search configuration, typed as PostgreSQL wants it."""
    return literal("german", REGCONFIG)


def owner_lexemes(reporter_id: UUID, organisation_id: UUID | None) -> list[str]:
    """Give what stands in `search` beside the words, so that one index finds words within somebody's tickets."""
    return [f"r{reporter_id}"] + ([f"o{organisation_id}"] if organisation_id else [])


def page_statement(query: TicketQuery) -> Select[Any]:
    """Give one page of a list, without its search."""
    return _page(query, ROW_COLUMNS)


def window_statement(query: TicketQuery, year: int) -> Select[Any]:
    """Search the first thousand tickets of a list: a page full of hits there is the page; common words end here."""
    window = _page(replace(query, size=_WINDOW), (*ROW_COLUMNS, _column.search)).subquery("window")
    columns = [window.c[column.name] for column in ROW_COLUMNS]
    hits = _search(query, year, window.c)
    return select(*columns).where(hits).order_by(*_order(window.c, query.sort)).limit(query.size)


def search_statement(query: TicketQuery, year: int) -> Select[Any]:
    """Search all tickets of a list by the index of words: for words that are rare.

    The order is by an expression, so that the planner, which cannot know how rare they are, does not walk
    through a million tickets in their order to find three.
    """
    lanes = [*_scope_lanes(query.scope), *_states(query)]
    conditions = [condition for _, conditions in lanes for condition in conditions]
    sources = [source for source, _ in lanes if source is not None]
    conditions += [*_filters(query), _search(query, year, _column)]
    order = [_column.number.op("+")(0).desc()] if query.sort is Sort.NUMBER else _unindexed(query.sort)
    return select(*ROW_COLUMNS).select_from(tickets, *sources).where(*conditions).order_by(*order).limit(query.size)


def _unindexed(sort: Sort) -> list[ColumnElement[Any]]:
    moment = _column.updated_at.op("+")(_ZERO)
    return [moment.asc(), _column.id.asc()] if sort is Sort.OLDEST else [moment.desc(), _column.id.desc()]


def _page(query: TicketQuery, columns: Sequence[ColumnElement[Any]]) -> Select[Any]:
    lanes = [*_scope_lanes(query.scope), *_state_lanes(query)]
    conditions = [condition for _, conditions in lanes for condition in conditions]
    page = select(*columns).where(*conditions, *_filters(query))
    page = page.order_by(*_order(_column, query.sort)).limit(query.size)
    sources = [source for source, _ in lanes if source is not None]
    return _merged(page, sources, query) if sources else page


def _merged(page: Select[Any], sources: Sequence[FromClause], query: TicketQuery) -> Select[Any]:
    found = page.correlate(*sources).lateral("found")
    joined = sources[0]
    for source in sources[1:]:
        joined = joined.join(source, true())
    merged = select(*found.c).select_from(joined.join(found, true()))
    return merged.order_by(*_order(found.c, query.sort)).limit(query.size)


def _order(columns: Any, sort: Sort) -> list[ColumnElement[Any]]:
    if sort is Sort.NUMBER:
        return [columns.number.desc()]
    if sort is Sort.OLDEST:
        return [columns.updated_at.asc(), columns.id.asc()]
    return [columns.updated_at.desc(), columns.id.desc()]


def _scope_lanes(scope: Scope) -> list[Lane]:
    match scope:
        case Mine(account_id):
            return [(None, [_column.reporter_id == account_id])]
        case Shared(organisations):
            return [_shared_lane(sorted(organisations))]
        case OfOrganisation(organisation_id):
            shown = _each([Visibility.OWN.value, Visibility.ORGANISATION.value], Text(), "visibility")
            return [(shown[0], [_column.organisation_id == organisation_id, _column.visibility == shown[1]])]
        case Desk(assignee_id, unassigned):
            return [(None, _assigned(assignee_id, unassigned=unassigned))]


def _shared_lane(organisations: Sequence[UUID]) -> Lane:
    shared = _column.visibility == Visibility.ORGANISATION.value
    if len(organisations) == 1:
        return None, [_column.organisation_id == organisations[0], shared]
    source, organisation = _each(organisations, Uuid(), "organisation")
    return source, [_column.organisation_id == organisation, shared]


def _assigned(assignee_id: UUID | None, *, unassigned: bool) -> list[Condition]:
    if unassigned:
        return [_column.assignee_id.is_(None)]
    return [] if assignee_id is None else [_column.assignee_id == assignee_id]


def _state_lanes(query: TicketQuery) -> list[Lane]:
    """A lane for each state, but not where the order would not profit by the index of states."""
    if query.sort is Sort.NUMBER or len(query.states) <= 1:
        return _states(query)
    source, state = _each([state.value for state in query.states], Text(), "state")
    return [(source, [_column.state == state])]


def _states(query: TicketQuery) -> list[Lane]:
    states = [state.value for state in query.states]
    if len(states) == 1:
        return [(None, [_column.state == states[0]])]
    return [(None, [_column.state == any_(literal(states, ARRAY(Text())))])] if states else []


def _each(values: Sequence[Any], kind: Any, name: str) -> tuple[FromClause, ColumnElement[Any]]:
    column = func.unnest(literal(list(values), ARRAY(kind))).column_valued(f"each_{name}")
    return column.table if hasattr(column, "table") else column, column  # type: ignore[return-value]


def _filters(query: TicketQuery) -> list[Condition]:
    kind = [] if query.kind is None else [_column.kind == query.kind]
    number = [] if query.customer_id is None else [_column.customer_id == query.customer_id]
    beyond = [] if query.after is None else [_beyond(query.after, query.sort)]
    return [*kind, *number, *beyond]


def _search(query: TicketQuery, year: int, columns: Any) -> Condition:
    words = words_of(query.search)
    meant: ColumnElement[Any] = func.websearch_to_tsquery(german(), " ".join(words))
    if prefixes := prefixes_of(words):
        meant = meant.op("||")(cast(" & ".join(f"'{word}':*" for word in prefixes), TSQUERY))
    found: Condition = columns.search.op("@@")(meant)
    if owners := _owners(query.scope):
        found = and_(columns.search.op("@@")(cast(" | ".join(f"'{owner}'" for owner in owners), TSQUERY)), found)
    numbers = [number.value for number in numbers_of(query.search, year)]
    return or_(columns.number == any_(literal(numbers, ARRAY(BigInteger()))), found) if numbers else found


def _owners(scope: Scope) -> list[str]:
    match scope:
        case Mine(account_id):
            return [f"r{account_id}"]
        case Shared(organisations):
            return [f"o{organisation}" for organisation in sorted(organisations)]
        case OfOrganisation(organisation_id):
            return [f"o{organisation_id}"]
        case Desk():
            return []


def _beyond(after: Cursor, sort: Sort) -> Condition:
    if sort is Sort.NUMBER:
        return _column.number < after.number.value
    place = tuple_(_column.updated_at, _column.id)
    mark = tuple_(literal(after.changed_at), literal(after.id))
    return place > mark if sort is Sort.OLDEST else place < mark


def counts_values(mine: Mine, shared: Shared) -> dict[str, Any]:
    """Give the parameters of both counts statements."""
    return {"account": mine.account_id, "organisations": sorted(shared.organisations)}


def _counts(shown: Condition) -> Executable:
    is_open = _column.state.in_([literal(state.value, literal_execute=True) for state in sorted(OPEN)])
    is_waiting = _column.state == literal(TicketState.WAITING.value, literal_execute=True)
    return select(*map(_bounded, [_MINE, _SHARED, and_(shown, is_open), and_(shown, is_waiting)]))


def _bounded(condition: Condition) -> ColumnElement[int]:
    some = select(literal(1)).select_from(tickets).where(condition).limit(COUNT_LIMIT + 1).subquery()
    return select(func.count()).select_from(some).scalar_subquery()


_MINE: Condition = _column.reporter_id == bindparam("account", type_=Uuid())
_SHARED: Condition = and_(
    _column.organisation_id == any_(bindparam("organisations", type_=ARRAY(Uuid()))),
    _column.visibility == Visibility.ORGANISATION.value,
)
# Both tabs, and the open and waiting tickets of the one shown, each no further than COUNT_LIMIT + 1. Made once:
# to build such a statement takes as long as to run it.
COUNTS: Mapping[type[Mine | Shared], Executable] = {Mine: _counts(_MINE), Shared: _counts(_SHARED)}
