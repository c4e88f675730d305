"""`/staff/codes/orders`: letters that customers ordered; and what staff are told of guesses (A12, S5)."""

from fastapi import APIRouter, Request, Response

from customer_link.domain.code_batch import NewBatch, Source
from customer_link.domain.letter import MOST_LETTERS
from customer_link.domain.validity import day_after, end_of
from customer_link.entrypoints.pages.codes.site import CodeSite, CodeStaff
from customer_link.entrypoints.pages.site import see_other
from customer_link.usecases.print_orders import print_orders

_PATH = "/staff/codes/orders"


class OrderPages:
    """The queue of letters, and the alerts of the list of codes."""

    def __init__(self, site: CodeSite) -> None:
        self._site = site
        self.router = APIRouter()
        self.router.add_api_route(_PATH, self.show, methods=["GET"])
        self.router.add_api_route(_PATH, self.print, methods=["POST"])
        self.router.add_api_route("/staff/codes/alerts/{alert_id}", self.see, methods=["POST"])

    async def show(self, request: Request, _caller: CodeStaff) -> Response:
        """Who waits for a letter, the oldest first."""
        async with self._site.workplace.open() as records:
            waiting = await records.orders.open(MOST_LETTERS)
        return self._site.render(request, "codes/orders.html", waiting=waiting)

    async def print(self, caller: CodeStaff) -> Response:
        """Makes a batch of all that wait."""
        work, now = self._site.workplace, self._site.now()
        zone = self._site.site.pages.brand.time_zone
        end = end_of(day_after(now, work.code_valid_days, zone), zone)
        batch = NewBatch(work.rules.new_id(), Source.ORDERS, caller.account_id, now, end)
        async with work.open() as records:
            made = await print_orders(batch, records=records)
        return see_other(f"/staff/codes/batches/{batch.id}" if made else _PATH)

    async def see(self, caller: CodeStaff, alert_id: int) -> Response:
        """Somebody has looked at an alert."""
        async with self._site.workplace.open() as records:
            await records.failures.see(alert_id, caller.account_id, self._site.now())
        return see_other("/staff/codes")
