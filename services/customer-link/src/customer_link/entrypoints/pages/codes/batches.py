"""`/staff/codes/batches`: codes for an invoice run; progress, data file, letters (STEPS A10)."""

import csv
import io
from base64 import b64encode
from collections.abc import AsyncIterator
from uuid import UUID

from fastapi import APIRouter, Request, Response
from fastapi.responses import StreamingResponse

from chassis.callers import no_activity
from chassis.errors import DomainError, ErrorKind
from chassis.idempotency import StoredAnswer
from customer_link.domain.code_batch import CodeBatch, NewBatch, Source
from customer_link.domain.code_state import Handover
from customer_link.domain.csv_cell import harmless
from customer_link.domain.letter import MOST_LETTERS, Letter
from customer_link.domain.validity import day_after
from customer_link.entrypoints.pages.codes.batch_forms import BODY_LIMIT, BatchForm, read_batch_form
from customer_link.entrypoints.pages.codes.site import CodeSite, CodeStaff, last_day, pdf_response
from customer_link.entrypoints.pages.once import once
from customer_link.entrypoints.pages.site import see_other
from customer_link.usecases.hand_over_batch import codes_of_batch, hand_over_batch
from customer_link.usecases.ports import Records
from customer_link.usecases.write_letters import write_letters
from ui.forms import Form, read_form
from ui.translations import N_

_PATH = "/staff/codes/batches"
_ONE = f"{_PATH}/{{batch_id}}"
_SHOWN_FAULTS = 100
_RECENT = 50
_HOW_MISSING = N_("Choose how the customers get their codes")
_HEADING = ("customer_number", "code", "valid_until", "link")


class BatchPages:
    """Batches are issued by a job; their codes can be read until they are handed over, seven days at most."""

    def __init__(self, site: CodeSite) -> None:
        self._site = site
        self.router = APIRouter()
        add = self.router.add_api_route
        add(_PATH, self.overview, methods=["GET"])
        add(f"{_PATH}/new", self.ask, methods=["GET"])
        add(f"{_PATH}/new", self.make, methods=["POST"], max_body_size=BODY_LIMIT)
        add(_ONE, self.show, methods=["GET"])
        add(f"{_ONE}/progress", self.progress, methods=["GET"])
        add(f"{_ONE}/codes.csv", self.data_file, methods=["GET"])
        add(f"{_ONE}/letters", self.letters, methods=["GET"])
        add(f"{_ONE}/letters.pdf", self.letters_pdf, methods=["GET"])
        add(f"{_ONE}/hand-over", self.hand_over, methods=["POST"])

    async def overview(self, request: Request, _caller: CodeStaff) -> Response:
        """The latest batches, and how to make one."""
        async with self._site.workplace.open() as records:
            batches = await records.batches.recent(_RECENT)
        return self._site.render(request, "codes/batches.html", batches=batches)

    async def ask(self, request: Request, _caller: CodeStaff) -> Response:
        """The form."""
        return self._form(request, Form())

    async def make(self, request: Request, caller: CodeStaff) -> Response:
        """Keeps the numbers; the codes are issued by a job."""
        asked = await read_batch_form(request, self._site)
        if isinstance(asked, Form):
            return self._form(request, asked, status=422)
        async with self._site.workplace.database.transaction() as tx:

            async def act() -> StoredAnswer:
                return await self._made(self._site.workplace.records(tx), asked, caller.account_id)

            answer = await once(tx, caller.account_id, f"{_PATH}/new", asked.fields, act)
        return see_other(answer.location or _PATH)

    async def show(self, request: Request, _caller: CodeStaff, batch_id: str) -> Response:
        """How far it is, what it left out, and what to do with it."""
        return await self._page(request, _read_id(batch_id), Form())

    @no_activity
    async def progress(self, request: Request, _caller: CodeStaff, batch_id: str) -> Response:
        """The progress alone; when all is done the browser is sent to the page."""
        async with self._site.workplace.open() as records:
            batch = await self._batch(records, _read_id(batch_id))
        if batch.finished_at is not None:
            return Response(headers={"HX-Redirect": f"{_PATH}/{batch.id}"})
        return self._site.render(request, "codes/progress.html", batch=batch)

    async def data_file(self, _caller: CodeStaff, batch_id: str) -> Response:
        """Number, code, last day and the link of the QR code of each line, as CSV, streamed."""
        async with self._site.workplace.open() as records:
            batch = await self._batch(records, _read_id(batch_id))
        headers = {"Content-Disposition": 'attachment; filename="codes.csv"', "Cache-Control": "no-store"}
        return StreamingResponse(self._lines(batch.id), media_type="text/csv; charset=utf-8", headers=headers)

    async def letters(self, request: Request, _caller: CodeStaff, batch_id: str) -> Response:
        """All letters as a page to print."""
        place = f"{_PATH}/{_read_id(batch_id)}"
        letters = await self._few_letters(_read_id(batch_id))
        if not letters:
            return see_other(place)
        pictures = {one.number: b64encode(self._site.picture(one).encode()).decode() for one in letters}
        return self._site.render(
            request,
            "codes/letters.html",
            letters=letters,
            pictures=pictures,
            back_to=place,
            pdf=f"{place}/letters.pdf",
            address=f"{self._site.base_url}/customers",
        )

    async def letters_pdf(self, _caller: CodeStaff, batch_id: str) -> Response:
        """All letters as one PDF."""
        letters = await self._few_letters(_read_id(batch_id))
        if not letters:
            return see_other(f"{_PATH}/{_read_id(batch_id)}")
        return pdf_response(await self._site.pdf(letters), "letters.pdf")

    async def hand_over(self, request: Request, caller: CodeStaff, batch_id: str) -> Response:
        """Notes that they went out; from now on nobody can read the codes here."""
        wanted, fields = _read_id(batch_id), await read_form(request)
        how = next((one for one in (Handover.DATA_FILE, Handover.BY_LETTER) if one == fields.get("how")), None)
        if how is None:
            return await self._page(request, wanted, Form(fields, {"how": _HOW_MISSING}), status=422)
        clock = self._site.workplace.rules.clock
        async with self._site.workplace.open() as records:
            await hand_over_batch(wanted, how, by=caller.account_id, records=records, clock=clock)
        return see_other(f"{_PATH}/{wanted}?notice=handed_over")

    async def _page(self, request: Request, batch_id: UUID, form: Form, *, status: int = 200) -> Response:
        async with self._site.workplace.open() as records:
            batch = await self._batch(records, batch_id)
            faulty = await records.batches.faulty(batch_id, _SHOWN_FAULTS)
        notice = "handed_over" if request.query_params.get("notice") == "handed_over" else ""
        context = {"batch": batch, "faulty": faulty, "most_letters": MOST_LETTERS, "notice": notice}
        return self._site.render(request, "codes/batch.html", status=status, form=form, **context)

    async def _made(self, records: Records, asked: BatchForm, staff: UUID) -> StoredAnswer:
        batch = NewBatch(self._site.workplace.rules.new_id(), asked.source, staff, self._site.now(), asked.valid_until)
        if asked.source is Source.TYPE:
            await records.batches.add_type(batch, asked.type_id, self._site.now())
        else:
            await records.batches.add(batch, asked.numbers)
        await records.announcements.batch_wanted(batch.id)
        return StoredAnswer(303, f"{_PATH}/{batch.id}")

    def _form(self, request: Request, form: Form, *, status: int = 200) -> Response:
        day = day_after(self._site.now(), self._site.workplace.code_valid_days, self._site.site.pages.brand.time_zone)
        return self._site.render(request, "codes/new_batch.html", status=status, form=form, valid_until=day.isoformat())

    async def _batch(self, records: Records, batch_id: UUID) -> CodeBatch:
        batch = await records.batches.get(batch_id)
        if batch is None:
            raise _unknown()
        return batch

    async def _few_letters(self, batch_id: UUID) -> list[Letter]:
        async with self._site.workplace.open() as records:
            batch = await self._batch(records, batch_id)
            if batch.issued > MOST_LETTERS:
                return []
            return [one async for portion in self._portions(records, batch_id) for one in portion]

    async def _portions(self, records: Records, batch_id: UUID) -> AsyncIterator[list[Letter]]:
        keeper = self._site.workplace.rules.keeper
        async for code_ids in codes_of_batch(batch_id, records=records):
            yield write_letters(await records.register.sealed(code_ids), keeper=keeper)

    async def _lines(self, batch_id: UUID) -> AsyncIterator[str]:
        yield _csv_line(*_HEADING)
        async with self._site.workplace.open() as records:
            async for letters in self._portions(records, batch_id):
                yield "".join(map(self._line, letters))

    def _line(self, letter: Letter) -> str:
        zone = self._site.site.pages.brand.time_zone
        day = last_day(letter.valid_until).astimezone(zone).date().isoformat()
        return _csv_line(letter.number, letter.code, day, letter.link(self._site.base_url))


def _csv_line(*cells: str) -> str:
    written = io.StringIO()
    csv.writer(written).writerow(map(harmless, cells))
    return written.getvalue()


def _read_id(text: str) -> UUID:
    try:
        return UUID(text)
    except ValueError:
        raise _unknown() from None


def _unknown() -> DomainError:
    return DomainError(ErrorKind.NOT_FOUND, "batch_unknown", "There is no such batch.")
