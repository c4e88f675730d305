"""A running portal as somebody meets it who means harm: through the gateway, on a service's port, byte by byte."""

import json
import re
import socket
import ssl
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from functools import cached_property

import httpx
import pyotp
from journey_portal import Portal

from local_run.data_folder import DataFolder

SESSION = "__Host-session"
_SECONDS = 5


@dataclass
class GuardedPortal:
    """The run, and ways to reach it."""

    run: Portal
    _clients: list[httpx.Client] = field(default_factory=list)

    @classmethod
    def over_https(cls) -> "GuardedPortal":
        """With the local authority, and ticketing in two instances."""
        return cls(Portal("musik", "local", ("--tls", "--scale", "ticketing=2")))

    @cached_property
    def trust(self) -> ssl.SSLContext:
        """Trusts the local authority and nobody else."""
        return ssl.create_default_context(cafile=DataFolder(self.run.data).tls / "gateway" / "ca.pem")

    @cached_property
    def ports(self) -> dict[str, int]:
        """The ports of all parts, such as `ticketing-2-http`."""
        ports: dict[str, int] = json.loads(DataFolder(self.run.data).ports.read_text())
        return ports

    def browser(self, session: str = "", **headers: str) -> httpx.Client:
        """Sends through the gateway what a browser on a page of the portal sends; follows no redirect."""
        own = {"Origin": self.run.url, "Sec-Fetch-Site": "same-origin", "Accept-Language": "de"}
        cookies = {SESSION: session} if session else {}
        return self._opened(self.run.url, own | headers, cookies)

    def instance(self, name: str, session: str = "") -> httpx.Client:
        """Talks to one instance of a service, past the gateway."""
        headers = {"Cookie": f"{SESSION}={session}"} if session else {}
        return self._opened(f"http://127.0.0.1:{self.ports[f'{name}-http']}", headers, {})

    def sign_in(self, kind: str, name: str) -> httpx.Client:
        """Somebody of the demo data at a browser of their own, by the beginning of their user name."""
        person = next(one for one in self.run.demo[kind] if one["username"].startswith(name))
        browser = self.browser()
        answer = browser.post("/login", data={"login": person["username"], "password": person["password"]})
        if person.get("totp_secret"):
            answer = browser.post("/login/code", data={"code": pyotp.TOTP(person["totp_secret"]).now()})
        assert answer.status_code == httpx.codes.SEE_OTHER, answer.text
        return browser

    def link(self, person: httpx.Client, number: str) -> str:
        """Links a number of the demo data by its code; gives the path of its page."""
        code = next(one["code"] for one in self.run.demo["codes"] if one["customer_number"] == number)
        answer = person.post("/customers", data={"code": code, "number": number})
        assert answer.status_code == httpx.codes.SEE_OTHER, answer.text
        return answer.headers["location"].replace("?linked=", "/")

    def issue(self, staff: httpx.Client, number: str) -> str:
        """A new code of a number, as staff read it."""
        answer = staff.post("/staff/codes/new", data={"number": number, "valid_until": "2027-06-30"})
        found = re.search(r'big-code">([^<]+)<', staff.get(answer.headers["location"]).text)
        assert found is not None, answer.text
        return found[1]

    def answers_to(self, request: bytes, instance: str = "") -> list[bytes]:
        """Sends bytes as they are, to the gateway or to an instance; gives the first line of every answer."""
        port = self.ports[f"{instance}-http"] if instance else self.run.port
        plain = socket.create_connection(("127.0.0.1", port), _SECONDS)
        with plain if instance else self.trust.wrap_socket(plain, server_hostname="localhost") as line:
            line.settimeout(2)
            line.sendall(request)
            received = b""
            with suppress(TimeoutError, ConnectionError):
                while piece := line.recv(65_536):
                    received += piece
        return re.findall(rb"HTTP/1\.[01] (\d{3})", received)

    def all_leave(self) -> None:
        """Closes every connection that was opened."""
        while self._clients:
            self._clients.pop().close()

    def _opened(self, url: str, headers: Mapping[str, str], cookies: Mapping[str, str]) -> httpx.Client:
        client = httpx.Client(base_url=url, headers=headers, cookies=cookies, verify=self.trust, timeout=_SECONDS)
        self._clients.append(client)
        return client
