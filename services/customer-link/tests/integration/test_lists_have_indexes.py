"""Every list and search goes by an index: what a million numbers need, seen on an empty database.

Reading a whole table and sorting are made so dear that a plan has them only where there is no other way.
"""

from collections.abc import Awaitable, Callable
from uuid import UUID

from sqlalchemy import text

from chassis.database import Database
from chassis.testing_edges import START
from customer_link.adapters.code_register import PostgresCodeRegister
from customer_link.adapters.contact_store import PostgresMemberships
from customer_link.adapters.customer_directory import PostgresCustomerDirectory
from customer_link.adapters.link_store import PostgresLinks
from customer_link.adapters.request_store import PostgresLinkRequests
from customer_link.domain.code_listing import CodeQuery, Cursor
from customer_link.domain.code_state import Standing
from customer_link.domain.customer_search import CustomerQuery, Holding, search_terms
from customer_link.domain.link_request import RequestKind
from customer_link.domain.request_listing import RequestCursor, RequestQuery, Shown
from customer_link_builders import ANNA
from query_plans import Explaining, Plan

SOMEWHERE = UUID(int=1)
BELOW, AFTER = Cursor(START, SOMEWHERE), RequestCursor(START, SOMEWHERE)
Look = Callable[[Explaining], Awaitable[object]]


def codes(standing: Standing | None = None, below: Cursor | None = BELOW) -> Look:
    return lambda tx: PostgresCodeRegister(tx).page(CodeQuery(standing, below=below), START)  # type: ignore[arg-type]


def requests(shown: Shown, kind: RequestKind | None = None, after: RequestCursor | None = AFTER) -> Look:
    query = RequestQuery(shown, ANNA, kind, after)
    return lambda tx: PostgresLinkRequests(tx).page(query)  # type: ignore[arg-type]


def customers(query: CustomerQuery) -> Look:
    return lambda tx: PostgresCustomerDirectory(tx).page(query)  # type: ignore[arg-type]


# What is looked at, and the index by which it must go.
LISTS: dict[str, tuple[Look, str]] = {
    "customers": (customers(CustomerQuery()), "customer_number"),
    "customers, a later page": (customers(CustomerQuery(after="4711")), "customer_number"),
    "customers of a type": (customers(CustomerQuery(type="online", after="4711")), "customer_of_type"),
    "free customers": (customers(CustomerQuery(holding=Holding.FREE)), "customer_number"),
    "held customers": (customers(CustomerQuery(holding=Holding.HELD, after="4711")), "customer_number"),
    "codes": (codes(below=None), "activation_code_newest"),
    "codes, a later page": (codes(), "activation_code_newest"),
    "issued codes": (codes(Standing.ISSUED), "activation_code_standing"),
    "printed codes": (codes(Standing.PRINTED), "activation_code_standing"),
    "used codes": (codes(Standing.USED), "activation_code_standing"),
    "superseded codes": (codes(Standing.SUPERSEDED), "activation_code_standing"),
    "withdrawn codes": (codes(Standing.WITHDRAWN, None), "activation_code_standing"),
    "expired codes": (codes(Standing.EXPIRED), "activation_code_expired"),
    "expired codes, the first page": (codes(Standing.EXPIRED, None), "activation_code_expired"),
    "requests that wait": (requests(Shown.WAITING), "link_request_waiting"),
    "requests of a kind": (requests(Shown.WAITING, RequestKind.TYPE_HELD, None), "link_request_waiting"),
    "one's own requests": (requests(Shown.MINE), "link_request_taken"),
    "requests that ended": (requests(Shown.ENDED), "link_request_ended"),
}
SEARCHES = {
    "by words": customers(CustomerQuery(search_terms("goldener ton"))),
    "by two letters": customers(CustomerQuery(search_terms("go"), after="4711")),
    "by a number": customers(CustomerQuery(search_terms("4711-0702"))),
}
OF_ONE: dict[str, tuple[Look, str]] = {
    "numbers": (lambda tx: PostgresLinks(tx).linked(ANNA), "link_"),  # type: ignore[arg-type]
    "numbers since ever": (lambda tx: PostgresLinks(tx).ever_held(ANNA, 9), "link_account"),  # type: ignore[arg-type]
    "requests": (lambda tx: PostgresLinkRequests(tx).of_account(ANNA, 9), "link_request_account"),  # type: ignore[arg-type]
    "requests about a number": (lambda tx: PostgresLinkRequests(tx).of_customer(SOMEWHERE, 9), "link_request_customer"),  # type: ignore[arg-type]
    "organisations": (lambda tx: PostgresMemberships(tx).of(ANNA), "organisation_pkey"),  # type: ignore[arg-type]
    "figures": (lambda tx: PostgresCodeRegister(tx).figures(START), "activation_code_"),  # type: ignore[arg-type]
}


async def plans_of(database: Database, look: Look, *dear: str) -> list[Plan]:
    """The plans of a look, where reading whole tables is dear, and so is what else is named."""
    async with database.transaction() as tx:
        for one in ("seqscan", *dear):
            await tx.execute(text(f"SET LOCAL enable_{one} = off"))
        seen = Explaining(tx)
        await look(seen)
        return seen.plans


async def test_lists_are_read_in_order_out_of_their_indexes(
    database_factory: Callable[[str], Awaitable[Database]],
) -> None:
    database = await database_factory("customer_link")
    wrong = {}
    for name, (look, index) in LISTS.items():
        [plan] = await plans_of(database, look, "sort", "bitmapscan")
        if index not in plan.indexes or plan.read_whole or plan.sorts:
            wrong[name] = plan
    assert not wrong


async def test_searches_go_by_the_index_of_the_search(
    database_factory: Callable[[str], Awaitable[Database]],
) -> None:
    database = await database_factory("customer_link")
    for look in SEARCHES.values():
        # Without these the only other way is the order of all numbers.
        near, everywhere = await plans_of(database, look, "indexscan", "indexonlyscan")
        assert "customer_search" in everywhere.indexes
        assert not near.read_whole | everywhere.read_whole


async def test_what_belongs_to_one_is_found_without_reading_a_table(
    database_factory: Callable[[str], Awaitable[Database]],
) -> None:
    database = await database_factory("customer_link")
    for look, beginning in OF_ONE.values():
        plans = await plans_of(database, look)
        assert any(index.startswith(beginning) for plan in plans for index in plan.indexes)
        assert not [plan for plan in plans if plan.read_whole]
