"""The list of accounts that staff search, in PostgreSQL without an extension.

`search_text` holds what is searched in one form; the index over its groups of three letters leads to the few rows in
which the words can be, and the text itself decides (measured with a million accounts: see the README).
"""

from sqlalchemy import ColumnElement, Text, and_, cast, func, or_, select, tuple_
from sqlalchemy.dialects.postgresql import ARRAY, array

from chassis.database import Transaction
from identity.adapters.account_store import ACCOUNT, to_account
from identity.adapters.tables import account
from identity.domain.account_search import AccountPage, AccountQuery, SearchTerm, grams

ANY_STAFF = "staff"
NO_STAFF = "customer"
_GRAMS = func.search_grams(account.c.search_text, type_=ARRAY(Text))
_NEWEST_FIRST = (account.c.created_at.desc(), account.c.id.desc())


class PostgresAccountDirectory:
    """Passes the contract of AccountDirectory; bound to one transaction."""

    def __init__(self, tx: Transaction) -> None:
        self._tx = tx

    async def find(self, query: AccountQuery) -> AccountPage:
        statement = select(*ACCOUNT).order_by(*_NEWEST_FIRST).limit(query.size + 1)
        if query.terms or query.also:
            words = and_(*(_has(term) for term in query.terms)) if query.terms else None
            also = account.c.id.in_(query.also) if query.also else None
            statement = statement.where(or_(*(each for each in (words, also) if each is not None)))
        if query.state:
            statement = statement.where(account.c.state == query.state.value)
        if query.role:
            statement = statement.where(_in_role(query.role))
        if query.after:
            place = (query.after.created_at, query.after.id)
            statement = statement.where(tuple_(account.c.created_at, account.c.id) < place)
        rows = await self._tx.execute(statement)
        return AccountPage.cut([to_account(row) for row in rows], query.size)


def _has(term: SearchTerm) -> ColumnElement[bool]:
    return or_(*(_contains(form) for form in term.forms))


def _contains(form: str) -> ColumnElement[bool]:
    wanted = _GRAMS.contains(cast(array(grams(form)), ARRAY(Text)))
    return and_(wanted, func.strpos(account.c.search_text, form) > 0)


def _in_role(role: str) -> ColumnElement[bool]:
    if role == NO_STAFF:
        return func.cardinality(account.c.roles) == 0
    # The words of the partial index, so that the few members of staff are found among all accounts.
    staff = func.cardinality(account.c.roles) > 0
    return staff if role == ANY_STAFF else and_(staff, cast(account.c.roles, ARRAY(Text)).contains([role]))
