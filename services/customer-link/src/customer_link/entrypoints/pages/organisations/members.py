"""`/customers/organisations/{id}/members`: who belongs to it and why, end an access, name administrators."""

from collections.abc import Awaitable, Callable
from uuid import UUID

from fastapi import APIRouter, Request, Response

from chassis.callers import SignedIn
from chassis.errors import DomainError, ErrorKind
from chassis.idempotency import StoredAnswer
from chassis.sessions import Caller
from customer_link.entrypoints.pages.codes.site import last_day
from customer_link.entrypoints.pages.once import once
from customer_link.entrypoints.pages.organisations.site import members_path, organisation_of, read_organisation_id
from customer_link.entrypoints.pages.site import Site, see_other
from customer_link.usecases.end_access import end_access
from customer_link.usecases.name_administrator import name_administrator
from customer_link.usecases.organisation_rights import administering, belonging, organisation_unknown
from customer_link.usecases.ports import Records
from ui.forms import read_form

_MOST_SHOWN = 100
_NOTICES = frozenset({"invited", "withdrawn", "ended", "named", "unnamed", "successor", "joined", "accepted"})
_Change = Callable[[Records], Awaitable[str]]


class MemberPages:
    """Members see one another; administrators change who belongs to the organisation."""

    def __init__(self, site: Site) -> None:
        self._site = site
        self._workplace = site.workplace
        self.router = APIRouter()
        path = "/customers/organisations/{organisation_id}/members"
        self.router.add_api_route(path, self.show, methods=["GET"])
        self.router.add_api_route(f"{path}/{{account_id}}/end", self.ask, methods=["GET"])
        self.router.add_api_route(f"{path}/{{account_id}}/end", self.end, methods=["POST"])
        self.router.add_api_route(f"{path}/{{account_id}}/administrator", self.name, methods=["POST"])

    async def show(self, request: Request, caller: SignedIn, organisation_id: str) -> Response:
        """Members with reason and since when; administrators see invitations without an answer too."""
        wanted = read_organisation_id(organisation_id)
        async with self._workplace.open() as records:
            standing = await belonging(caller.account_id, wanted, records=records)
            organisation = await organisation_of(wanted, records)
            waiting = await records.invitations.waiting(wanted) if standing.mine.administers else []
        shown, notice = standing.members[:_MOST_SHOWN], request.query_params.get("notice", "")
        return self._site.render(
            request,
            "organisations/members.html",
            organisation=organisation,
            mine=standing.mine,
            members=shown,
            unshown=len(standing.members) - len(shown),
            waiting=waiting,
            names=await self._site.names([one.account_id for one in shown]),
            notice=notice if notice in _NOTICES else "",
            last_day=last_day,
        )

    async def ask(self, request: Request, caller: SignedIn, organisation_id: str, account_id: str) -> Response:
        """Asks once more before somebody is out."""
        wanted, whose = read_organisation_id(organisation_id), read_organisation_id(account_id)
        right = belonging if whose == caller.account_id else administering
        async with self._workplace.open() as records:
            standing = await right(caller.account_id, wanted, records=records)
            organisation = await organisation_of(wanted, records)
        member = standing.member(whose)
        if member is None or member.invitation is None:
            raise organisation_unknown()
        names = await self._site.names([whose]) or {}
        name, leaving = names.get(whose, member.invitation.display_name), whose == caller.account_id
        return self._site.render(
            request, "organisations/end.html", organisation=organisation, member=member, name=name, leaving=leaving
        )

    async def end(self, request: Request, caller: SignedIn, organisation_id: str, account_id: str) -> Response:
        """Ends the access of somebody who was invited; one's own, too."""
        wanted, whose = read_organisation_id(organisation_id), read_organisation_id(account_id)
        now = self._workplace.rules.clock()

        async def act(records: Records) -> str:
            await end_access(wanted, whose, by=caller.account_id, records=records, now=now)
            return "/customers?left=1" if whose == caller.account_id else f"{members_path(wanted)}?notice=ended"

        return await self._changed(request, caller, wanted, f"{members_path(wanted)}/{whose}/end", act)

    async def name(self, request: Request, caller: SignedIn, organisation_id: str, account_id: str) -> Response:
        """Makes a member an administrator, or no longer: `administrator` is yes or no."""
        wanted, whose = read_organisation_id(organisation_id), read_organisation_id(account_id)
        named, now = (await read_form(request)).get("administrator") == "yes", self._workplace.rules.clock()

        async def act(records: Records) -> str:
            await name_administrator(wanted, whose, named=named, by=caller.account_id, records=records, now=now)
            return f"{members_path(wanted)}?notice={'named' if named else 'unnamed'}"

        return await self._changed(request, caller, wanted, f"{members_path(wanted)}/{whose}/administrator", act)

    async def _changed(self, request: Request, caller: Caller, wanted: UUID, route: str, change: _Change) -> Response:
        fields = await read_form(request)

        async def act() -> StoredAnswer:
            return StoredAnswer(303, await change(self._workplace.records(tx)))

        try:
            async with self._workplace.database.transaction() as tx:
                answer = await once(tx, caller.account_id, route, fields, act)
        except DomainError as error:
            if error.kind is not ErrorKind.CONFLICT or error.code != "successor_missing":
                raise
            return see_other(f"{members_path(wanted)}?notice=successor")
        return see_other(answer.location or members_path(wanted))
