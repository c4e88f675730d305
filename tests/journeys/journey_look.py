"""What is looked at on every page: sound HTML, its headers, the direct line, axe, a narrow screen."""

import os
import re
from pathlib import Path
from typing import Final
from urllib.parse import urlsplit

from playwright.sync_api import Page, Response

from ui.brand import Brand
from ui.page_check import check_page

_AXE = (Path(__file__).parents[2] / "ui/tests/vendor/axe/axe-4.14.1.min.js").read_text("utf-8")
_RULES: Final = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]
_FINDINGS: Final = """async (rules) => (await axe.run(document, {runOnly: rules})).violations.map(
    found => found.id + ": " + found.nodes.map(node => node.html + " " + node.failureSummary).join(" | "))"""
_OVERHANG: Final = "document.documentElement.scrollWidth - document.documentElement.clientWidth"
_IDS: Final = re.compile(r"[0-9a-f]{8}-[0-9a-f-]{27}")
_SECRETS: Final = re.compile(r"(?<=/c/)[^/]+")
_NARROW: Final = {"width": 320, "height": 640}
_SCREENS: Final = {390: 844, 1280: 900}


class Look:
    """Looks at the pages of one brand. What takes time is done once for each kind of page."""

    def __init__(self, brand: Brand, name: str) -> None:
        self._hotline = brand.hotline
        self._seen: set[tuple[str, int, bool]] = set()
        folder = os.environ.get("PORTAL_SCREENSHOTS")
        self._screenshots = Path(folder) / name if folder else None

    def at(self, page: Page, answer: Response, *, scripts: bool) -> None:
        """Fails with what is wrong on the page."""
        html = answer.text()
        check_page(html)
        assert self._hotline.number in html, "the direct line is missing"
        assert f"mailto:{self._hotline.mail}" in html, "the support mail is missing"
        self._check_headers(answer)
        kind = (self._kind(answer), answer.status, scripts)
        if kind in self._seen:
            return
        self._seen.add(kind)
        self._check_narrow(page)
        if scripts:
            self._check_with_axe(page)
            self._keep(page, f"{kind[0].strip('/').replace('/', '.') or 'start'}-{kind[1]}")

    @staticmethod
    def _check_headers(answer: Response) -> None:
        headers = answer.headers
        policy = headers.get("content-security-policy", "")
        assert policy, "no content security policy"
        assert "unsafe-inline" not in policy
        assert headers.get("x-content-type-options") == "nosniff"
        assert "no-store" in headers.get("cache-control", ""), headers.get("cache-control")

    @staticmethod
    def _check_with_axe(page: Page) -> None:
        # Evaluated, not inserted: the page's own policy stays in force.
        page.evaluate(_AXE)
        findings = page.evaluate(_FINDINGS, _RULES)
        assert not findings, f"axe on {page.url}: {findings}"

    @staticmethod
    def _check_narrow(page: Page) -> None:
        before = page.viewport_size
        page.set_viewport_size(_NARROW)  # type: ignore[arg-type]
        overhang = page.evaluate(_OVERHANG)
        if before is not None:
            page.set_viewport_size(before)
        assert overhang <= 0, f"{page.url} scrolls {overhang} px sideways at 320 px"

    def _keep(self, page: Page, name: str) -> None:
        if self._screenshots is None:
            return
        before = page.viewport_size
        for width, height in _SCREENS.items():
            page.set_viewport_size({"width": width, "height": height})
            page.screenshot(path=self._screenshots / f"{name}-{width}.png", full_page=True)
        if before is not None:
            page.set_viewport_size(before)

    @staticmethod
    def _kind(answer: Response) -> str:
        return _SECRETS.sub("secret", _IDS.sub("id", urlsplit(answer.url).path))
