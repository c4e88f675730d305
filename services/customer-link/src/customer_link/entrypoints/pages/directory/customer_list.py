"""`/staff/customers`: customer numbers by any part of number, organisation, name or place (STEPS S4)."""

from collections.abc import Collection
from urllib.parse import urlencode

from fastapi import APIRouter, Request, Response

from chassis.page_tokens import read_page_token, write_page_token
from customer_link.domain.customer_search import SEARCH_LENGTH, CustomerQuery, Holding, search_terms
from customer_link.entrypoints.pages.directory.site import CustomerStaff, DirectorySite

PATH = "/staff/customers"


class CustomerListPage:
    """A search leaves no trace, opening a customer does."""

    def __init__(self, directory: DirectorySite) -> None:
        self._site = directory.site
        self.router = APIRouter()
        self.router.add_api_route(PATH, self.show, methods=["GET"])

    async def show(self, request: Request, _caller: CustomerStaff) -> Response:
        """The numbers that fit, in their order."""
        asked = self._asked(request)
        query = CustomerQuery(
            terms=search_terms(asked["q"]),
            type=asked["type"],
            holding=Holding(asked["holding"]) if asked["holding"] else None,
            after=(read_page_token(request.query_params.get("page", ""), 1) or ("",))[0],
        )
        async with self._site.workplace.open() as records:
            page = await records.directory.page(query)
        return self._site.render(
            request,
            "directory/list.html",
            rows=page.rows,
            asked=asked,
            narrowed=any(asked.values()),
            first_page=_address(asked) if query.after else "",
            next_page=_address({**asked, "page": write_page_token(page.next)}) if page.next else "",
        )

    def _asked(self, request: Request) -> dict[str, str]:
        """The filters; what nobody offers is as if it were not there."""
        query = request.query_params
        offered: dict[str, Collection[str]] = {"type": set(self._site.workplace.types), "holding": set(Holding)}
        chosen = {name: query.get(name, "") if query.get(name) in values else "" for name, values in offered.items()}
        words = "".join(sign if sign.isprintable() else " " for sign in query.get("q", ""))
        return {"q": " ".join(words.split())[:SEARCH_LENGTH], **chosen}


def _address(asked: dict[str, str]) -> str:
    parameters = {name: value for name, value in asked.items() if value}
    return f"{PATH}?{urlencode(parameters)}" if parameters else PATH
