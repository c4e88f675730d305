"""The form of a new batch: numbers typed or as a file, or all free numbers of a type; and until when they hold."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256

from fastapi import Request
from starlette.datastructures import UploadFile

from customer_link.domain.code_batch import Source
from customer_link.entrypoints.number_file import NumbersError, decode, read_numbers
from customer_link.entrypoints.pages.codes.new_code import read_validity
from customer_link.entrypoints.pages.codes.site import CodeSite
from ui.forms import Form
from ui.translations import N_

BODY_LIMIT = 4 * 1024 * 1024
_SOURCE_MISSING = N_("Choose which numbers get a code")
_TYPE_MISSING = N_("Choose a kind of customer numbers")
_PROBLEMS = {
    "empty": N_("Enter at least one customer number, or choose a file"),
    "too_many": N_("A batch has 100,000 numbers at most"),
    "unreadable": N_("The file is not UTF-8. Save it as “CSV UTF-8” and choose it again"),
}


@dataclass(frozen=True, slots=True)
class BatchForm:
    """What staff ask for."""

    source: Source
    numbers: Sequence[str]
    type_id: str
    valid_until: datetime
    fields: Mapping[str, str]
    """What was sent, with a hash in place of the file: the same form sent twice is one batch."""


async def read_batch_form(request: Request, site: CodeSite) -> BatchForm | Form:
    """The form, or what is wrong with it; a file has to be chosen again then, as browsers do not keep it."""
    fields, content = await _fields(request)
    errors: dict[str, str] = {}
    source = next((one for one in (Source.NUMBERS, Source.TYPE) if one == fields.get("source")), None)
    numbers: Sequence[str] = ()
    if source is None:
        errors["source"] = _SOURCE_MISSING
    elif source is Source.NUMBERS:
        try:
            numbers = read_numbers(decode(content) if content else fields.get("numbers", ""))
        except NumbersError as error:
            errors["numbers"] = _PROBLEMS[str(error)]
    elif fields.get("type", "") not in site.workplace.types:
        errors["type"] = _TYPE_MISSING
    end = read_validity(fields.get("valid_until", ""), site)
    if not isinstance(end, datetime):
        errors["valid_until"] = end
    if source is None or errors or not isinstance(end, datetime):
        return Form(values=fields, errors=errors)
    sent = {**fields, "file": sha256(content).hexdigest()}
    return BatchForm(source, numbers, fields.get("type", ""), end, sent)


async def _fields(request: Request) -> tuple[Mapping[str, str], bytes]:
    async with request.form(max_files=1, max_fields=20, max_part_size=BODY_LIMIT) as form:
        fields = {name: value for name, value in form.multi_items() if isinstance(value, str)}
        file = form.get("file")
        content = await file.read() if isinstance(file, UploadFile) else b""
    return fields, content
