"""The file of an export: a ZIP with each service's data as JSON and a page to read them all."""

import asyncio
import io
import json
import re
import zipfile
from collections.abc import Callable, Mapping
from datetime import datetime
from html import escape
from typing import Any

from identity.adapters.export_labels import ENTRIES, SECTIONS, SERVICES, VALUES
from identity.domain.personal_export import PersonalExport
from ui.brand import Brand
from ui.pages import Pages
from ui.translations import N_

_TITLE = N_("My data")
_NOTHING = N_("Nothing is kept here.")
_CREATED = N_("Put together on %(when)s.")
_MOMENT = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d")
_STYLE = (
    "body{font:1rem/1.5 system-ui,sans-serif;max-width:60rem;margin:2rem auto;padding:0 1rem;color:#1b2430}"
    "table{border-collapse:collapse;width:100%;margin:0 0 1.5rem}"
    "th,td{text-align:left;vertical-align:top;padding:.35rem .75rem .35rem 0;border-bottom:1px solid #dbe2e9;"
    "overflow-wrap:anywhere}th{font-size:.9rem;color:#5b6773}h2{margin-top:2.5rem}h3{margin-bottom:.25rem}"
)


class ExportArchive:
    """Makes the ZIP off the event loop, for packing takes a moment."""

    def __init__(self, pages: Pages, brand: Brand) -> None:
        self._pages = pages
        self._brand = brand

    async def __call__(self, export: PersonalExport, language: str, documents: Mapping[str, bytes]) -> bytes:
        """`index.html` and `<service>/data.json`."""
        return await asyncio.to_thread(self._pack, export, language, documents)

    def _pack(self, export: PersonalExport, language: str, documents: Mapping[str, bytes]) -> bytes:
        packed = io.BytesIO()
        moment = export.asked_at.timetuple()[:6]
        with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
            archive.writestr(_member("index.html", moment), self._page(export, language, documents))
            for service, document in documents.items():
                archive.writestr(_member(f"{service}/data.json", moment), document)
        return packed.getvalue()

    def _page(self, export: PersonalExport, language: str, documents: Mapping[str, bytes]) -> str:
        _ = self._pages.gettext(language)
        when = self._pages.formats(language).datetime(export.asked_at)
        title = f"{_(_TITLE)} – {self._brand.name} {self._brand.product}"
        parts = [
            f"<h2>{escape(_(SERVICES[service]))}</h2>{self._sections(json.loads(document), language)}"
            for service, document in documents.items()
        ]
        return (
            f'<!doctype html><html lang="{language}"><head><meta charset="utf-8"><title>{escape(title)}</title>'
            f'<meta name="viewport" content="width=device-width"><style>{_STYLE}</style></head><body><main>'
            f"<h1>{escape(title)}</h1><p>{escape(_(_CREATED, when=when))}</p>{''.join(parts)}</main></body></html>"
        )

    def _sections(self, document: Mapping[str, list[Mapping[str, Any]]], language: str) -> str:
        _ = self._pages.gettext(language)
        found = [
            f"<h3>{escape(_label(section, SECTIONS, _))}</h3>{self._table(entries, language)}"
            for section, entries in document.items()
            if entries
        ]
        return "".join(found) or f"<p>{escape(_(_NOTHING))}</p>"

    def _table(self, entries: list[Mapping[str, Any]], language: str) -> str:
        # Ids and the like are for machines: they stand in data.json.
        _ = self._pages.gettext(language)
        names = [name for name in entries[0] if name in ENTRIES]
        head = "".join(f'<th scope="col">{escape(_(ENTRIES[name]))}</th>' for name in names)
        cells = [[self._value(entry.get(name), language) for name in names] for entry in entries]
        rows = ["<tr>" + "".join(f"<td>{cell}</td>" for cell in row) + "</tr>" for row in cells]
        if len(entries) > 1:
            return f"<table><tr>{head}</tr>{''.join(rows)}</table>"
        heads = [f'<th scope="row">{escape(_(ENTRIES[name]))}</th>' for name in names]
        pairs = [f"<tr>{title}<td>{cell}</td></tr>" for title, cell in zip(heads, cells[0], strict=True)]
        return f"<table>{''.join(pairs)}</table>"

    def _value(self, value: object, language: str) -> str:
        if isinstance(value, list):
            return escape(", ".join(str(each) for each in value)) or "–"
        if value is None or value == "":
            return "–"
        text, _ = str(value), self._pages.gettext(language)
        if _MOMENT.match(text):
            return escape(self._pages.formats(language).datetime(datetime.fromisoformat(text)))
        return escape(_(VALUES[text]) if text in VALUES else text)


def _label(name: str, labels: Mapping[str, str], _: Callable[..., str]) -> str:
    """What people call it; what a newer service sends is called by its own name."""
    return _(labels[name]) if name in labels else name.replace("_", " ")


def _member(name: str, moment: tuple[int, ...]) -> zipfile.ZipInfo:
    # A fixed time: the same data make the same file.
    year, month, day, hour, minute, second = moment
    info = zipfile.ZipInfo(name, (year, month, day, hour, minute, second))
    info.compress_type = zipfile.ZIP_DEFLATED
    return info
