"""`/staff/customers/import/{id}`: what a file would change, the button that imports it, and what became of it (S6)."""

import csv
import io
from collections.abc import AsyncIterator, Callable, Mapping, Sequence
from itertools import groupby
from typing import Any

from fastapi import APIRouter, Request, Response
from fastapi.responses import StreamingResponse

from chassis.callers import no_activity
from customer_link.domain.csv_cell import harmless
from customer_link.domain.customer_import import CustomerImportFile, ImportPhase
from customer_link.entrypoints.customer_file import ADDED_COLUMNS
from customer_link.entrypoints.pages.imports.site import (
    PATH,
    ImportStaff,
    import_unknown,
    problem_words,
    read_import_id,
)
from customer_link.entrypoints.pages.site import Site, see_other
from customer_link.usecases.import_lines import BadLine, FileLine, ImportReport
from customer_link.usecases.ports import Records
from customer_link.usecases.run_import import begin_import

_ONE = f"{PATH}/{{import_id}}"
_SHOWN = 100


class OneImportPages:
    """Every administrator sees every import, and may finish what a colleague began."""

    def __init__(self, site: Site) -> None:
        self._site = site
        self.router = APIRouter()
        add = self.router.add_api_route
        add(_ONE, self.show, methods=["GET"])
        add(_ONE, self.begin, methods=["POST"])
        add(f"{_ONE}/drop", self.drop, methods=["POST"])
        add(f"{_ONE}/progress", self.progress, methods=["GET"])
        add(f"{_ONE}/errors.csv", self.errors, methods=["GET"])

    async def show(self, request: Request, _caller: ImportStaff, import_id: str) -> Response:
        """How far it is, what is wrong with the lines, and what to do now."""
        return await self._page(request, import_id, "imports/one.html")

    @no_activity
    async def progress(self, request: Request, _caller: ImportStaff, import_id: str) -> Response:
        """The part that changes while a job works on it."""
        return await self._page(request, import_id, "imports/state.html")

    async def begin(self, caller: ImportStaff, import_id: str) -> Response:
        """Has the good lines imported."""
        async with self._site.workplace.open() as records:
            file = await _found(records, import_id)
            await begin_import(file.id, caller.account_id, records=records)
        return see_other(f"{PATH}/{file.id}")

    async def drop(self, _caller: ImportStaff, import_id: str) -> Response:
        """Puts a file aside that is not to be imported; its lines go at once."""
        async with self._site.workplace.open() as records:
            file = await _found(records, import_id)
            now = self._site.workplace.rules.clock()
            await records.import_files.finish(file.id, ImportPhase.DROPPED, now)
        return see_other(f"{PATH}/{file.id}")

    async def errors(self, request: Request, _caller: ImportStaff, import_id: str) -> Response:
        """The bad lines as they stood in the file, each with its number and what is wrong, as CSV, streamed."""
        async with self._site.workplace.open() as records:
            file = await _found(records, import_id)
        headers = {"Content-Disposition": f'attachment; filename="{file.kind}-errors.csv"', "Cache-Control": "no-store"}
        lines = self._error_lines(file, self._teller(request))
        return StreamingResponse(lines, media_type="text/csv; charset=utf-8", headers=headers)

    async def _page(self, request: Request, import_id: str, template: str) -> Response:
        async with self._site.workplace.open() as records:
            file = await _found(records, import_id)
            bad = [] if file.phase.under_way else await records.import_files.first_bad(file.id, _SHOWN + 1)
        named = [(one.line, one.column, problem_words(one.problem, self._known())) for one in bad[:_SHOWN]]
        phases = {phase.name.lower(): file.phase is phase for phase in ImportPhase}
        people = await self._site.names({file.created_by, file.imported_by or file.created_by})
        return self._site.render(
            request,
            template,
            file=file,
            report=ImportReport.of(file.counts),
            bad=named,
            more=len(bad) > _SHOWN,
            phase=phases,
            people=people,
        )

    def _known(self) -> Mapping[str, str]:
        rules = self._site.workplace.importing
        return {"types": ", ".join(sorted(rules.types)), "languages": ", ".join(rules.contacts.languages)}

    def _teller(self, request: Request) -> Callable[[str], str]:
        _ = self._site.pages.gettext(self._site.pages.language(request))

        def tell(problem: str) -> str:
            words = problem_words(problem, self._known())
            return str(_(words.text, **words.values))

        return tell

    async def _error_lines(self, file: CustomerImportFile, tell: Callable[[str], str]) -> AsyncIterator[str]:
        yield "\ufeff" + _csv_line([*ADDED_COLUMNS, *file.columns])
        position = -1
        while True:
            async with self._site.workplace.open() as records:
                found = await records.import_files.bad_lines(file.id, position)
            if found is None:
                return
            position, lines, bad = found
            yield "".join(_rows(lines, bad, tell))


async def _found(records: Records, import_id: str) -> CustomerImportFile:
    file = await records.import_files.get(read_import_id(import_id))
    if file is None:
        raise import_unknown()
    return file


def _rows(lines: Sequence[FileLine], bad: Sequence[BadLine], tell: Callable[[str], str]) -> list[str]:
    cells = {one.line: one.cells for one in lines}
    told = {
        line: "; ".join(f"{one.column}: {tell(one.problem)}" if one.column else tell(one.problem) for one in problems)
        for line, problems in groupby(sorted(bad, key=_line), key=_line)
    }
    return [_csv_line([line, words, *cells.get(line, ())]) for line, words in told.items()]


def _line(bad: BadLine) -> int:
    return bad.line


def _csv_line(cells: Sequence[Any]) -> str:
    written = io.StringIO()
    csv.writer(written, delimiter=";").writerow([harmless(str(cell)) for cell in cells])
    return written.getvalue()
