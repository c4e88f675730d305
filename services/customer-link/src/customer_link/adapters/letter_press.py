"""Letters as PDF: the brand's layout `letter.typ`, set by Typst (PDF/UA-1: tagged, titled, nothing without a text)."""

import asyncio
import io
import json
from collections.abc import Mapping, Sequence
from importlib.resources import as_file, files
from pathlib import Path
from typing import Any


class LetterPress:
    """Sets letters in a thread, one PDF at a time. The layout reads its brand's folder and nothing else, no network."""

    def __init__(self, brand_dir: Path) -> None:
        self._layout = brand_dir / "letter.typ"
        self._one_at_a_time = asyncio.Semaphore(1)

    def picture(self, address: str) -> str:
        """See code_ports.Press. Level M bears a coffee stain."""
        import segno  # noqa: PLC0415 - only staff who print need it

        drawn = io.BytesIO()
        segno.make(address, error="m", micro=False).save(drawn, kind="svg", xmldecl=False, border=0)
        return drawn.getvalue().decode()

    async def pdf(self, content: Mapping[str, Any], letters: Sequence[Mapping[str, Any]]) -> bytes:
        """See code_ports.Press."""
        data = json.dumps({**content, "letters": letters})
        async with self._one_at_a_time:
            return await asyncio.to_thread(self._set, data)

    def _set(self, data: str) -> bytes:
        import typst  # noqa: PLC0415 - 80 MB, and only staff who print need it

        with as_file(files("ui") / "print_fonts") as fonts:
            own = typst.Fonts(include_system_fonts=False, include_embedded_fonts=False, font_paths=[fonts])
            compiler = typst.Compiler(self._layout, root=self._layout.parent, font_paths=own)
            made = compiler.compile(format="pdf", sys_inputs={"data": data}, pdf_standards="ua-1")
        return bytes(made)  # type: ignore[arg-type] # one document, not a list of pages
