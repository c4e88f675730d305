"""`/api/v1/customers`: customer numbers for other systems, and one's own for the person of a session."""

from typing import Annotated

import structlog
from fastapi import APIRouter, Depends, Path, Query, Request, Response
from pydantic import BaseModel

from chassis.api_clients import ApiClient, client, person_or_client
from chassis.api_document import header, problems
from chassis.errors import DomainError, ErrorKind
from chassis.etags import check_conditions, etag_of
from chassis.page_tokens import read_page_token, write_page_token
from chassis.sessions import Caller
from chassis.strict_json import StrictJsonRoute
from customer_link.domain.customer_entry import CustomerRecord, Outcome, PutAnswer, RecordQuery
from customer_link.domain.customer_number import LONGEST, number_key
from customer_link.entrypoints.api.customer_models import (
    CustomerIdJson,
    CustomerJson,
    CustomersJson,
    ListParameters,
    SentCustomer,
    row_of,
)
from customer_link.entrypoints.api.own_customers import OwnCustomersJson
from customer_link.entrypoints.workplace import Workplace
from customer_link.usecases.ports import Records
from customer_link.usecases.put_customers import PutRules, claim_numbers, put_customers

PATH = "/api/v1/customers"
_ONE = f"{PATH}/{{number}}"
READ, WRITE = "customers:read", "customers:write"
BODY_LIMIT = 256 * 1024
_CONDITIONS = {
    "parameters": [
        *header("If-Match", '"6f1e…"', "Change only what you have seen; `*`: only what is there.")["parameters"],
        *header("If-None-Match", "*", "`*`: only make a number that is not there.")["parameters"],
    ]
}
# Whoever asks for one of these asks for what stands; nothing is lost when it is sent again.
_OF_ANOTHER = frozenset({"number_of_another", "type_differs"})
_log = structlog.get_logger(__name__)

Reader = Annotated[ApiClient, Depends(client(READ))]
Writer = Annotated[ApiClient, Depends(client(WRITE))]
Anybody = Annotated[ApiClient | Caller, Depends(person_or_client(READ))]
Number = Annotated[str, Path(max_length=2 * LONGEST, description="Blanks, dashes and case do not matter.")]
Shown = CustomerJson | CustomerIdJson


class CustomerApi:
    """List, get and put."""

    def __init__(self, workplace: Workplace) -> None:
        self._workplace = workplace
        self._rules = put_rules(workplace)
        self.router = APIRouter(route_class=StrictJsonRoute, tags=["customers"])
        add = self.router.add_api_route
        listed = OwnCustomersJson | CustomersJson
        add(PATH, self.list, methods=["GET"], summary="List customer numbers", response_model=listed)
        add(_ONE, self.get, methods=["GET"], summary="Get a number, its data and its ETag", response_model=CustomerJson)
        add(
            _ONE,
            self.put,
            methods=["PUT"],
            summary="Make a number known or change what stands behind it",
            response_model=Shown,
            responses={201: {"model": Shown, "description": "The number is new."}, **problems(409, 412)},
            openapi_extra=_CONDITIONS,
            max_body_size=BODY_LIMIT,
        )

    async def list(self, caller: Anybody, asked: Annotated[ListParameters, Query()]) -> Response:
        """To a client all numbers in their order, page by page; to a person all of their own, with their data."""
        if isinstance(caller, Caller):
            async with self._workplace.open() as records:
                return _json(OwnCustomersJson.of(await records.links.linked(caller.account_id)))
        position = read_page_token(asked.page_token, 1)
        query = RecordQuery(
            customer_id=asked.customer_id,
            organisation_id=asked.organisation_id,
            reference=asked.reference,
            type=asked.type,
            after=position[0] if position else "",
            size=asked.page_size,
        )
        async with self._workplace.open() as records:
            page = await records.book.page(query)
        token = write_page_token(page.next) if page.next else ""
        return _json(CustomersJson(customers=[row_of(one) for one in page.records], next_page_token=token))

    async def get(self, _caller: Reader, number: Number) -> Response:
        """With the `ETag` that a conditional change needs."""
        async with self._workplace.open() as records:
            record = await _known(number, records)
        return _json(CustomerJson.of(record), record)

    async def put(self, request: Request, caller: Writer, number: Number, sent: SentCustomer) -> Response:
        """201 for a new number, 200 otherwise, also when nothing is new. Data replace older data; older ones are left.

        A number keeps its type, its organisation and its spelling. Send it again as often as you like.
        """
        async with self._workplace.open() as records:
            entry = sent.read(number)
            await claim_numbers([entry], records)
            present = await records.book.record(number_key(number))
            check_conditions(request, etag_of(CustomerJson.of(present)) if present else None)
            [answer] = await put_customers([entry], records=records, rules=self._rules)
            if answer.outcome is Outcome.REFUSED:
                raise _refused(answer)
            record = await _known(number, records)
        _log.info("customer_put", client_id=str(caller.client_id), outcome=answer.outcome.value)
        return _json(_shown(record, caller), record, 201 if answer.outcome is Outcome.CREATED else 200)


async def _known(number: str, records: Records) -> CustomerRecord:
    record = await records.book.record(number_key(number))
    if record is None:
        raise DomainError(ErrorKind.NOT_FOUND, "customer_unknown", "There is no such customer number.")
    return record


def put_rules(workplace: Workplace) -> PutRules:
    """How entries are read here."""
    rules = workplace.rules
    return PutRules(workplace.types, rules.clock, rules.new_id, workplace.data_max_age)


def _refused(answer: PutAnswer) -> DomainError:
    taken = _OF_ANOTHER.intersection(answer.problems.values())
    if taken:
        return DomainError(ErrorKind.CONFLICT, min(taken), "The number is known otherwise.", fields=answer.problems)
    return DomainError(ErrorKind.INVALID, "invalid_input", "The request breaks a rule.", fields=answer.problems)


def _shown(record: CustomerRecord, caller: ApiClient) -> Shown:
    """As much as the scopes allow: who may only write is not told what stands there."""
    if READ in caller.scopes:
        return CustomerJson.of(record)
    return CustomerIdJson(customer_id=record.customer.id, number=record.customer.number)


def _json(shown: BaseModel, record: CustomerRecord | None = None, status: int = 200) -> Response:
    headers = {"ETag": etag_of(CustomerJson.of(record))} if record else {}
    return Response(shown.model_dump_json(), status, headers, media_type="application/json")
