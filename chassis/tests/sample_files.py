"""Small files of every kind that is taken, and what is disguised as one."""

import io
import struct
import zipfile
from collections.abc import Mapping

PDF = b"%PDF-1.7\n1 0 obj<<>>endobj\ntrailer<<>>\n%%EOF\n"
PNG = (
    b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR\x00\x00\x00\x01\x00\x00\x00\x01\x08\x02\x00\x00\x00\x90wS\xde"
    b"\x00\x00\x00\x00IEND\xaeB`\x82"
)
JPEG = b"\xff\xd8\xff\xe0\x00\x10JFIF\x00\x01\x01\x00\x00\x01\x00\x01\x00\x00\xff\xd9"
_WORD = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
_SHEET = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


def archive(members: Mapping[str, bytes | str], compression: int = zipfile.ZIP_DEFLATED) -> bytes:
    """A zip file of these members."""
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", compression) as writer:
        for name, content in members.items():
            writer.writestr(name, content)
    return made.getvalue()


def docx(
    more: Mapping[str, bytes | str] | None = None, label: str = f'<Types ContentType="{_WORD}.main+xml"/>'
) -> bytes:
    """A text of Word."""
    return archive({"[Content_Types].xml": label, "word/document.xml": "<document/>", **(more or {})})


def xlsx(more: Mapping[str, bytes | str] | None = None) -> bytes:
    """A sheet of Excel."""
    label = f'<Types ContentType="{_SHEET}.main+xml"/>'
    return archive({"[Content_Types].xml": label, "xl/workbook.xml": "<workbook/>", **(more or {})})


def open_document(kind: str, more: Mapping[str, bytes | str] | None = None) -> bytes:
    """A text or spreadsheet of LibreOffice."""
    label = f"application/vnd.oasis.opendocument.{kind}"
    return archive({"mimetype": label, "content.xml": "<content/>", **(more or {})}, zipfile.ZIP_STORED)


def bomb() -> bytes:
    """A docx of some kilobytes that says it is 300 MiB unpacked, and is."""
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as writer:
        writer.writestr("[Content_Types].xml", f'<Types ContentType="{_WORD}.main+xml"/>')
        writer.writestr("word/document.xml", "<document/>")
        with writer.open("word/media/zeros.xml", "w") as member:
            for _ in range(300):
                member.write(bytes(1024 * 1024))
    return made.getvalue()


def with_long_list(content: bytes, length: int) -> bytes:
    """The same archive, whose list of contents says it has so many bytes."""
    return content[:-10] + struct.pack("<L", length) + content[-6:]


FILES: dict[str, bytes] = {
    "bescheid.pdf": PDF,
    "foto.png": PNG,
    "foto.jpg": JPEG,
    "foto.JPEG": JPEG,
    "brief.docx": docx({"word/media/image1.png": PNG}),
    "liste.xlsx": xlsx({"xl/printerSettings/printerSettings1.bin": b"\x00\x01"}),
    "brief.odt": open_document("text"),
    "liste.ods": open_document("spreadsheet"),
    "notiz.txt": "Grüße aus Wien\r\n".encode(),
    "notiz alt.txt": "Grüße aus Wien\r\n".encode("cp1252"),
    "BMW.txt": b"BMW Rechnung",
    "liste.csv": "\ufeffName;Ort\nAnna;Köln\n".encode(),
}
"""What is taken, under names as people give them."""
DISGUISED: dict[str, bytes] = {
    "seite.png": b"<html><script>alert(1)</script>",
    "bild.jpg": b"GIF89a/*",
    "seite.pdf": b"<html>%PDF-1.7",
    "leer.pdf": b"%PDX",
    "seite.txt": b"\xef\xbb\xbf \n<svg onload=alert(1)>",
    "programm.txt": b"MZ\x90\x00\x03",
    "skript.csv": b"#!/bin/sh\nrm -rf /",
    "bescheid.csv": PDF,
    "nur-pk.docx": b"PK\x03\x04" + b"\x00" * 60,
    "archiv.docx": archive({"a.txt": "a"}),
    "sheet-as-text.docx": xlsx(),
    "text-as-sheet.xlsx": docx(),
    "macro.docx": docx({"word/vbaProject.bin": b"\xd0\xcf\x11\xe0"}),
    "macro-kind.docx": docx(
        label=f'<T A="{_WORD}.main+xml" B="application/vnd.ms-word.document.macroEnabled.main+xml"/>'
    ),
    "macro-sheet.xlsx": xlsx({"xl/macrosheets/sheet1.xml": "<x/>"}),
    "active.docx": docx({"word/activeX/activeX1.xml": "<x/>"}),
    "macro.odt": open_document("text", {"Basic/Standard/Module1.xml": "<x/>"}),
    "text.ods": open_document("text"),
    "stub.pdf.docx": PDF,
    "no-label.docx": archive({"word/document.xml": "<document/>"}),
    "endless-list.docx": with_long_list(docx(), 0x7FFFFFFF),
    "cut.docx": docx()[:-30],
    "appended.docx": docx() + b"<script>",
    "bomb.docx": bomb(),
}
"""What says by its name that it is something else."""
