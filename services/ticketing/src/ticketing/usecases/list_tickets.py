"""List tickets: one's own, the organisations', or all at the desk."""

from dataclasses import dataclass

from ticketing.domain.listing import Counts, Mine, Shared, TicketPage, TicketQuery, cut, one_more
from ticketing.usecases.ports import TicketStore


@dataclass(frozen=True, slots=True)
class TicketList:
    """A page and what stands above it."""

    page: TicketPage
    counts: Counts


async def list_page(query: TicketQuery, *, tickets: TicketStore) -> TicketPage:
    """Give one page of a list."""
    return cut(await tickets.page(one_more(query)), query.size)


async def list_tickets(query: TicketQuery, mine: Mine, shared: Shared, *, tickets: TicketStore) -> TicketList:
    """Give one page of one of two tabs with the counts of both; two statements, however many tickets there are."""
    page = await list_page(query, tickets=tickets)
    shown = shared if isinstance(query.scope, Shared) else mine
    return TicketList(page, await tickets.counts(mine, shared, shown))
