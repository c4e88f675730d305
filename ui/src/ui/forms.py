"""Forms of pages: what was typed, what is wrong with it, and reading it from a request."""

import unicodedata
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, field

from starlette.datastructures import FormData, UploadFile
from starlette.requests import Request

from chassis.errors import DomainError, ErrorKind

MAX_FIELDS = 100
MAX_FIELD_CHARACTERS = 20_000
MAX_FILES = 20


@dataclass(frozen=True, slots=True)
class Message:
    """A message id with the values of its placeholders: Message(N_("At least %(count)s characters"), {"count": 12})."""

    text: str
    values: Mapping[str, object] = field(default_factory=dict)


class FormTooLargeError(DomainError):
    """More fields or longer ones than any form of the portal has."""

    def __init__(self) -> None:
        super().__init__(ErrorKind.INVALID, "form_too_large", "A field of the form is too long.")


@dataclass(frozen=True)
class Form:
    """One form of a page: the values typed and, per field, the message that says what is wrong.

    Fields are named in the order of the page, for the summary lists them so. The empty name stands for the form
    as a whole.
    """

    values: Mapping[str, str] = field(default_factory=dict)
    errors: Mapping[str, str | Message] = field(default_factory=dict)

    def value(self, name: str) -> str:
        """What was typed into the field."""
        return self.values.get(name, "")

    def error(self, name: str) -> str | Message | None:
        """What is wrong with the field."""
        return self.errors.get(name)

    @property
    def summary(self) -> list[tuple[str, str | Message]]:
        """All that is wrong, as (field, message)."""
        return list(self.errors.items())


async def read_form(request: Request) -> dict[str, str]:
    """The text fields of a form, the last of each name; control characters but tab and line breaks are dropped.

    Texts are NFC and their lines end in a single newline. Raises FormTooLargeError beyond the limits of this module,
    and Starlette's own error for a body that is no form.
    """
    async with request.form(max_files=0, max_fields=MAX_FIELDS) as form:
        return _texts(form)


@asynccontextmanager
async def form_with_files(request: Request, name: str) -> AsyncIterator[tuple[dict[str, str], list[UploadFile]]]:
    """The text fields, and the files of one field, which are gone at the end of the block.

    A browser that chose none sends one without a name, which is none. Raises what read_form raises, and Starlette's
    own error beyond MAX_FILES. The route says how large the body may be; files lie on disk beyond a megabyte each.
    """
    async with request.form(max_files=MAX_FILES, max_fields=MAX_FIELDS) as form:
        chosen = [one for one in form.getlist(name) if isinstance(one, UploadFile) and one.filename]
        yield _texts(form), chosen


def _texts(form: FormData) -> dict[str, str]:
    fields = {name: _clean(value) for name, value in form.multi_items() if not isinstance(value, UploadFile)}
    if any(len(value) > MAX_FIELD_CHARACTERS for value in fields.values()):
        raise FormTooLargeError
    return fields


def _clean(value: str) -> str:
    lines = unicodedata.normalize("NFC", value).replace("\r\n", "\n").replace("\r", "\n")
    return "".join(sign for sign in lines if sign in "\n\t" or unicodedata.category(sign) != "Cc")
