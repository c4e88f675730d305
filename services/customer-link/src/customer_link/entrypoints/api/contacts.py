"""`/api/v1/organisations/{organisation_id}/contacts`: contact persons, for other systems (M2, M2b)."""

from typing import Annotated
from uuid import UUID

import structlog
from fastapi import APIRouter, Depends, Query, Request, Response
from pydantic import BaseModel, Field

from chassis.answer_once import Made, create_once
from chassis.api_clients import ApiClient, client
from chassis.api_document import IDEMPOTENCY_KEY, problems
from chassis.errors import DomainError, ErrorKind
from chassis.page_tokens import LONGEST_PAGE_TOKEN, page_token_invalid, read_page_token, write_page_token
from chassis.strict_json import StrictJsonRoute
from customer_link.domain.contact import Contact
from customer_link.entrypoints.api.customer_models import Long, Sent
from customer_link.entrypoints.workplace import Workplace
from customer_link.usecases.add_contact import add_contact
from customer_link.usecases.import_contacts import Fault
from customer_link.usecases.ports import Records
from customer_link.usecases.remove_contact import end_contact

_PATH = "/api/v1/organisations/{organisation_id}/contacts"
READ, WRITE = "contacts:read", "contacts:write"
_LONGEST_EMAIL = 254
_FIELDS = {
    Fault.EMAIL_INVALID: "email",
    Fault.NAME_MISSING: "display_name",
    Fault.NAME_TOO_LONG: "display_name",
    Fault.LANGUAGE_UNKNOWN: "language",
}
_log = structlog.get_logger(__name__)

Reader = Annotated[ApiClient, Depends(client(READ))]
Writer = Annotated[ApiClient, Depends(client(WRITE))]


class NewContact(Sent):
    """A person who is to act for the organisation; the account is made, or found, by the address."""

    email: str = Field(max_length=_LONGEST_EMAIL, examples=["martha@beispiel.at"])
    display_name: Long = Field(examples=["Martha Gold"])
    language: str = Field("", max_length=2, description="Without one, the brand's.", examples=["de"])


class ContactParameters(Sent):
    """Which part of the list."""

    page_size: int = Field(25, ge=1, le=100)
    page_token: str = Field("", max_length=LONGEST_PAGE_TOKEN)


class ContactIdJson(BaseModel):
    """What a client with `contacts:write` alone is shown."""

    contact_id: UUID


class ContactJson(ContactIdJson):
    """A contact person."""

    email: str
    display_name: str
    language: str
    account_id: Annotated[UUID | None, Field(description="Null until there is an account.")]

    @classmethod
    def of(cls, contact: Contact) -> "ContactJson":
        """Make it of a contact."""
        return cls(
            contact_id=contact.id,
            email=contact.email,
            display_name=contact.display_name,
            language=contact.language,
            account_id=contact.account_id,
        )


class ContactsJson(BaseModel):
    """One page of a list (AIP-158)."""

    contacts: list[ContactJson]
    next_page_token: Annotated[str, Field(description="Empty at the end.")]


Shown = ContactJson | ContactIdJson


class ContactApi:
    """List, name and name no longer."""

    def __init__(self, workplace: Workplace) -> None:
        self._workplace = workplace
        self.router = APIRouter(route_class=StrictJsonRoute, tags=["contacts"])
        add = self.router.add_api_route
        add(_PATH, self.list, methods=["GET"], summary="List the contact persons", response_model=ContactsJson)
        add(
            _PATH,
            self.name,
            methods=["POST"],
            summary="Name a contact person, once for each Idempotency-Key",
            status_code=201,
            response_model=Shown,
            responses=problems(409),
            openapi_extra=IDEMPOTENCY_KEY,
        )
        add(
            f"{_PATH}/{{contact_id}}",
            self.remove,
            methods=["DELETE"],
            summary="Name a contact person no longer",
            status_code=204,
            response_class=Response,
        )

    async def list(
        self, _caller: Reader, organisation_id: UUID, asked: Annotated[ContactParameters, Query()]
    ) -> ContactsJson:
        """Those who are named now, in no order that means anything."""
        after = _read_place(asked.page_token)
        async with self._workplace.open() as records:
            await _require(organisation_id, records)
            found = await records.book.contacts(organisation_id, after, asked.page_size + 1)
        shown = found[: asked.page_size]
        token = write_page_token(str(shown[-1].id)) if len(found) > len(shown) else ""
        return ContactsJson(contacts=[ContactJson.of(one) for one in shown], next_page_token=token)

    async def name(self, request: Request, caller: Writer, organisation_id: UUID, sent: NewContact) -> Response:
        """The person is a member as soon as there is an account. 409 `contact_exists` for one who is named already."""
        async with self._workplace.database.transaction() as tx:
            records = self._workplace.records(tx)

            async def act() -> Made:
                await _require(organisation_id, records)
                told = (sent.email, sent.display_name, sent.language)
                named = await add_contact(
                    organisation_id, *told, records=records, rules=self._workplace.importing.contacts
                )
                if isinstance(named, Fault):
                    raise _refused(named)
                return _shown(named, caller), f"{request.url.path}/{named.id}"

            answer = await create_once(tx, request, owner=str(caller.client_id), sent=sent, act=act)
        _log.info("contact_named", client_id=str(caller.client_id), organisation_id=str(organisation_id))
        return answer

    async def remove(self, caller: Writer, organisation_id: UUID, contact_id: UUID) -> Response:
        """Out everywhere within a second; tickets stay with the organisation."""
        async with self._workplace.open() as records:
            contact = await records.contacts.get(contact_id)
            if contact is None or not contact.active or contact.organisation_id != organisation_id:
                raise DomainError(ErrorKind.NOT_FOUND, "contact_unknown", "There is no such contact person.")
            await end_contact(contact, records=records, clock=self._workplace.rules.clock)
        _log.info("contact_removed", client_id=str(caller.client_id), contact_id=str(contact_id))
        return Response(status_code=204)


async def _require(organisation_id: UUID, records: Records) -> None:
    if not await records.customers.organisations([organisation_id]):
        raise DomainError(ErrorKind.NOT_FOUND, "organisation_unknown", "There is no such organisation.")


def _refused(fault: Fault) -> DomainError:
    if fault not in _FIELDS:
        return DomainError(ErrorKind.CONFLICT, "contact_exists", "This person is named already.")
    fields = {_FIELDS[fault]: fault.value}
    return DomainError(ErrorKind.INVALID, "invalid_input", "The request breaks a rule.", fields=fields)


def _shown(contact: Contact, caller: ApiClient) -> Shown:
    return ContactJson.of(contact) if READ in caller.scopes else ContactIdJson(contact_id=contact.id)


def _read_place(token: str) -> UUID | None:
    position = read_page_token(token, 1)
    try:
        return UUID(position[0]) if position else None
    except ValueError as error:
        raise page_token_invalid() from error
