"""Administrators import accounts: the file is looked through first, imported when they say so (A4, S6)."""

import csv
import io
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Depends, Request, Response
from starlette.datastructures import UploadFile

from chassis.callers import Caller, no_activity, staff
from chassis.errors import DomainError, ErrorKind
from identity.domain.permission import Role
from identity.domain.stored_import import ImportPhase, StoredImport
from identity.entrypoints.account_file import template
from identity.entrypoints.import_desk import ImportDesk, report_of
from identity.entrypoints.pages.reauthentication import recently
from identity.entrypoints.pages.site import Site, see_other
from identity.entrypoints.pages.staff.import_words import problem_words
from ui.forms import Form, Message, read_form
from ui.translations import N_

PATH = "/staff/accounts/import"
_ONE = f"{PATH}/{{import_id}}"
_TEMPLATE = "staff/import.html"
_LARGEST = 5 * 1024 * 1024
_FORM_AROUND = 64 * 1024
_SHOWN = 100

Administrator = Annotated[Caller, Depends(recently(staff(Role.ADMIN), f"staff:{Role.ADMIN}"))]
Watching = Annotated[Caller, Depends(staff(Role.ADMIN))]


class StaffImportPages:
    """`/staff/accounts/import`; mounted before the page of one account, whose address is of the same form."""

    def __init__(self, site: Site, desk: ImportDesk) -> None:
        self._site = site
        self._desk = desk
        self.router = APIRouter()
        add = self.router.add_api_route
        add(PATH, self.form, methods=["GET"])
        add(PATH, self.hand_in, methods=["POST"], max_body_size=_LARGEST + _FORM_AROUND)
        add(f"{PATH}/template.csv", self.template, methods=["GET"])
        add(_ONE, self.show, methods=["GET"])
        add(_ONE, self.begin, methods=["POST"])
        add(f"{_ONE}/progress", self.progress, methods=["GET"])
        add(f"{_ONE}/errors.csv", self.errors, methods=["GET"])

    async def form(self, request: Request, _caller: Administrator) -> Response:
        """Asks for the file."""
        return self._site.render(request, _TEMPLATE)

    async def hand_in(self, request: Request, caller: Administrator) -> Response:
        """Takes the file and has it looked through."""
        async with request.form(max_files=1, max_fields=2) as form:
            file = form.get("file")
            content = await file.read() if isinstance(file, UploadFile) else b""
        if not content.strip() or len(content) > _LARGEST:
            return self._refused(request, N_("Choose a CSV file of at most 5 MB."))
        try:
            import_id = await self._desk.hand_in(caller.account_id, content)
        except DomainError as error:
            if error.kind is not ErrorKind.INVALID:
                raise
            return self._refused(request, problem_words(error.code))
        return see_other(f"{PATH}/{import_id}")

    async def template(self, _caller: Watching) -> Response:
        """An empty file with all columns."""
        return _file("konten-vorlage.csv", template())

    async def show(self, import_id: UUID, request: Request, caller: Watching) -> Response:
        """How far it is, what is wrong with the lines, and the button that imports the good ones."""
        stored = await self._desk.find(import_id, caller.account_id)
        return self._render(request, "staff/import_one.html", stored)

    @no_activity
    async def progress(self, import_id: UUID, request: Request, caller: Watching) -> Response:
        """The part that changes, while a job works on it."""
        stored = await self._desk.find(import_id, caller.account_id)
        return self._render(request, "staff/import_state.html", stored)

    async def begin(self, import_id: UUID, request: Request, caller: Administrator) -> Response:
        """Has the good lines imported."""
        typed = await read_form(request)
        await self._desk.find(import_id, caller.account_id)
        await self._desk.begin_import(import_id, caller.account_id, notify=typed.get("notify") == "yes")
        return see_other(f"{PATH}/{import_id}")

    async def errors(self, import_id: UUID, request: Request, caller: Watching) -> Response:
        """Every bad line with column and problem, for a spreadsheet."""
        stored = await self._desk.find(import_id, caller.account_id)
        _ = self._site.pages.gettext(self._site.pages.language(request))
        rows = io.StringIO()
        writer = csv.writer(rows, delimiter=";")
        writer.writerow([_("Line"), _("Column"), _("What is wrong")])
        for bad in report_of(stored.report).bad:
            words = problem_words(bad.problem)
            text = _(words.text, **words.values) if isinstance(words, Message) else _(words)
            writer.writerow([bad.line, bad.column, text])
        return _file("konten-fehler.csv", rows.getvalue())

    def _render(self, request: Request, page: str, stored: StoredImport) -> Response:
        report = report_of(stored.report)
        bad = [(one.line, one.column, problem_words(one.problem)) for one in report.bad[:_SHOWN]]
        phases = {phase.name.lower(): stored.phase is phase for phase in ImportPhase}
        return self._site.render(
            request, page, stored=stored, report=report, bad=bad, more=len(report.bad) > _SHOWN, phase=phases
        )

    def _refused(self, request: Request, problem: str | Message) -> Response:
        return self._site.render(request, _TEMPLATE, status=422, form=Form({}, {"file": problem}))


def _file(name: str, text: str) -> Response:
    """A download that spreadsheets open as UTF-8."""
    headers = {"Content-Disposition": f'attachment; filename="{name}"', "Cache-Control": "no-store"}
    return Response("\ufeff" + text, media_type="text/csv; charset=utf-8", headers=headers)
