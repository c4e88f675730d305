"""Staff find accounts (S4)."""

from dataclasses import replace
from typing import Annotated, Any
from urllib.parse import urlencode

from fastapi import APIRouter, Depends, Request, Response

from chassis.callers import Caller, staff
from identity.domain.account import AccountState
from identity.domain.account_search import SEARCH_LENGTH
from identity.domain.permission import Permission, Role, permitted, roles_for
from identity.entrypoints.account_places import read_account_place, write_account_place
from identity.entrypoints.pages.site import Site
from identity.entrypoints.pages.staff.words import ROLES, STATES
from identity.usecases.find_accounts import understand_words

Serving = Annotated[Caller, Depends(staff(*roles_for(Permission.SEE_ACCOUNTS)))]
_ANY_STAFF = "staff"


class StaffAccountsPages:
    """`/staff/accounts`: a search leaves no trace, opening an account does."""

    def __init__(self, site: Site) -> None:
        self._site = site
        self.router = APIRouter()
        self.router.add_api_route("/staff/accounts", self.show, methods=["GET"])

    async def show(self, request: Request, caller: Serving) -> Response:
        """The accounts that fit, newest first."""
        site, asked = self._site, _asked(request)
        meant = await understand_words(asked["q"], site.surroundings.links)
        query = replace(
            meant.query,
            state=AccountState(asked["state"]) if asked["state"] else None,
            role=asked["role"],
            after=read_account_place(request.query_params.get("page", "")),
        )
        async with site.database.transaction() as tx:
            page = await site.records(tx).directory.find(query)
        return site.render(
            request,
            "staff/accounts.html",
            accounts=page.accounts,
            asked=asked,
            narrowed=any(asked.values()),
            numbers_known=meant.numbers_known,
            added=bool(request.query_params.get("added")),
            may_add=permitted(caller.roles, Permission.MANAGE_STAFF),
            first_page=_address(asked) if query.after else "",
            next_page=_address(asked, page=write_account_place(page.next)) if page.next else "",
            states=STATES,
            roles=ROLES,
        )


def _asked(request: Request) -> dict[str, str]:
    """The filters; what nobody offers is as if it were not there."""
    query = request.query_params
    known = {"state": set(AccountState), "role": {_ANY_STAFF, *Role}}
    chosen = {name: query.get(name, "") if query.get(name) in values else "" for name, values in known.items()}
    words = "".join(sign if sign.isprintable() else " " for sign in query.get("q", ""))
    return {"q": " ".join(words.split())[:SEARCH_LENGTH], **chosen}


def _address(asked: dict[str, str], **more: str) -> str:
    parameters: dict[str, Any] = {name: value for name, value in {**asked, **more}.items() if value}
    return f"/staff/accounts?{urlencode(parameters)}" if parameters else "/staff/accounts"
