"""What an uploaded file may be: its name, its extension and what is in it must agree (DESIGN 6; ASVS 5.2, 5.3).

Office files are archives; they are judged by their list of contents and never unpacked, so a bomb stays asleep.
"""

import asyncio
import codecs
import hashlib
import re
import struct
import unicodedata
import zipfile
import zlib
from collections.abc import AsyncIterator
from dataclasses import dataclass
from enum import StrEnum
from typing import IO, Final

from starlette.datastructures import UploadFile

from chassis.file_store import CHUNK

_OPEN_XML = "application/vnd.openxmlformats-officedocument"
_OPEN_DOCUMENT = "application/vnd.oasis.opendocument"
KINDS: Final = {
    "pdf": "application/pdf",
    "png": "image/png",
    "jpg": "image/jpeg",
    "jpeg": "image/jpeg",
    "docx": f"{_OPEN_XML}.wordprocessingml.document",
    "xlsx": f"{_OPEN_XML}.spreadsheetml.sheet",
    "odt": f"{_OPEN_DOCUMENT}.text",
    "ods": f"{_OPEN_DOCUMENT}.spreadsheet",
    "txt": "text/plain",
    "csv": "text/csv",
}
"""Extension → media type of all that is taken."""
LONGEST_NAME: Final = 120
_SIGNATURES = {"application/pdf": b"%PDF-", "image/png": b"\x89PNG\r\n\x1a\n", "image/jpeg": b"\xff\xd8\xff"}
_MAIN_PART = {"docx": "word/document.xml", "xlsx": "xl/workbook.xml", "odt": "content.xml", "ods": "content.xml"}
_LARGEST_LIST = 512 * 1024  # bytes of an archive's list of contents
_LARGEST_UNPACKED = 200 * 1024 * 1024
_LARGEST_LABEL = 256 * 1024
_MACROS = re.compile(r"(^|/)(vbaproject\.bin|vbadata\.xml|macrosheets/|activex/)|^(basic|scripts)/", re.IGNORECASE)
_END = struct.Struct("<4s4H2LH")  # the end of an archive's list: signature, …, entries, bytes, place, comment
_NOT_TEXT = re.compile(rb"[\x00-\x08\x0b\x0e-\x1f\x7f]")
_OTHER_TEXT = (b"<", b"%PDF", b"%!PS", b"{\\rtf", b"#!")
_UNSAFE = re.compile(r'[<>:"|?*%]')
_DEVICES = re.compile(r"(con|prn|aux|nul|com\d|lpt\d)(\.|$)", re.IGNORECASE)


class FileProblem(StrEnum):
    """Why a file is not taken."""

    EMPTY = "empty"
    TOO_LARGE = "too_large"
    KIND = "kind"
    CONTENT = "content"


class RefusedFileError(Exception):
    """It is not taken; `name` is safe to be shown."""

    def __init__(self, problem: FileProblem, name: str) -> None:
        super().__init__(problem)
        self.problem = problem
        self.name = name


@dataclass(frozen=True, slots=True)
class AcceptedFile:
    """A file that may be kept, still where it was received."""

    name: str
    media_type: str
    size: int
    sha256: bytes
    content: UploadFile

    async def chunks(self) -> AsyncIterator[bytes]:
        """Its bytes from the first on."""
        await self.content.seek(0)
        while chunk := await self.content.read(CHUNK):
            yield chunk


async def accept(upload: UploadFile, largest: int) -> AcceptedFile:
    """Looks at a received file, which lies on disk beyond a megabyte; so in a thread.

    Raises:
        RefusedFileError: it is empty, larger than `largest` bytes, of another kind or not what its name says.
    """
    return await asyncio.to_thread(_accept, upload, largest)


def safe_name(raw: str) -> str:
    """A name to be shown and to be saved under: no folders, no signs that hide, break lines or mean something."""
    last = re.split(r"[/\\]", unicodedata.normalize("NFC", raw))[-1]
    seen = "".join(" " if sign.isspace() else sign for sign in last if unicodedata.category(sign)[0] != "C")
    name = " ".join(_UNSAFE.sub("_", seen).split()).strip(". ")
    name = f"_{name}" if _DEVICES.match(name) else name
    stem, dot, extension = name.rpartition(".")
    short = f"{stem[: max(1, LONGEST_NAME - len(extension) - 1)]}.{extension}" if dot else name
    return short[:LONGEST_NAME]


def kind_of(name: str, file: IO[bytes]) -> str | None:
    """The media type if content and safe name agree on one that is taken, else None."""
    extension = name.rpartition(".")[2].lower()
    media_type = KINDS.get(extension)
    if media_type is None:
        return None
    file.seek(0)
    if extension in _MAIN_PART:
        fits = _is_office_file(file, extension, media_type)
    elif media_type in _SIGNATURES:
        fits = _has_signature(file.read(4096), media_type)
    else:
        fits = _is_text(file)
    return media_type if fits else None


def _accept(upload: UploadFile, largest: int) -> AcceptedFile:
    name, size = safe_name(upload.filename or ""), upload.size or 0
    if size == 0 or size > largest:
        raise RefusedFileError(FileProblem.TOO_LARGE if size else FileProblem.EMPTY, name)
    if name.rpartition(".")[2].lower() not in KINDS or "." not in name:
        raise RefusedFileError(FileProblem.KIND, name)
    media_type = kind_of(name, upload.file)
    if media_type is None:
        raise RefusedFileError(FileProblem.CONTENT, name)
    return AcceptedFile(name, media_type, size, _digest(upload.file), upload)


def _digest(file: IO[bytes]) -> bytes:
    digest = hashlib.sha256()
    file.seek(0)
    while part := file.read(CHUNK):
        digest.update(part)
    return digest.digest()


def _has_signature(head: bytes, media_type: str) -> bool:
    import puremagic  # noqa: PLC0415 - its tables are read only where files come

    if not head.startswith(_SIGNATURES[media_type]):
        return False
    return media_type in {one.mime_type for one in puremagic.magic_string(head)}


def _is_text(file: IO[bytes]) -> bool:
    """Text of one byte a sign or UTF-8; what begins like a page, a script or another format is none."""
    start = file.read(64).removeprefix(codecs.BOM_UTF8).lstrip()
    file.seek(0)
    parts = iter(lambda: file.read(CHUNK), b"")
    return not start.startswith(_OTHER_TEXT) and not any(_NOT_TEXT.search(part) for part in parts)


def _is_office_file(file: IO[bytes], extension: str, media_type: str) -> bool:
    if file.read(4) != b"PK\x03\x04" or not _has_short_list(file):
        return False
    try:
        with zipfile.ZipFile(file) as archive:
            members = {member.filename: member for member in archive.infolist()}
            unpacked = sum(member.file_size for member in archive.infolist())
            locked = any(member.flag_bits & 1 for member in archive.infolist())
            if locked or unpacked > _LARGEST_UNPACKED or _MAIN_PART[extension] not in members:
                return False
            return not any(map(_MACROS.search, members)) and _label_fits(archive, extension, media_type)
    except (zipfile.BadZipFile, KeyError, NotImplementedError, OSError, ValueError, EOFError, zlib.error):
        return False


def _has_short_list(file: IO[bytes]) -> bool:
    """Whether the list of contents can be read without harm; as office programs end it, at the very end."""
    file.seek(0, 2)
    if file.tell() < _END.size + 20:
        return False
    file.seek(-_END.size - 20, 2)
    locator = file.read(20)[:4]  # of the list of a larger archive, which may be of any size
    signature, *_, listed, _place, comment = _END.unpack(file.read(_END.size))
    return signature == b"PK\x05\x06" and locator != b"PK\x06\x07" and listed <= _LARGEST_LIST and comment == 0


def _label_fits(archive: zipfile.ZipFile, extension: str, media_type: str) -> bool:
    """What the archive says of itself: the type of OpenDocument, the parts of Open XML without macros."""
    open_document = extension in {"odt", "ods"}
    with archive.open("mimetype" if open_document else "[Content_Types].xml") as label:
        text = label.read(_LARGEST_LABEL)
    if open_document:
        return text == media_type.encode()
    return f"{media_type}.main+xml".encode() in text and b"macroenabled" not in text.lower()
