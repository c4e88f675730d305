"""`POST /api/v1/customers:batchPut`: many customer numbers at once (M2, S6)."""

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Annotated, Any
from uuid import UUID

import structlog
from fastapi import APIRouter, Query
from pydantic import BaseModel, BeforeValidator, Field, ValidationError
from pydantic.json_schema import SkipJsonSchema

from chassis.strict_json import StrictJsonRoute
from customer_link.domain.customer_entry import CustomerEntry, Outcome, PutAnswer
from customer_link.domain.customer_number import LONGEST
from customer_link.entrypoints.api.customer_models import Sent, SentCustomer
from customer_link.entrypoints.api.customers import PATH, Writer, put_rules
from customer_link.entrypoints.workplace import Workplace
from customer_link.usecases.put_customers import put_customers

MOST_ENTRIES = 500
BODY_LIMIT = 4 * 1024 * 1024
_log = structlog.get_logger(__name__)


class SentEntry(SentCustomer):
    """One number, as `PUT /api/v1/customers/{number}` takes it."""

    number: Annotated[str, Field(max_length=2 * LONGEST, examples=["4500 1234"])]


@dataclass(frozen=True, slots=True)
class BadEntry:
    """One that has not the declared form: what is wrong, by field."""

    problems: Sequence[tuple[str, str]]


def _read_entry(value: Any) -> SentEntry | BadEntry:
    # One bad entry refuses itself and not the whole batch.
    try:
        return SentEntry.model_validate(value)
    except ValidationError as error:
        return BadEntry([("/".join(map(str, one["loc"])), one["type"]) for one in error.errors()])


Entry = Annotated[SentEntry | SkipJsonSchema[BadEntry], BeforeValidator(_read_entry)]


class Batch(Sent):
    """Up to 500 numbers. Each is taken or refused by itself."""

    customers: list[Entry] = Field(min_length=1, max_length=MOST_ENTRIES)


class BatchParameters(Sent):
    """How to put them."""

    dry_run: bool = Field(False, description="Look at every entry and change nothing.")


class EntryJson(BaseModel):
    """What became of an entry, or would."""

    index: Annotated[int, Field(description="Its place in the batch; the first is 0.")]
    outcome: Outcome
    customer_id: Annotated[
        UUID | None, Field(description="Null for one that is refused, and for a new one in a dry run.")
    ]


class BadFieldJson(BaseModel):
    """One thing that is wrong with an entry."""

    index: Annotated[int, Field(description="Its place in the batch; the first is 0.")]
    field: Annotated[str, Field(description="As `data/as_of_time`; empty for the entry as a whole.")]
    problem: Annotated[str, Field(description="A code, such as type_unknown.")]


class BatchResult(BaseModel):
    """What became of the entries."""

    dry_run: bool
    created: int
    changed: int
    unchanged: int
    refused: int
    customers: Annotated[list[EntryJson], Field(description="In the order of the batch.")]
    errors: list[BadFieldJson]


class CustomerBatchApi:
    """One route. It may be sent again: what is known already changes nothing."""

    def __init__(self, workplace: Workplace) -> None:
        self._workplace = workplace
        self._rules = put_rules(workplace)
        self.router = APIRouter(route_class=StrictJsonRoute, tags=["customers"])
        self.router.add_api_route(
            f"{PATH}:batchPut",
            self.put,
            methods=["POST"],
            summary="Put up to 500 numbers",
            response_model=BatchResult,
            max_body_size=BODY_LIMIT,
        )

    async def put(self, caller: Writer, sent: Batch, asked: Annotated[BatchParameters, Query()]) -> BatchResult:
        """Good entries are taken although others are bad; every bad one is named by index and field."""
        good = {index: _entry(one) for index, one in enumerate(sent.customers) if isinstance(one, SentEntry)}
        async with self._workplace.open() as records:
            entries = list(good.values())
            put = await put_customers(entries, records=records, rules=self._rules, dry_run=asked.dry_run)
        answers = dict(zip(good, put, strict=True))
        result = _result(sent.customers, answers, dry_run=asked.dry_run)
        counts = result.model_dump(include={"dry_run", *Outcome})
        _log.info("customers_put", client_id=str(caller.client_id), **counts)
        return result


def _entry(sent: SentEntry) -> CustomerEntry:
    return sent.read(sent.number)


def _result(entries: Sequence[SentEntry | BadEntry], answers: dict[int, PutAnswer], *, dry_run: bool) -> BatchResult:
    every = [answers.get(index, PutAnswer(Outcome.REFUSED)) for index in range(len(entries))]
    counts = Counter(one.outcome.value for one in every)
    made_up = {Outcome.CREATED} if dry_run else set()
    return BatchResult(
        dry_run=dry_run,
        **{outcome.value: counts[outcome.value] for outcome in Outcome},
        customers=[
            EntryJson(index=index, outcome=one.outcome, customer_id=None if one.outcome in made_up else one.customer_id)
            for index, one in enumerate(every)
        ],
        errors=[
            BadFieldJson(index=index, field=field, problem=problem) for index, field, problem in _bad(entries, every)
        ],
    )


def _bad(entries: Sequence[SentEntry | BadEntry], answers: Sequence[PutAnswer]) -> Iterator[tuple[int, str, str]]:
    for index, (entry, answer) in enumerate(zip(entries, answers, strict=True)):
        problems = entry.problems if isinstance(entry, BadEntry) else answer.problems.items()
        for field, problem in problems:
            yield index, field, problem
