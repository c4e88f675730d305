"""The statements behind staff's list of customer numbers and the search in it.

The rows of a page are chosen first, and only they are joined with what else is shown of them. A word that many have
is soon found by walking along the numbers; a rare one by the index over groups of three letters. Whichever it is,
a million numbers are not felt.
"""

import re
from collections.abc import Sequence
from typing import Any

from sqlalchemy import ColumnElement, FromClause, Select, Text, and_, cast, exists, func, or_, select
from sqlalchemy.dialects.postgresql import ARRAY, array

from customer_link.adapters.customer_store import CUSTOMER
from customer_link.adapters.tables import customer, customer_data, link, organisation
from customer_link.domain.customer_search import CustomerQuery, Holding, SearchTerm, grams

_NEAR = 2000
_SEARCHED = (*CUSTOMER, customer.c.number_key, customer.c.search_text)
_GRAMS = func.search_grams(customer.c.search_text, type_=ARRAY(Text))


def statements(query: CustomerQuery) -> Sequence[Select[Any]]:
    """What is asked, one after another, until a statement gives a whole page; the last one gives all there is."""
    if not query.terms:
        return [_shown(customer, query, _place(query))]
    near = select(*_SEARCHED).where(*_place(query)).order_by(customer.c.number_key).limit(_NEAR).subquery("near")
    led = [or_(*(_leads_to(form) & _contains(customer, form) for form in term.forms)) for term in query.terms]
    # Materialised, the index is the only way to it: a guess that the word is common leads to the order of all numbers.
    found = select(*_SEARCHED).where(*_place(query), *led).cte("found").prefix_with("MATERIALIZED")
    return [_shown(near, query, [_has(near, term) for term in query.terms]), _shown(found, query, [])]


def _shown(source: FromClause, query: CustomerQuery, wanted: Sequence[ColumnElement[bool]]) -> Select[Any]:
    """The first of a source in the order of their numbers, one more than a page, with all that a row shows."""
    chosen = select(*(source.c[column.name] for column in (*CUSTOMER, customer.c.number_key))).where(*wanted)
    if query.holding is not None:
        held = _is_held(source)
        chosen = chosen.where(held if query.holding is Holding.HELD else ~held)
    page = chosen.order_by(source.c.number_key).limit(query.size + 1).subquery("page")
    joined = page.join(organisation, organisation.c.id == page.c.organisation_id).outerjoin(
        customer_data, customer_data.c.customer_id == page.c.id
    )
    columns = (page.c[column.name] for column in CUSTOMER)
    place = customer_data.c.document["address"][-1].astext.label("place")
    shown = select(*columns, organisation.c.name, place, _is_held(page).label("held"))
    return shown.select_from(joined).order_by(page.c.number_key)


def _place(query: CustomerQuery) -> list[ColumnElement[bool]]:
    """Which part of the numbers in their order."""
    wanted = [customer.c.type == query.type] if query.type else []
    return [*wanted, customer.c.number_key > query.after] if query.after else wanted


def _is_held(source: FromClause) -> ColumnElement[bool]:
    return exists().where(link.c.customer_id == source.c.id, link.c.ended_at.is_(None))


def _has(source: FromClause, term: SearchTerm) -> ColumnElement[bool]:
    return or_(*(_stands_in(source, form) for form in term.forms))


def _stands_in(source: FromClause, form: str) -> ColumnElement[bool]:
    """The same as the index and the text say together: what is shorter than a group of three begins a word."""
    if grams(form) != [f"^{form}"]:
        return _contains(source, form)
    return source.c.search_text.regexp_match(rf"(^|\s){re.escape(form)}")


def _contains(source: FromClause, form: str) -> ColumnElement[bool]:
    return func.strpos(source.c.search_text, form) > 0


def _leads_to(form: str) -> ColumnElement[bool]:
    return and_(_GRAMS.contains(cast(array(grams(form)), ARRAY(Text))))
