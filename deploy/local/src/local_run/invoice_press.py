"""Sets invoices of the sample backend as PDF, in a process of its own that ends with its memory.

`python -m local_run.invoice_press` reads a JSON list of the layout's data and writes one of the PDFs, as Base64.
"""

import asyncio
import base64
import json
import sys
from collections.abc import Mapping, Sequence
from datetime import date
from pathlib import Path
from typing import Any

from kundenportal.customer_link.v1.customer_service_pb2 import CustomerData, Invoice

_LAYOUT = Path(__file__).with_name("invoice.typ")
_SECONDS = 60


async def press_invoices(number: str, data: CustomerData, wanted: Sequence[Invoice]) -> Mapping[str, bytes]:
    """The PDFs by invoice number; the same data make the same bytes.

    Raises:
        OSError: they could not be set, or not within a minute.
    """
    if not wanted:
        return {}
    sent = json.dumps([_on_paper(number, data, invoice) for invoice in wanted]).encode()
    pipe = asyncio.subprocess.PIPE
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-m", "local_run.invoice_press", stdin=pipe, stdout=pipe
    )
    try:
        async with asyncio.timeout(_SECONDS):
            made, _ = await process.communicate(sent)
    finally:
        if process.returncode is None:
            process.kill()
            await process.wait()
    if process.returncode != 0:
        raise OSError(f"The press ended with {process.returncode}.")
    pdfs = [base64.b64decode(one) for one in json.loads(made)]
    return {invoice.number: pdf for invoice, pdf in zip(wanted, pdfs, strict=True)}


def set_invoice(content: Mapping[str, Any]) -> bytes:
    """One PDF, tagged (PDF/UA-1); it reads the layout and nothing else."""
    import typst  # noqa: PLC0415 - 80 MB, for the process that sets and no other

    own = typst.Fonts(include_system_fonts=False, include_embedded_fonts=True, font_paths=[])
    compiler = typst.Compiler(_LAYOUT, root=_LAYOUT.parent, font_paths=own)
    made = compiler.compile(format="pdf", sys_inputs={"data": json.dumps(content)}, pdf_standards="ua-1")
    return bytes(made)  # type: ignore[arg-type] # one document, not a list of pages


def _on_paper(number: str, data: CustomerData, invoice: Invoice) -> dict[str, Any]:
    day = date.fromisoformat(invoice.date)
    return {
        "number": invoice.number,
        "customer": number,
        "address": [data.name, *data.address_lines],
        "subject": data.contracts[0].title if data.contracts else "Leistungen laut Vertrag",
        "date": _german(day),
        "due": _german(date.fromisoformat(invoice.due_date)),
        "amount": f"{invoice.amount_cents // 100},{invoice.amount_cents % 100:02} {invoice.currency}",
        "year": day.year,
        "month": day.month,
        "day": day.day,
    }


def _german(day: date) -> str:
    return f"{day.day}. {day.month}. {day.year}"


if __name__ == "__main__":
    invoices = json.load(sys.stdin)
    json.dump([base64.b64encode(set_invoice(one)).decode() for one in invoices], sys.stdout)
