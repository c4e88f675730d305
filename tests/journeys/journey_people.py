"""The people of a journey: strangers, customers, staff; each logs in once and comes back with the same session."""

from pathlib import Path
from typing import Any

import pyotp
from journey_look import Look
from journey_manners import DESKTOP, Manner
from journey_portal import Portal
from journey_visitor import Visitor, all_leave
from playwright.sync_api import Browser


class People:
    """Who can be asked to visit a portal."""

    def __init__(self, browser: Browser, portal: Portal, look: Look) -> None:
        self._browser = browser
        self._portal = portal
        self._look = look
        self.manner: Manner = DESKTOP
        self._states: dict[str, Path] = {}
        self._here: list[Visitor] = []

    def stranger(self, *, language: str = "de-AT", scripts: bool = True) -> Visitor:
        """Somebody with a fresh browser."""
        return self._visitor(None, language, scripts=scripts)

    def customer(self, username: str, *, scripts: bool = True) -> Visitor:
        """A customer of the demo data, logged in. `username` may be its beginning."""
        return self._known(self._found("customers", username), scripts=scripts)

    def member_of_staff(self, username: str) -> Visitor:
        """A member of staff, logged in with the second factor."""
        return self._known(self._found("staff", username), scripts=True)

    def password(self, username: str) -> str:
        """The password of somebody in the demo data."""
        everybody = [*self._portal.demo["customers"], *self._portal.demo["staff"]]
        password: str = next(one["password"] for one in everybody if one["username"].startswith(username))
        return password

    def all_leave(self) -> None:
        """Everybody closes their browser."""
        here, self._here = self._here, []
        all_leave(here)

    def _found(self, kind: str, username: str) -> dict[str, Any]:
        login: dict[str, Any] = next(one for one in self._portal.demo[kind] if one["username"].startswith(username))
        return login

    def _known(self, login: dict[str, Any], *, scripts: bool) -> Visitor:
        """Logs in once: a one-time code cannot be used twice."""
        username = login["username"]
        if username not in self._states:
            visitor = self.stranger()
            log_in(visitor, username, login["password"], login.get("totp_secret") or "")
            self._states[username] = self._portal.data / f"state-{username}.json"
            visitor.state(self._states[username])
        return self._visitor(self._states[username], "de-AT", scripts=scripts)

    def _visitor(self, state: Path | None, language: str, *, scripts: bool) -> Visitor:
        options = self.manner.context(scripts=scripts)
        context = self._browser.new_context(storage_state=state, locale=language, **options)
        visitor = Visitor(context, self._portal.url, self._look, self.manner, scripts=options["java_script_enabled"])
        self._here.append(visitor)
        return visitor


def log_in(visitor: Visitor, username: str, password: str, totp_secret: str = "", *, status: int = 200) -> None:
    """Logs somebody in through the pages; `status` is that of the page after the password."""
    visitor.open("/login")
    visitor.fill(login=username, password=password)
    visitor.press("Anmelden", status=status)
    if totp_secret:
        visitor.fill(code=pyotp.TOTP(totp_secret).now())
        visitor.press("Bestätigen")
