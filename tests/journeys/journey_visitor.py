"""A person at a browser. Every page that they come to is looked at, whatever the journey is about."""

import re
from collections.abc import Iterable
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from journey_look import Look
from journey_manners import DESKTOP, Manner
from playwright.sync_api import BrowserContext, Locator, Page, Request, Response, expect

_SECONDS = 10


class Visitor:
    """Drives one page; `sees` and `does_not_see` are about what a person can read on it."""

    def __init__(
        self, context: BrowserContext, url: str, look: Look, manner: Manner = DESKTOP, *, scripts: bool = True
    ) -> None:
        self._context = context
        self._url = url
        self._look = look
        self.manner = manner
        self.scripts = scripts
        self._answer: Response | None = None
        self.complaints: list[str] = []
        """Requests to other sites, errors of scripts and refusals of the content security policy."""
        self.page: Page = self._tab()

    @property
    def path(self) -> str:
        """Where the person is: path and query."""
        parts = urlsplit(self.page.url)
        return f"{parts.path}?{parts.query}" if parts.query else parts.path

    @property
    def status(self) -> int:
        """The status that the page came with."""
        assert self._answer is not None
        return self._answer.status

    def new_tab(self) -> None:
        """Goes on in another tab, as whoever follows a mailed link does."""
        self.page = self._tab()

    def open(self, place: str, status: int = 200) -> None:
        """Goes to a path of the portal or to a mailed link, and looks at the page."""
        self.page.goto(place if place.startswith("http") else f"{self._url}{place}")
        assert self.status == status, f"{self.path} came with {self.status}"
        self.look()

    def press(self, name: str, *, within: str = "", status: int = 200) -> None:
        """Presses a button and looks at the page that comes."""
        self._go(self._scope(within).get_by_role("button", name=name, exact=True), status)

    def follow(self, name: str | re.Pattern[str], *, within: str = "", status: int = 200) -> None:
        """Follows a link and looks at the page that comes."""
        exact = isinstance(name, str)
        self._go(self._scope(within).get_by_role("link", name=name, exact=exact).first, status)

    def point(self, thing: Locator) -> None:
        """Clicks it, or taps on it with a phone."""
        if self.manner.touch:
            thing.tap()
        else:
            thing.click()

    def fill(self, **fields: str) -> None:
        """Types into fields by their names."""
        for name, value in fields.items():
            self.page.locator(f'[name="{name}"]:not([type=radio]):not([type=hidden])').first.fill(value)

    def fill_what_is_there(self, **fields: str) -> None:
        """Types into those of the fields that the page has, and chooses in those that are lists."""
        for name, value in fields.items():
            field = self.page.locator(f'[name="{name}"]').first
            if field.count() == 0:
                continue
            if field.evaluate("element => element.tagName") == "SELECT":
                field.select_option(value)
            elif field.get_attribute("type") == "radio":
                self.page.locator(f'[name="{name}"][value="{value}"]').check()
            else:
                field.fill(value)

    def open_profile_menu(self) -> None:
        """Opens what is behind the profile symbol; a phone shows the symbol alone."""
        self.point(self.page.get_by_role("banner").locator("summary", has_text="Mein Profil"))

    def choose(self, label: str) -> None:
        """Chooses a radio button or ticks a box by its label."""
        self.page.get_by_label(label, exact=True).check()

    def select(self, name: str, label: str | re.Pattern[str]) -> None:
        """Chooses from a list by what it shows."""
        field = self.page.locator(f'select[name="{name}"]')
        texts = field.locator("option").all_inner_texts()
        fitting = [text for text in texts if (text == label if isinstance(label, str) else label.search(text))]
        assert fitting, f"{label!r} is not offered, only {texts}"
        field.select_option(label=fitting[0])

    def tab_to(self, thing: Locator, most: int = 60) -> None:
        """Presses the Tab key until something has the focus."""
        for _ in range(most):
            self.page.keyboard.press("Tab")
            if thing.evaluate("element => element === document.activeElement"):
                return
        raise AssertionError(f"Tab does not lead to it on {self.path}")

    def enter(self) -> None:
        """Presses the Enter key and looks at the page that comes."""
        with self.page.expect_navigation(wait_until="load"):
            self.page.keyboard.press("Enter")
        self.look()

    def value(self, name: str) -> str:
        """What stands in a field."""
        return self.page.locator(f'[name="{name}"]').first.input_value()

    def sees(self, *texts: str) -> None:
        """Fails unless each text can be read; case is left to the style sheet."""
        body = self.page.locator("body")
        for text in texts:
            try:
                expect(body).to_contain_text(text, ignore_case=True, timeout=_SECONDS * 1000)
            except AssertionError:
                raise AssertionError(f"{text!r} does not stand on {self.path}:\n{body.inner_text()}") from None

    def does_not_see(self, *texts: str) -> None:
        """Fails if one of the texts can be read."""
        shown = self.page.locator("body").inner_text().casefold()
        for text in texts:
            assert text.casefold() not in shown, f"{text!r} stands on {self.path}"

    def heading(self) -> str:
        """What the page is called."""
        return self.page.locator("h1").inner_text()

    def wrong(self) -> list[str]:
        """What the error summary says."""
        return self.page.locator("#error-summary li").all_inner_texts()

    def wrong_beside(self, name: str) -> str:
        """What is said beside a field."""
        return self.page.locator(f"#{name}-error").inner_text()

    def rows(self, text: str = "") -> list[str]:
        """The rows of the page's table, as text."""
        return [row for row in self.page.locator("table.rows tbody tr").all_inner_texts() if text in row]

    def state(self, path: Path) -> None:
        """Keeps cookies for another visit."""
        self._context.storage_state(path=path)

    def look(self) -> None:
        """Checks the page that is open now."""
        if self._answer is not None:
            self._look.at(self.page, self._answer, scripts=self.scripts)

    def leave(self) -> None:
        """Closes the browser; fails if something was complained about."""
        self._context.close()
        assert not self.complaints, self.complaints

    def _tab(self) -> Page:
        page = self._context.new_page()
        page.set_default_timeout(_SECONDS * 1000)
        page.on("request", self._requested)
        page.on("response", self._answered)
        page.on("console", self._said)
        return page

    def _scope(self, within: str) -> Page | Locator:
        return self.page.locator(within) if within else self.page

    def _go(self, thing: Locator, status: int) -> None:
        with self.page.expect_navigation(wait_until="load"):
            self.point(thing)
        assert self.status == status, f"{self.path} came with {self.status}, not {status}"
        self.look()

    def _requested(self, request: Request) -> None:
        if urlsplit(request.url).scheme not in {"data", "blob"} and not request.url.startswith(self._url):
            self.complaints.append(f"request to {request.url}")

    def _answered(self, response: Response) -> None:
        if response.request.is_navigation_request() and response.frame.parent_frame is None:
            self._answer = response

    def _said(self, message: Any) -> None:
        # The browser notes every answer from 400 on as an error; pages for them are part of the journeys.
        if message.type == "error" and not message.text.startswith("Failed to load resource"):
            self.complaints.append(f"{self.page.url}: {message.text}")


def all_leave(visitors: Iterable[Visitor]) -> None:
    """Everybody leaves; what was complained about is told when all are gone."""
    complaints: list[str] = []
    for visitor in visitors:
        try:
            visitor.leave()
        except AssertionError as error:
            complaints.append(str(error))
    assert not complaints, complaints
