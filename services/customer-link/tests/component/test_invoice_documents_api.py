"""`PUT /api/v1/customers/{number}/invoices/{invoice}/document`: invoices as PDF from other systems (A11)."""

from datetime import timedelta
from typing import Any

import httpx
import pytest

from chassis.testing_edges import START
from customer_link.domain.invoice_document import LARGEST_INVOICE
from customer_link_api_samples import code
from customer_link_builders import ANNA, INN, a_link, some_data
from customer_link_world import World
from sample_files import DISGUISED, PDF

URL = "/api/v1/customers"
R_3 = f"{URL}/4711%200702/invoices/R-3/document"
NOW = START.isoformat()
NEWER = PDF + b"%newer"
PDF_TYPE = "application/pdf"


async def put(erp: httpx.AsyncClient, url: str = R_3, content: bytes = PDF, **changes: Any) -> httpx.Response:
    sent = {"params": {"as_of_time": NOW}, "headers": {"Content-Type": PDF_TYPE}, **changes}
    return await erp.put(url, content=content, **sent)


async def kept(world: World, invoice: str = "R-3") -> bytes | None:
    """The content of the document that is held."""
    async with world.records() as records:
        held = await records.invoices.held(INN.id, invoice)
    if held is None:
        return None
    return b"".join([chunk async for chunk in await world.core.workplace.files.read(held.file_id)])


async def test_a11_a_pdf_over_json_is_what_the_holder_downloads(world: World) -> None:
    async with world.records() as records:
        await records.links.add(a_link(ANNA, INN))
        await records.customers.put_data(INN.id, some_data(), START)
    async with world.program("customers:write") as erp:
        answer = await put(erp)
        assert (answer.status_code, answer.content) == (204, b"")
    page = await world.get("anna", f"/customers/{INN.id}")
    path = page.html.partition(f'href="/customers/{INN.id}/invoices/')[2].partition('"')[0]
    async with world.client("anna") as browser:
        assert (await browser.get(f"/customers/{INN.id}/invoices/{path}")).content == PDF


async def test_the_newest_wins_and_the_same_again_changes_nothing(world: World) -> None:
    older = {"as_of_time": (START - timedelta(minutes=1)).isoformat()}
    async with world.program("customers:write") as erp:
        for _ in range(2):
            assert (await put(erp, content=NEWER)).status_code == 204
            assert len(await world.kept_files()) == 1
        assert (await put(erp, content=PDF, params=older)).status_code == 204
        assert (await kept(world), len(await world.kept_files())) == (NEWER, 1)
        newer = {"as_of_time": (START + timedelta(minutes=1)).isoformat()}
        assert (await put(erp, content=PDF, params=newer)).status_code == 204
    assert await kept(world) == PDF


@pytest.mark.parametrize("path", ["4711-0702/invoices/2026/17", "47110702/invoices/2026%2F17"])
async def test_an_invoice_may_have_a_slash_in_its_number(world: World, path: str) -> None:
    async with world.program("customers:write") as erp:
        typed = {"headers": {"Content-Type": "Application/PDF; charset=binary"}}
        assert (await put(erp, f"{URL}/{path}/document", **typed)).status_code == 204
    assert await kept(world, "2026/17") == PDF


@pytest.mark.parametrize(
    ("content", "changes", "answered"),
    [
        (PDF, {"headers": {"Content-Type": "application/json"}}, (415, "unsupported_media_type")),
        (PDF, {"headers": {}}, (415, "unsupported_media_type")),
        (b"", {}, (422, "document_no_pdf")),
        (DISGUISED["seite.pdf"], {}, (422, "document_no_pdf")),
        (PDF + bytes(LARGEST_INVOICE), {}, (413, "body_too_large")),
        (PDF, {"params": {}}, (422, "invalid_input")),
        (PDF, {"params": {"as_of_time": "2026-11-01T08:00:00"}}, (422, "invalid_input")),
        (PDF, {"params": {"as_of_time": "9999-12-31T23:59:59-12:00"}}, (422, "invalid_input")),
        (PDF, {"params": {"as_of_time": NOW, "force": "1"}}, (422, "invalid_input")),
        (
            PDF,
            {"params": {"as_of_time": (START + timedelta(minutes=6)).isoformat()}},
            (422, "document_from_the_future"),
        ),
        (PDF, {"url": f"{URL}/9000/invoices/R-3/document"}, (404, "customer_unknown")),
        (PDF, {"url": f"{URL}/47110702/invoices/%20/document"}, (422, "invoice_number_invalid")),
        (PDF, {"url": f"{URL}/47110702/invoices/R%00/document"}, (422, "invoice_number_invalid")),
        (PDF, {"url": f"{URL}/47110702/invoices/{'R' * 61}/document"}, (422, "invoice_number_invalid")),
    ],
)
async def test_what_is_no_invoice_is_refused_and_not_kept(
    world: World, content: bytes, changes: dict[str, Any], answered: tuple[int, str]
) -> None:
    async with world.program("customers:write") as erp:
        assert code(await put(erp, content=content, **changes)) == answered
    assert await world.kept_files() == set()


async def test_the_largest_one_is_taken(world: World) -> None:
    async with world.program("customers:write") as erp:
        assert (await put(erp, content=PDF.ljust(LARGEST_INVOICE, b"\n"))).status_code == 204


@pytest.mark.parametrize("scope", ["customers:read", "contacts:write"])
async def test_another_scope_brings_nothing(world: World, scope: str) -> None:
    async with world.program(scope) as other:
        assert code(await put(other)) == (403, "scope_missing")
    assert await world.kept_files() == set()
