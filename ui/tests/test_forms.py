"""Reading forms, and what a page shows of them."""

from urllib.parse import urlencode

import pytest
from starlette.exceptions import HTTPException
from starlette.requests import Request

from ui.forms import MAX_FIELD_CHARACTERS, Form, FormTooLargeError, form_with_files, read_form


def posted(body: bytes, content_type: str = "application/x-www-form-urlencoded") -> Request:
    async def receive() -> dict[str, object]:
        return {"type": "http.request", "body": body, "more_body": False}

    headers = [(b"content-type", content_type.encode()), (b"content-length", str(len(body)).encode())]
    return Request({"type": "http", "method": "POST", "path": "/", "headers": headers, "app": None}, receive)  # type: ignore[arg-type]


def encoded(*fields: tuple[str, str]) -> Request:
    return posted(urlencode(fields).encode())


async def test_texts_are_normalised_and_control_characters_dropped() -> None:
    typed = await read_form(encoded(("name", "Mu\u0308ller\0\x1b"), ("text", "eins\r\nzwei\rdrei\tvier")))
    assert typed == {"name": "Müller", "text": "eins\nzwei\ndrei\tvier"}


def in_parts(*parts: tuple[str, bytes]) -> Request:
    """A form of text fields and of files, whose names come after a semicolon."""
    body = b"".join(b"--x\r\nContent-Disposition: form-data; %s\r\n\r\n%s\r\n" % (n.encode(), c) for n, c in parts)
    return posted(body + b"--x--\r\n", "multipart/form-data; boundary=x")


async def test_files_of_one_field_come_beside_the_texts() -> None:
    asked = in_parts(
        ('name="text"', b"eins\r\nzwei"),
        ('name="file"; filename="a.txt"', b"A"),
        ('name="other"; filename="b.txt"', b"B"),
        ('name="file"; filename="c.txt"', b"C"),
        ('name="file"; filename=""', b""),
    )
    async with form_with_files(asked, "file") as (fields, files):
        assert fields == {"text": "eins\nzwei"}
        assert [(one.filename, await one.read()) for one in files] == [("a.txt", b"A"), ("c.txt", b"C")]
    assert all(one.file.closed for one in files)


async def test_a_text_that_is_too_long_is_refused_beside_files_too() -> None:
    with pytest.raises(FormTooLargeError):
        async with form_with_files(in_parts(('name="text"', b"a" * (MAX_FIELD_CHARACTERS + 1))), "file"):
            pass


async def test_the_last_of_a_name_counts() -> None:
    assert await read_form(encoded(("a", "1"), ("a", "2"))) == {"a": "2"}


async def test_too_much_is_refused() -> None:
    with pytest.raises(FormTooLargeError):
        await read_form(encoded(("text", "x" * (MAX_FIELD_CHARACTERS + 1))))
    with pytest.raises(HTTPException):
        await read_form(posted(_multipart(files=1), "multipart/form-data; boundary=b"))


def _multipart(files: int) -> bytes:
    part = '--b\r\nContent-Disposition: form-data; name="f"; filename="x.txt"\r\n\r\nhello\r\n'
    return (part * files + "--b--\r\n").encode()


def test_a_form_knows_values_and_errors_in_order() -> None:
    form = Form(values={"a": "1"}, errors={"b": "first", "a": "second", "": "whole"})
    assert form.value("a") == "1"
    assert form.value("nothing") == ""
    assert form.error("b") == "first"
    assert form.error("c") is None
    assert form.summary == [("b", "first"), ("a", "second"), ("", "whole")]
