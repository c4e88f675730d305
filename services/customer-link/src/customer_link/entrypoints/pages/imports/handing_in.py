"""`/staff/customers/import`: hand in a file, take an empty one, see the earlier imports (STEPS S6)."""

import io
from dataclasses import dataclass
from hashlib import sha256
from typing import BinaryIO

from fastapi import APIRouter, Request, Response
from starlette.datastructures import FormData, UploadFile

from chassis.callers import Caller
from chassis.errors import DomainError, ErrorKind
from chassis.idempotency import StoredAnswer
from customer_link.domain.customer_import import LONGEST_NAME, CustomerImportFile, ImportKind
from customer_link.entrypoints.customer_file import CustomerFile, template
from customer_link.entrypoints.pages.imports.site import PATH, ImportStaff, import_unknown, problem_words, read_kind
from customer_link.entrypoints.pages.once import once
from customer_link.entrypoints.pages.site import Site, see_other
from customer_link.usecases.ports import Records
from customer_link.usecases.run_import import hand_in
from ui.forms import Form, Message
from ui.translations import N_

BODY_LIMIT = 32 * 1024 * 1024
_CHUNK = 64 * 1024
_RECENT = 30
_FILE_MISSING = N_("Choose a CSV file.")
_KIND_MISSING = N_("Choose what the file has")


@dataclass(frozen=True, slots=True)
class _Upload:
    """What was sent: a file that lies on disk when it is large."""

    kind: ImportKind
    name: str
    content: BinaryIO
    fields: dict[str, str]


class ImportPages:
    """Mounted before the page of one customer, whose address is of the same form."""

    def __init__(self, site: Site) -> None:
        self._site = site
        self.router = APIRouter()
        add = self.router.add_api_route
        add(PATH, self.overview, methods=["GET"])
        add(PATH, self.hand_in, methods=["POST"], max_body_size=BODY_LIMIT)
        add(f"{PATH}/template/{{kind}}.csv", self.template, methods=["GET"])

    async def overview(self, request: Request, _caller: ImportStaff) -> Response:
        """The form, and the earlier imports."""
        return await self._page(request, Form())

    async def hand_in(self, request: Request, caller: ImportStaff) -> Response:
        """Keeps the file and has it looked through by a job; the same file of the same form once."""
        async with request.form(max_files=1, max_fields=20) as form:
            upload = _read(form)
            if isinstance(upload, Form):
                return await self._page(request, upload, status=422)
            try:
                return see_other(await self._handed_in(upload, caller))
            except DomainError as error:
                if error.kind is not ErrorKind.INVALID:
                    raise
                problem = problem_words(error.code, {})
                return await self._page(request, Form(upload.fields, {"file": problem}), status=422)

    async def template(self, _caller: ImportStaff, kind: str) -> Response:
        """An empty file with all columns of a kind."""
        wanted = read_kind(kind)
        if wanted is None:
            raise import_unknown()
        headers = {"Content-Disposition": f'attachment; filename="{wanted}.csv"', "Cache-Control": "no-store"}
        return Response("\ufeff" + template(wanted), media_type="text/csv; charset=utf-8", headers=headers)

    async def _handed_in(self, upload: _Upload, caller: Caller) -> str:
        async with self._site.workplace.database.transaction() as tx:

            async def act() -> StoredAnswer:
                return await self._kept(upload, caller, self._site.workplace.records(tx))

            answer = await once(tx, caller.account_id, PATH, upload.fields, act)
        return answer.location or PATH

    async def _kept(self, upload: _Upload, caller: Caller, records: Records) -> StoredAnswer:
        rules = self._site.workplace.rules
        texts = io.TextIOWrapper(upload.content, encoding="utf-8-sig", errors="replace", newline="")
        try:
            read = CustomerFile(texts, upload.kind)
            file = CustomerImportFile(
                id=rules.new_id(),
                kind=upload.kind,
                name=upload.name,
                columns=read.columns,
                created_by=caller.account_id,
                created_at=rules.clock(),
            )
            await hand_in(file, read.lines(), records=records)
        finally:
            texts.detach()  # else the form's file would be closed with it
        return StoredAnswer(303, f"{PATH}/{file.id}")

    async def _page(self, request: Request, form: Form, *, status: int = 200) -> Response:
        async with self._site.workplace.open() as records:
            imports = await records.import_files.recent(_RECENT)
        people = await self._site.names({one.created_by for one in imports})
        context = {"imports": imports, "people": people, "kinds": list(ImportKind)}
        return self._site.render(request, "imports/overview.html", status=status, form=form, **context)


def _read(form: FormData) -> _Upload | Form:
    fields = {name: value for name, value in form.multi_items() if isinstance(value, str)}
    kind, file = read_kind(fields.get("kind")), form.get("file")
    errors: dict[str, str | Message] = {} if kind else {"kind": _KIND_MISSING}
    if not isinstance(file, UploadFile) or not file.size:
        return Form(fields, {**errors, "file": _FILE_MISSING})
    if kind is None:
        return Form(fields, errors)
    sent = fields | {"file": _digest(file.file)}
    name = "".join(sign for sign in file.filename or "" if sign.isprintable())[-LONGEST_NAME:]
    return _Upload(kind, name, file.file, sent)


def _digest(content: BinaryIO) -> str:
    digest = sha256()
    while chunk := content.read(_CHUNK):
        digest.update(chunk)
    content.seek(0)
    return digest.hexdigest()
