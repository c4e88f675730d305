"""The gallery in a real Chromium: axe, both themes, 320 px, the keyboard, and without scripts."""

import shutil
import socket
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
import uvicorn
from playwright.sync_api import Browser, Page, Request, sync_playwright
from starlette.applications import Starlette
from starlette.requests import Request as WebRequest
from starlette.responses import HTMLResponse, Response
from starlette.routing import Mount, Route

from ui.assets import assets_app
from ui_site import BRANDS, GALLERY, gallery_page, load_brand, make_pages, make_request

AXE = Path(__file__).parent / "vendor" / "axe" / "axe-4.14.1.min.js"
CHROMIUM = shutil.which("chromium") or "/usr/bin/chromium"
FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
CSP = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; font-src 'self'; "
    "connect-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
)
RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
FINDINGS = """async (rules) => (await axe.run(document, {runOnly: rules})).violations.map(
    found => found.id + ": " + found.nodes.map(node => node.html + " " + node.failureSummary).join(" | "))"""


def _site(brand_name: str) -> Starlette:
    brand = load_brand(brand_name)
    pages = make_pages(brand)
    polls: list[str] = []

    async def page(request: WebRequest) -> Response:
        response = gallery_page(pages, request.path_params["name"])
        response.headers["Content-Security-Policy"] = CSP
        return response

    async def error(_request: WebRequest) -> Response:
        typed = {"subject": "Mein Betreff", "text": "Ein langer Text. " * 30}
        return pages.error(make_request("/x"), 403, "cross_site_request", "0193-af", typed)

    async def document(request: WebRequest) -> Response:
        return pages.document(make_request("/x"), request.path_params["name"])

    async def data(request: WebRequest) -> Response:
        polls.append(request.url.path)
        return HTMLResponse('<p id="arrived">Die Daten sind da.</p>')

    async def bell(_request: WebRequest) -> Response:
        return pages.fragment(make_request("/notices/bell"), "gallery/bell.html", unread=3)

    return Starlette(
        routes=[
            Route("/notices/bell", bell),
            Route("/gallery/{name}", page),
            Route("/error", error),
            Route("/document/{name}", document),
            Route("/customers/1/data", data),
            Mount("/assets", assets_app(brand)),
        ]
    )


@pytest.fixture(scope="module", params=BRANDS)
def site(request: pytest.FixtureRequest) -> Iterator[str]:
    listener = socket.create_server(("127.0.0.1", 0))
    server = uvicorn.Server(uvicorn.Config(_site(request.param), log_level="error"))
    thread = threading.Thread(target=server.run, kwargs={"sockets": [listener]})
    thread.start()
    while not server.started:
        time.sleep(0.01)
    yield f"http://127.0.0.1:{listener.getsockname()[1]}"
    server.should_exit = True
    thread.join()
    listener.close()


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        yield chromium
        chromium.close()


@pytest.fixture
def page(browser: Browser) -> Iterator[Page]:
    context = browser.new_context(locale="de-AT", viewport={"width": 1280, "height": 900})
    yield context.new_page()
    context.close()


def findings_of_axe(browser: Browser, address: str, theme: str, width: int = 1280) -> list[str]:
    context = browser.new_context(
        bypass_csp=True,
        color_scheme="dark" if theme == "dark" else "light",
        viewport={"width": width, "height": 900},
        locale="de-AT",
    )
    page = context.new_page()
    page.goto(address)
    page.add_script_tag(path=AXE)
    findings = page.evaluate(FINDINGS, RULES)
    context.close()
    return list(findings)


@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize("name", GALLERY)
def test_axe_finds_nothing(browser: Browser, site: str, name: str, theme: str) -> None:
    assert findings_of_axe(browser, f"{site}/gallery/{name}", theme) == []


@pytest.mark.parametrize("path", ["/error", "/document/privacy"])
def test_axe_finds_nothing_on_error_pages_and_documents(browser: Browser, site: str, path: str) -> None:
    assert findings_of_axe(browser, f"{site}{path}", "light") == []


@pytest.mark.parametrize("name", ["tickets", "customers"])
def test_axe_finds_nothing_on_a_phone_where_rows_are_cards(browser: Browser, site: str, name: str) -> None:
    assert findings_of_axe(browser, f"{site}/gallery/{name}", "light", width=390) == []


@pytest.mark.parametrize("name", GALLERY)
def test_at_320_pixels_nothing_scrolls_sideways(page: Page, site: str, name: str) -> None:
    page.set_viewport_size({"width": 320, "height": 640})
    page.goto(f"{site}/gallery/{name}")
    assert page.evaluate("document.documentElement.scrollWidth") <= 320


def test_the_policy_allows_all_that_a_page_needs(page: Page, site: str) -> None:
    said: list[str] = []
    page.on("console", lambda message: said.append(message.text) if message.type == "error" else None)
    page.on("requestfailed", lambda request: said.append(request.url))
    page.goto(f"{site}/gallery/components")
    page.wait_for_load_state("networkidle")
    assert said == []
    assert page.evaluate("htmx.version") == "4.0.1"
    assert "Portal Sans" in page.evaluate("getComputedStyle(document.body).fontFamily")
    assert page.evaluate("document.fonts.check('600 17px \"Portal Sans\"')")


def test_the_bell_is_filled_in_after_the_page_and_stays_one_link(page: Page, site: str) -> None:
    page.goto(f"{site}/gallery/tickets")
    bell = page.get_by_role("link", name="Benachrichtigungen, 3 ungelesen", exact=True)
    bell.wait_for()
    assert bell.get_attribute("href") == "/notices"
    assert bell.locator("svg").count() == 1
    box = bell.bounding_box()
    assert box is not None
    assert min(box["width"], box["height"]) >= 40


@pytest.mark.parametrize("status", [404, 502, 503])
def test_a_bell_whose_owner_is_away_stays_a_plain_link(page: Page, site: str, status: int) -> None:
    page.route("**/notices/bell", lambda route: route.fulfill(status=status, body="<h1>away</h1>"))
    with page.expect_response("**/notices/bell"):
        page.goto(f"{site}/gallery/tickets")
    page.wait_for_load_state("networkidle")
    assert page.get_by_role("link", name="Benachrichtigungen", exact=True).count() == 1
    assert page.locator("header h1").count() == 0


def test_only_the_fonts_of_the_page_are_fetched(page: Page, site: str) -> None:
    fetched: list[str] = []
    page.on("request", lambda request: fetched.append(_name(request)))
    page.goto(f"{site}/gallery/start")
    page.wait_for_load_state("networkidle")
    assert {name for name in fetched if name.endswith("woff2")} <= {f"portal-sans-{it}.woff2" for it in (400, 500, 600)}
    assert len(fetched) == len(set(fetched))


def _name(request: Request) -> str:
    return request.url.rsplit("/", 1)[-1]


def test_the_error_summary_has_the_focus_and_leads_to_the_field(page: Page, site: str) -> None:
    page.goto(f"{site}/gallery/components-faulty")
    assert page.evaluate("document.activeElement.id") == "error-summary"
    page.locator("#error-summary a").nth(1).click()
    assert page.evaluate("document.activeElement.id") == "email"
    assert page.title().startswith("Fehler: ")


def test_a_password_can_be_shown_and_leaves_as_a_password(page: Page, site: str) -> None:
    page.goto(f"{site}/gallery/components")
    field, button = page.locator("#password"), page.locator(".show-password")
    field.fill("Laterne-Regen")
    button.click()
    assert field.get_attribute("type") == "text"
    assert button.get_attribute("aria-label") == "Passwort verbergen"
    button.click()
    assert field.get_attribute("type") == "password"


def test_the_keyboard_reaches_the_content_and_the_profile_menu(page: Page, site: str) -> None:
    page.goto(f"{site}/gallery/tickets")
    page.keyboard.press("Tab")
    assert page.locator(":focus").inner_text() == "Zum Inhalt springen"
    page.keyboard.press("Enter")
    assert page.evaluate("document.activeElement.id") == "main"
    summary = page.locator("details.menu summary")
    summary.focus()
    page.keyboard.press("Enter")
    assert page.get_by_role("link", name="Einstellungen").is_visible()
    page.keyboard.press("Escape")
    assert not page.get_by_role("link", name="Einstellungen").is_visible()
    assert summary.evaluate("element => element === document.activeElement")


def test_data_on_the_way_replace_the_waiting_box(page: Page, site: str) -> None:
    page.goto(f"{site}/gallery/components")
    page.wait_for_selector("#arrived", timeout=8000)
    assert page.locator(".loading").count() == 0


def test_without_scripts_everything_is_there(browser: Browser, site: str) -> None:
    context = browser.new_context(java_script_enabled=False, locale="de-AT")
    page = context.new_page()
    page.goto(f"{site}/gallery/components")
    assert page.locator(".show-password").count() == 0
    assert page.get_by_role("link", name="Aktualisieren").get_attribute("href") == "/customers/1"
    page.locator("details.menu summary").click()
    assert page.get_by_role("button", name="Abmelden").is_visible()
    context.close()


def test_focus_is_visible_wherever_it_goes(page: Page, site: str) -> None:
    page.goto(f"{site}/gallery/components")
    for _ in range(25):
        page.keyboard.press("Tab")
        style = page.evaluate("(({outlineStyle, outlineWidth}) => outlineStyle + outlineWidth)"
                              "(getComputedStyle(document.activeElement))")  # fmt: skip
        assert style == "solid3px", page.evaluate("document.activeElement.outerHTML")


def test_touch_targets_are_large_enough(page: Page, site: str) -> None:
    page.set_viewport_size({"width": 390, "height": 800})
    page.goto(f"{site}/gallery/components")
    small = page.evaluate("""() => [...document.querySelectorAll('button, summary, .kern-btn, .nav a, input:not([type=hidden]), select')]
        .filter(element => element.offsetParent && !element.classList.contains('as-link'))
        .filter(element => !['radio', 'checkbox'].includes(element.type) && element.getBoundingClientRect().height < 44)
        .map(element => element.outerHTML)""")  # noqa: E501
    assert small == []


def test_axe_would_find_something(page: Page) -> None:
    page.set_content('<html lang="de"><body><input><p style="color:#ccc;background:#fff">blass</p></body></html>')
    page.add_script_tag(path=AXE)
    found = " ".join(page.evaluate(FINDINGS, RULES))
    assert "label: " in found
    assert "color-contrast: " in found
