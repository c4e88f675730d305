"""Invoices as PDF: on the number's page, downloaded by who sees the number now (A11, A17, S4)."""

from uuid import uuid4

from chassis.testing_edges import START
from customer_link.usecases.put_invoice_document import put_invoice_document
from customer_link_builders import ANNA, CLUB, INN, a_link, an_invoice_document, some_data
from customer_link_world import PEOPLE, World
from sample_files import PDF


async def delivered(world: World) -> str:
    """Anna's number with its data and one PDF; its address."""
    document = an_invoice_document(INN, "R-3", size=len(PDF))
    async with world.records() as records:
        await records.links.add(a_link(ANNA, INN))
        await records.links.add(a_link(PEOPLE["bernd"].account_id, CLUB))
        for customer in (INN, CLUB):
            await records.customers.put_data(customer.id, some_data(), START)
        assert await put_invoice_document(document, records=records)
    await world.keep_file(document.file_id, PDF)
    return f"/customers/{INN.id}/invoices/{document.id}"


async def test_a11_an_invoice_is_downloaded_from_the_numbers_page(world: World) -> None:
    path = await delivered(world)
    for name, place, mine in (("anna", "/customers", path), ("monika", "/staff/customers", f"/staff{path}")):
        page = await world.get(name, f"{place}/{INN.id}")
        assert f'href="{mine}"' in page.html
        assert page.html.count("/invoices/") == 1
        assert "R-3 PDF (1 kB)" in page.words
        async with world.client(name) as browser:
            answer = await browser.get(mine)
        assert (answer.status_code, answer.content) == (200, PDF)
        assert answer.headers["content-disposition"].startswith('attachment; filename="Rechnung R-3.pdf"')
        assert answer.headers["content-security-policy"] == "default-src 'none'; sandbox"
    assert f'href="{path}"' in (await world.get("anna", f"/customers/{INN.id}/data")).html


async def test_z02_others_invoices_are_as_unknown_ones(world: World) -> None:
    path = await delivered(world)
    document = path.rpartition("/")[2]
    paths = [path, f"/customers/{CLUB.id}/invoices/{document}", f"/customers/{CLUB.id}/invoices/{uuid4()}"]
    paths += [f"/customers/{uuid4()}/invoices/{document}", "/customers/x/invoices/x"]
    answers = [await world.get("bernd", one) for one in paths]
    assert {one.status for one in answers} == {404}
    told = [one.html.replace(one.response.headers["x-request-id"], "") for one in answers]
    assert len({html.replace(asked, "") for html, asked in zip(told, paths, strict=True)}) == 1


async def test_a17_who_gives_the_number_back_loses_its_invoices(world: World) -> None:
    path = await delivered(world)
    await world.post("anna", f"/customers/{INN.id}/unlink")
    assert (await world.get("anna", path)).status == 404


async def test_s4_a_look_of_staff_at_an_invoice_is_noted(world: World) -> None:
    path = await delivered(world)
    async with world.client("tarek") as browser:
        assert (await browser.get(f"/staff{path}")).status_code == 200
    assert "Tarek" in (await world.get("ines", f"/staff/customers/{INN.id}")).words
