"""The beginning of the area of staff: what one may do, and where (S1)."""

from typing import Annotated

from fastapi import APIRouter, Depends, Request, Response

from chassis.callers import Caller, staff
from identity.domain.permission import Permission, permitted
from identity.entrypoints.pages.site import Site
from identity.entrypoints.pages.staff.words import ROLES

AnyStaff = Annotated[Caller, Depends(staff())]


class StaffHubPages:
    """`/staff`."""

    def __init__(self, site: Site) -> None:
        self._site = site
        self.router = APIRouter()
        self.router.add_api_route("/staff", self.show, methods=["GET"])

    async def show(self, request: Request, caller: AnyStaff) -> Response:
        """The places that the roles of the caller open."""
        return self._site.render(
            request,
            "staff/hub.html",
            roles=[word for role, word in ROLES.items() if role in caller.roles],
            may={permission.value: permitted(caller.roles, permission) for permission in Permission},
        )
