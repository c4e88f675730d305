"""`/customers/invitations/{id}`: who was invited accepts or declines. Opening the page changes nothing (DESIGN 20)."""

from uuid import UUID

from fastapi import APIRouter, Request, Response

from chassis.callers import SignedIn
from chassis.errors import DomainError, ErrorKind
from chassis.idempotency import StoredAnswer
from customer_link.domain.invitation import InvitationState
from customer_link.entrypoints.pages.codes.site import last_day
from customer_link.entrypoints.pages.once import once
from customer_link.entrypoints.pages.organisations.site import members_path, organisation_of
from customer_link.entrypoints.pages.site import Site, see_other
from customer_link.usecases.answer_invitation import (
    accept_invitation,
    decline_invitation,
    invitation_unknown,
    own_invitation,
)
from ui.forms import Form, read_form
from ui.translations import N_

_CHOOSE = N_("Accept or decline the invitation")


class InvitationPages:
    """For the account of the invited address; for everybody else there is no such page."""

    def __init__(self, site: Site) -> None:
        self._site = site
        self._workplace = site.workplace
        self.router = APIRouter()
        self.router.add_api_route("/customers/invitations/{invitation_id}", self.show, methods=["GET"])
        self.router.add_api_route("/customers/invitations/{invitation_id}", self.answer, methods=["POST"])

    async def show(self, request: Request, caller: SignedIn, invitation_id: str) -> Response:
        """Who invites, to what, for how long."""
        return await self._page(request, caller.account_id, _read_id(invitation_id))

    async def answer(self, request: Request, caller: SignedIn, invitation_id: str) -> Response:
        """`answer` is accept or decline."""
        fields, wanted = await read_form(request), _read_id(invitation_id)
        answers = {"accept": accept_invitation, "decline": decline_invitation}
        decide = answers.get(fields.get("answer", ""))
        if decide is None:
            form = Form(values=fields, errors={"": _CHOOSE})
            return await self._page(request, caller.account_id, wanted, form=form, status=422)

        async def act() -> StoredAnswer:
            now = self._workplace.rules.clock()
            found = await decide(caller.account_id, wanted, records=self._workplace.records(tx), now=now)
            accepted = fields["answer"] == "accept"
            return StoredAnswer(
                303, f"{members_path(found.organisation_id)}?notice=joined" if accepted else "/customers?declined=1"
            )

        try:
            async with self._workplace.database.transaction() as tx:
                answer = await once(tx, caller.account_id, f"/customers/invitations/{wanted}", fields, act)
        except DomainError as error:
            if error.kind is not ErrorKind.CONFLICT or error.code != "invitation_over":
                raise
            return await self._page(request, caller.account_id, wanted, status=410)
        return see_other(answer.location or "/customers")

    async def _page(
        self, request: Request, account_id: UUID, wanted: UUID, *, form: Form | None = None, status: int = 200
    ) -> Response:
        now = self._workplace.rules.clock()
        async with self._workplace.open() as records:
            invitation = await own_invitation(account_id, wanted, records=records)
            organisation = await organisation_of(invitation.organisation_id, records)
        if invitation.state is InvitationState.ACCEPTED:
            return see_other(members_path(organisation.id))
        answerable = invitation.answerable(now)
        names = await self._site.names([invitation.invited_by]) if answerable else None
        return self._site.render(
            request,
            "organisations/invitation.html",
            status=status if answerable else 410,
            form=form or Form(),
            invitation=invitation,
            organisation=organisation,
            answerable=answerable,
            last_day=last_day,
            inviter=(names or {}).get(invitation.invited_by, ""),
        )


def _read_id(text: str) -> UUID:
    try:
        return UUID(text)
    except ValueError:
        raise invitation_unknown() from None
