"""The statements behind the lists.

A list of several organisations or states is a short index scan for each, merged: the work for a page depends on
its size, not on how many tickets there are.
"""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from sqlalchemy import (
    ARRAY,
    BigInteger,
    ColumnElement,
    Executable,
    FromClause,
    Select,
    Text,
    Uuid,
    and_,
    any_,
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
_ORDERS = {
    Sort.CHANGED: (_column.updated_at.desc(), _column.id.desc()),
    Sort.OLDEST: (_column.updated_at.asc(), _column.id.asc()),
    Sort.NUMBER: (_column.number.desc(),),
}


def german() -> ColumnElement[Any]:
    """The text search configuration, typed as PostgreSQL wants it."""
    return literal("german", REGCONFIG)


def owner_lexemes(reporter_id: UUID, organisation_id: UUID | None) -> list[str]:
    """Give what stands in `search` beside the words, so that one index finds words within somebody's tickets."""
    return [f"r{reporter_id}"] + ([f"o{organisation_id}"] if organisation_id else [])


def page_statement(query: TicketQuery, year: int) -> Select[Any]:
    """Give one page of a list; `year` is the present one, for numbers typed without theirs."""
    lanes = [*_scope_lanes(query.scope), *_state_lanes(query)]
    conditions = [condition for _, conditions in lanes for condition in conditions]
    conditions += _filters(query, year)
    if query.after is not None:
        conditions.append(_beyond(query.after, query.sort))
    order = _ORDERS[query.sort]
    page = select(*ROW_COLUMNS).where(*conditions).order_by(*order).limit(query.size)
    sources = [source for source, _ in lanes if source is not None]
    return _merged(page, sources, query) if sources else page


def _merged(page: Select[Any], sources: Sequence[FromClause], query: TicketQuery) -> Select[Any]:
    found = page.correlate(*sources).lateral("found")
    joined = sources[0]
    for source in sources[1:]:
        joined = joined.join(source, true())
    order = {
        Sort.CHANGED: (found.c.updated_at.desc(), found.c.id.desc()),
        Sort.OLDEST: (found.c.updated_at.asc(), found.c.id.asc()),
        Sort.NUMBER: (found.c.number.desc(),),
    }[query.sort]
    return select(*found.c).select_from(joined.join(found, true())).order_by(*order).limit(query.size)


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
    """A lane for each state, but not where the order or a search would not profit by the index of states."""
    states = [state.value for state in query.states]
    if not states:
        return []
    if query.sort is Sort.NUMBER or query.search:
        return [(None, [_column.state == any_(literal(states, ARRAY(Text())))])]
    if len(states) == 1:
        return [(None, [_column.state == states[0]])]
    source, state = _each(states, Text(), "state")
    return [(source, [_column.state == state])]


def _each(values: Sequence[Any], kind: Any, name: str) -> tuple[FromClause, ColumnElement[Any]]:
    column = func.unnest(literal(list(values), ARRAY(kind))).column_valued(f"each_{name}")
    return column.table if hasattr(column, "table") else column, column  # type: ignore[return-value]


def _filters(query: TicketQuery, year: int) -> list[Condition]:
    kind = [] if query.kind is None else [_column.kind == query.kind]
    return kind + ([_search(query, year)] if query.search else [])


def _search(query: TicketQuery, year: int) -> Condition:
    words = words_of(query.search)
    meant: ColumnElement[Any] = func.websearch_to_tsquery(german(), " ".join(words))
    if prefixes := prefixes_of(words):
        meant = meant.op("||")(cast(" & ".join(f"'{word}':*" for word in prefixes), TSQUERY))
    found: Condition = _column.search.op("@@")(meant)
    if owners := _owners(query.scope):
        found = and_(_column.search.op("@@")(cast(" | ".join(f"'{owner}'" for owner in owners), TSQUERY)), found)
    numbers = [number.value for number in numbers_of(query.search, year)]
    return or_(_column.number == any_(literal(numbers, ARRAY(BigInteger()))), found) if numbers else found


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


def counts_statement(mine: Mine, shared: Shared, shown: Mine | Shared) -> Executable:
    """Count both tabs, and the open and waiting tickets of the one shown, each no further than COUNT_LIMIT + 1."""
    of_shown = _counted(shown)
    is_open = _column.state == any_(literal(sorted(state.value for state in OPEN), ARRAY(Text())))
    is_waiting = _column.state == TicketState.WAITING.value
    counted = [_counted(mine), _counted(shared), and_(of_shown, is_open), and_(of_shown, is_waiting)]
    return select(*map(_bounded, counted))


def _counted(scope: Mine | Shared) -> Condition:
    if isinstance(scope, Mine):
        return _column.reporter_id == scope.account_id
    within = _column.organisation_id == any_(literal(sorted(scope.organisations), ARRAY(Uuid())))
    return and_(within, _column.visibility == Visibility.ORGANISATION.value)


def _bounded(condition: Condition) -> ColumnElement[int]:
    some = select(literal(1)).select_from(tickets).where(condition).limit(COUNT_LIMIT + 1).subquery()
    return select(func.count()).select_from(some).scalar_subquery()
