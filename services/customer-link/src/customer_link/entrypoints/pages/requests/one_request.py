"""`/staff/requests/{id}`: both sides of a request; take it, give it back, decide (STEPS A15, S3)."""

from collections.abc import Mapping
from dataclasses import dataclass
from uuid import UUID

import structlog
from fastapi import APIRouter, Request, Response

from chassis.errors import DomainError, ErrorKind
from chassis.idempotency import StoredAnswer
from chassis.sessions import Caller
from customer_link.domain.customer import Link, LinkedCustomer
from customer_link.domain.link_request import DECISIONS, LONGEST_TEXT, Act, Step, decisions
from customer_link.domain.request_document import RequestDocument
from customer_link.domain.request_listing import HistoryStep, RequestEntry
from customer_link.entrypoints.pages.once import once
from customer_link.entrypoints.pages.requests.own import read_request_id, request_unknown
from customer_link.entrypoints.pages.requests.queue import RequestStaff
from customer_link.entrypoints.pages.site import Site, see_other
from customer_link.usecases.decide_request import decide_request
from customer_link.usecases.handle_request import handle_request
from customer_link.usecases.ports import Records
from ui.forms import Form, read_form
from ui.translations import N_

_log = structlog.get_logger(__name__)
_PATH = "/staff/requests/{request_id}"
_NOTICES = frozenset({"taken", "given_back", "decided", "ended", "not_possible"})
_DECISION_MISSING = N_("Choose what you decide")
_ANSWER_MISSING = N_("Say why you refuse it; the customer reads it")
_ANSWER_TOO_LONG = N_("Keep your answer below 1000 characters")


@dataclass(frozen=True, slots=True)
class _Sides:
    """What this service knows of a request: both sides by their accounts."""

    entry: RequestEntry
    history: list[HistoryStep]
    asker_holds: list[LinkedCustomer]
    holders: list[Link]
    documents: list[RequestDocument]


class StaffRequestPage:
    """Names are asked of identity; the page shows without them."""

    def __init__(self, site: Site) -> None:
        self._site = site
        self._workplace = site.workplace
        self.router = APIRouter()
        add = self.router.add_api_route
        add(_PATH, self.show, methods=["GET"])
        add(f"{_PATH}/take", self.take, methods=["POST"])
        add(f"{_PATH}/give-back", self.give_back, methods=["POST"])
        add(f"{_PATH}/decide", self.decide, methods=["POST"])

    async def show(self, request: Request, caller: RequestStaff, request_id: str) -> Response:
        """Who asks for what, who holds it, what happened."""
        return await self._page(request, caller, read_request_id(request_id), Form())

    async def take(self, caller: RequestStaff, request_id: str) -> Response:
        """Takes it, also from somebody else; a second click changes nothing."""
        return await self._step(caller, read_request_id(request_id), Act.TAKE, "taken")

    async def give_back(self, caller: RequestStaff, request_id: str) -> Response:
        """Puts it back into the queue."""
        return await self._step(caller, read_request_id(request_id), Act.GIVE_BACK, "given_back")

    async def decide(self, request: Request, caller: RequestStaff, request_id: str) -> Response:
        """Decides at once; who comes second is told that it has ended."""
        wanted, fields = read_request_id(request_id), await read_form(request)
        step, errors = self._read(caller, wanted, fields)
        if errors:
            return await self._page(request, caller, wanted, Form(fields, errors), status=422)
        try:
            return see_other(await self._decided(caller, fields, step))
        except DomainError as error:
            if error.kind is not ErrorKind.CONFLICT:
                raise
            notice = "ended" if error.code == "request_ended" else "not_possible"
            return see_other(f"/staff/requests/{wanted}?notice={notice}")

    def _read(self, caller: Caller, request_id: UUID, fields: Mapping[str, str]) -> tuple[Step, dict[str, str]]:
        act = next((one for one in DECISIONS if one == fields.get("decision")), None)
        answer, errors = fields.get("answer", "").strip(), {}
        if act is None:
            errors["decision"] = _DECISION_MISSING
        if (act is Act.REFUSE and not answer) or len(answer) > LONGEST_TEXT:
            errors["answer"] = _ANSWER_TOO_LONG if answer else _ANSWER_MISSING
        step = Step(request_id, act or Act.REFUSE, self._workplace.rules.clock(), caller.account_id, answer)
        return step, errors

    async def _decided(self, caller: Caller, fields: Mapping[str, str], step: Step) -> str:
        place = f"/staff/requests/{step.request_id}"

        async def act() -> StoredAnswer:
            await decide_request(step, records=self._workplace.records(tx), rules=self._workplace.rules)
            return StoredAnswer(303, f"{place}?notice=decided")

        async with self._workplace.database.transaction() as tx:
            answer = await once(tx, caller.account_id, f"{place}/decide", fields, act)
        return answer.location or place

    async def _step(self, caller: Caller, request_id: UUID, act: Act, done: str) -> Response:
        step = Step(request_id, act, self._workplace.rules.clock(), caller.account_id)
        async with self._workplace.open() as records:
            before = await records.requests.get(request_id)
            after = await handle_request(step, records=records)
        if before is None:
            raise request_unknown()
        again = act is Act.TAKE and before.request.waits and before.request.assignee == caller.account_id
        return see_other(f"/staff/requests/{request_id}?notice={done if after or again else 'ended'}")

    async def _page(
        self, request: Request, caller: Caller, request_id: UUID, form: Form, *, status: int = 200
    ) -> Response:
        sides = await self._sides(request_id)
        asked = sides.entry.request
        people = await self._site.names(_everybody(sides))
        _log.info("request_read", request_id=str(request_id), account_id=str(caller.account_id))
        notice = request.query_params.get("notice", "")
        others = [one for one in sides.holders if one.account_id != asked.account_id]
        return self._site.render(
            request,
            "requests/staff_request.html",
            status=status,
            form=form,
            entry=sides.entry,
            history=sides.history,
            asker_holds=sides.asker_holds,
            documents=sides.documents,
            holders=others,
            holding=sides.holders,
            people=people,
            may=[one.value for one in decisions(asked, len(others), self._workplace.rules.limits.holders)],
            mine=asked.assignee == caller.account_id,
            free=asked.assignee is None,
            notice=notice if notice in _NOTICES else "",
        )

    async def _sides(self, request_id: UUID) -> _Sides:
        async with self._workplace.open() as records:
            entry = await records.requests.get(request_id)
            if entry is None:
                raise request_unknown()
            return await _both_sides(entry, records)


async def _both_sides(entry: RequestEntry, records: Records) -> _Sides:
    asked = entry.request
    active = await records.links.active_of(asked.account_id, asked.customer_id)
    return _Sides(
        entry,
        await records.requests.history(asked.id),
        await records.links.linked(asked.account_id),
        [one for one in active if one.customer_id == asked.customer_id],
        await records.documents.of_request(asked.id),
    )


def _everybody(sides: _Sides) -> set[UUID]:
    asked = sides.entry.request
    staff = {one.by for one in sides.history if one.by} | ({asked.assignee} if asked.assignee else set())
    return {asked.account_id, *asked.former_holders, *staff, *(one.account_id for one in sides.holders)}
