"""What may be uploaded, whatever it calls itself (ASVS 5.2, 5.3, 5.4)."""

import io
import tracemalloc
import unicodedata
from urllib.parse import unquote

import pytest
from hypothesis import given
from hypothesis import strategies as st
from starlette.datastructures import UploadFile

from chassis.attachment import attachment, disposition
from chassis.uploaded_file import (
    LONGEST_NAME,
    AcceptedFile,
    FileProblem,
    RefusedFileError,
    accept,
    kind_of,
    safe_name,
)
from sample_files import DISGUISED, FILES, PDF, bomb, docx

LIMIT = 1_000_000


def received(name: str, content: bytes) -> UploadFile:
    return UploadFile(io.BytesIO(content), size=len(content), filename=name)


async def problem(name: str, content: bytes, limit: int = LIMIT) -> str:
    try:
        await accept(received(name, content), limit)
    except RefusedFileError as refused:
        return refused.problem.value
    return ""


@pytest.mark.parametrize("name", FILES)
async def test_what_is_what_it_says_is_taken(name: str) -> None:
    taken = await accept(received(name, FILES[name]), LIMIT)
    assert isinstance(taken, AcceptedFile)
    assert (taken.name, taken.size) == (name, len(FILES[name]))
    for _ in range(2):
        assert b"".join([chunk async for chunk in taken.chunks()]) == FILES[name]


@pytest.mark.parametrize("name", DISGUISED)
async def test_sec_i05_what_is_not_what_it_says_is_refused(name: str) -> None:
    assert await problem(name, DISGUISED[name]) == FileProblem.CONTENT


@pytest.mark.parametrize(
    "name",
    ["bild.svg", "seite.html", "makro.docm", "makro.xlsm", "programm.exe", "archiv.zip", "ohne", "pdf", ".pdf", ""],
)
async def test_sec_i05_other_kinds_are_refused_whatever_is_in_them(name: str) -> None:
    assert await problem(name, PDF) == FileProblem.KIND


async def test_sec_i06_empty_and_too_large_files_are_refused() -> None:
    assert await problem("leer.pdf", b"") == FileProblem.EMPTY
    assert await problem("gross.pdf", PDF, len(PDF) - 1) == FileProblem.TOO_LARGE
    assert await problem("genau.pdf", PDF, len(PDF)) == ""


def test_sec_i07_a_bomb_is_refused_without_being_unpacked() -> None:
    sleeping = io.BytesIO(bomb())
    assert len(sleeping.getvalue()) < 1_000_000
    tracemalloc.start()
    assert kind_of("bomb.docx", sleeping) is None
    assert tracemalloc.get_traced_memory()[1] < 2_000_000
    tracemalloc.stop()


def test_sec_i07_a_label_that_unpacks_to_much_is_read_in_part() -> None:
    swollen = io.BytesIO(docx(label="<x>" + " " * 100_000_000))
    tracemalloc.start()
    assert kind_of("brief.docx", swollen) is None
    assert tracemalloc.get_traced_memory()[1] < 2_000_000
    tracemalloc.stop()


@pytest.mark.parametrize(
    ("raw", "safe"),
    [
        ("Bescheid.pdf", "Bescheid.pdf"),
        ("../../etc/passwd.pdf", "passwd.pdf"),
        ("C:\\Users\\Anna\\Brief.pdf", "Brief.pdf"),
        (".htaccess", "htaccess"),
        ("..pdf", "pdf"),
        ("rechnung\u202efdp.exe", "rechnungfdp.exe"),
        ("a\u200bb\ufeff.pdf", "ab.pdf"),
        ("null\x00.pdf", "null.pdf"),
        ("a\r\nSet-Cookie: x.pdf", "aSet-Cookie_ x.pdf"),
        ('"; filename="x.pdf', "_; filename=_x.pdf"),
        ("<img onerror=x>.png", "_img onerror=x_.png"),
        ("con.pdf", "_con.pdf"),
        ("LPT1", "_LPT1"),
        ("  viele \u00a0  Blanks .pdf", "viele Blanks .pdf"),
        ("Gru\u0308\u00dfe.pdf", "Grüße.pdf"),
        ("n" * 300 + ".pdf", "n" * (LONGEST_NAME - 4) + ".pdf"),
        ("", ""),
    ],
)
def test_sec_i04_a_name_is_made_safe_before_its_extension_counts(raw: str, safe: str) -> None:
    assert safe_name(raw) == safe


@given(st.text(max_size=300))
def test_sec_i04_no_name_hides_or_breaks_anything(raw: str) -> None:
    name = safe_name(raw)
    assert len(name) <= LONGEST_NAME
    assert not any(unicodedata.category(sign)[0] == "C" for sign in name)
    assert not set(name) & set('/\\"<>:|?*%')
    assert not name.startswith(".")
    assert safe_name(name) == name


@given(st.text(max_size=100))
def test_sec_i03_the_name_of_a_download_stays_inside_its_header(raw: str) -> None:
    name = safe_name(raw)
    value = disposition(name)
    assert value.isascii()
    assert value.isprintable()
    assert value.count('"') == 2
    assert unquote(value.partition("filename*=UTF-8''")[2]) == name


async def test_sec_i03_a_download_is_never_shown() -> None:
    taken = await accept(received("Grüße.pdf", PDF), LIMIT)
    answer = attachment(taken.chunks(), name=taken.name, media_type=taken.media_type, size=taken.size)
    assert answer.headers["content-disposition"] == (
        "attachment; filename=\"Gr__e.pdf\"; filename*=UTF-8''Gr%C3%BC%C3%9Fe.pdf"
    )
    assert answer.headers["content-type"] == "application/pdf"
    assert answer.headers["content-security-policy"] == "default-src 'none'; sandbox"
    assert answer.headers["x-content-type-options"] == "nosniff"
    assert answer.headers["content-length"] == str(len(PDF))
