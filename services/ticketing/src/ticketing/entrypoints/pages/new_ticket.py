"""/tickets/new: open a ticket."""

from collections.abc import Mapping

from fastapi import APIRouter, Request, Response

from chassis.callers import SignedIn
from chassis.errors import DomainError, ErrorKind
from chassis.sessions import Caller
from ticketing.domain.membership import Membership
from ticketing.domain.visibility import Visibility
from ticketing.entrypoints.pages.once import go_to, once
from ticketing.entrypoints.pages.site import BODY_LIMIT, Site, form_of, is_of_form, uuid_of
from ticketing.usecases.open_ticket import Draft, Place, open_ticket, place_of
from ticketing.usecases.writing import Author
from ui.forms import Form, read_form


class NewTicketPage:
    """The form, and what happens when it is sent."""

    def __init__(self, site: Site) -> None:
        self._site = site
        self.router = APIRouter()
        self.router.add_api_route("/tickets/new", self.show, methods=["GET"])
        self.router.add_api_route("/tickets/new", self.open, methods=["POST"], max_body_size=BODY_LIMIT)

    async def show(self, request: Request, caller: SignedIn) -> Response:
        """The empty form; a customer number may come in the address."""
        membership = await self._site.workplace.memberships.of(caller.account_id)
        chosen = request.query_params.get("customer", "")
        return self._form(request, membership, Form({"customer": chosen} if chosen else {}))

    async def open(self, request: Request, caller: SignedIn) -> Response:
        """Open the ticket once, however often the button was pressed."""
        work = self._site.workplace
        fields = await read_form(request)
        membership = await work.memberships.of(caller.account_id)
        try:
            draft = draft_of(fields)
            place = place_of(draft, membership, work.policy)
        except DomainError as error:
            if not is_of_form(error):
                raise
            return self._form(request, membership, form_of(fields, error, shown_fields(membership)), status=422)
        return go_to(await self._open(caller, fields, draft, place))

    async def _open(self, caller: Caller, fields: Mapping[str, str], draft: Draft, place: Place) -> str:
        work = self._site.workplace
        async with work.database.transaction() as tx:

            async def act() -> str:
                ticket = await open_ticket(
                    draft,
                    place,
                    reporter=caller.account_id,
                    author=Author(caller.account_id, caller.staff),
                    writing=work.writing(tx),
                )
                return f"/tickets/{ticket.id}?done=opened"

            return await once(tx, caller, "/tickets/new", fields, act)

    def _form(self, request: Request, membership: Membership, form: Form, *, status: int = 200) -> Response:
        policy = self._site.workplace.policy
        language = self._site.pages.language(request)
        kinds = [(kind, policy.kind_label(kind, language)) for kind in policy.kinds]
        default = policy.default_visibility.value
        return self._site.render(
            request,
            "tickets/new.html",
            status=status,
            form=form,
            kinds=kinds,
            membership=membership,
            shown=shown_fields(membership),
            default_visibility=default,
        )


def shown_fields(membership: Membership) -> list[str]:
    """Give the fields that the form has for somebody with this membership, in their order."""
    places = {
        "customer": bool(membership.customers),
        "organisation": len(membership.organisations) > 1,
        "visibility": bool(membership.organisations),
    }
    return ["kind", "subject", "text", *(name for name, shown in places.items() if shown)]


def draft_of(fields: Mapping[str, str]) -> Draft:
    """Read what was typed; INVALID with the field for a choice that the form does not offer."""
    visibility = fields.get("visibility", "")
    if visibility not in {"", *Visibility}:
        raise DomainError(ErrorKind.INVALID, "ticket_invalid", fields={"visibility": "visibility_unknown"})
    return Draft(
        kind=fields.get("kind", ""),
        subject=fields.get("subject", ""),
        text=fields.get("text", ""),
        customer_id=uuid_of(fields.get("customer", "")),
        organisation_id=uuid_of(fields.get("organisation", "")),
        visibility=Visibility(visibility) if visibility else None,
    )
