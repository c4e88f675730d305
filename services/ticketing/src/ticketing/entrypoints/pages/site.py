"""What the pages of customers and of the desk share: reading forms, and the words for the reader."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode
from uuid import UUID

from fastapi import Request, Response

from chassis.errors import DomainError, ErrorKind
from chassis.sessions import Caller
from ticketing.domain.membership import Membership
from ticketing.domain.ticket import Entry, Ticket
from ticketing.entrypoints.list_request import ListRequest
from ticketing.entrypoints.pages.wording import Wording, mistake
from ticketing.entrypoints.workplace import Workplace
from ui.forms import Form
from ui.pages import Pages

PAGE_SIZE = 25
BODY_LIMIT = 256 * 1024
"""Bytes of a form with a long text: an umlaut takes six of them."""


@dataclass(frozen=True, slots=True)
class Site:
    """Pages and what they are made from."""

    workplace: Workplace
    pages: Pages

    async def wording(
        self, request: Request, caller: Caller, people: Collection[UUID | None] = (), *, at_desk: bool = False
    ) -> Wording:
        """Make the words for a reader, with the names of some people; one call at most, outside of a transaction."""
        wanted = {one for one in people if one is not None and one != caller.account_id}
        found = await self.workplace.names.people(wanted) if wanted else {}
        language = self.pages.language(request)
        gettext = self.pages.gettext(language)
        me, my_name = caller.account_id, caller.display_name
        return Wording(self.workplace.policy, language, gettext, me, my_name, found, at_desk)

    def render(self, request: Request, template: str, *, status: int = 200, **context: Any) -> Response:
        """Render a page."""
        return self.pages.render(request, template, status=status, **context)


def form_of(fields: Mapping[str, str], error: DomainError, order: Collection[str]) -> Form:
    """Make the form again with what is wrong, in the order of its fields.

    What concerns no field, or one that this form does not show, stands above it.
    """
    found = {name if name in order else "": mistake(code) for name, code in (error.fields or {"": error.code}).items()}
    return Form(fields, {name: found[name] for name in ("", *order) if name in found})


def is_of_form(error: DomainError) -> bool:
    """Whether the person can mend it in the form."""
    return error.kind is ErrorKind.INVALID and bool(error.fields)


def people_of(ticket: Ticket, talk: Collection[Entry]) -> set[UUID | None]:
    """Give all whose names a ticket's page needs."""
    spoken = {entry.author_id for entry in talk} | {entry.assignee_id for entry in talk}
    return spoken | {ticket.reporter_id, ticket.assignee_id}


def organisation_name(ticket: Ticket, membership: Membership) -> str:
    """Give the name of the ticket's organisation as the reader's membership has it; empty when it lacks it."""
    known = membership.organisation(ticket.organisation_id) if ticket.organisation_id else None
    return known.name if known else ""


def address(path: str, parameters: Mapping[str, str]) -> str:
    """Give a path with parameters."""
    return f"{path}?{urlencode(parameters)}" if parameters else path


def list_address(path: str, asked: ListRequest, **changes: str) -> str:
    """Give the address of a list as asked, changed in some parameters."""
    parameters = asked.parameters() | changes
    return address(path, {name: value for name, value in parameters.items() if value})


def uuid_of(value: str) -> UUID | None:
    """Read an id from a form; None when there is none."""
    try:
        return UUID(value) if value else None
    except ValueError as error:
        raise DomainError(ErrorKind.INVALID, "id_unreadable", "An id of the form is not one.") from error
