"""How soon a commit is a mail, and a registration a link in the mailbox."""

import re
import time
from datetime import datetime
from uuid import uuid4

import httpx

from bench.portal_run import PortalRun
from bench.report import Row

_TICKETS = 100
_BUDGET_MS = 250
_REGISTRATIONS = 5
_BUDGET_SECONDS = 2.0
_PATIENCE_SECONDS = 120.0


def measure_hand_over(run: PortalRun) -> list[Row]:
    """From the answer to an opened ticket, which comes right after the commit, to the mail at the SMTP server."""
    with run.signed_in() as client, httpx.Client(base_url=run.mail_url) as mailbox:
        opened = {_open(client): time.time() for _ in range(_TICKETS) if not time.sleep(0.05)}
        arrived = _arrivals(mailbox, set(opened))
    waits = sorted((arrived[number] - opened[number]) * 1000 for number in opened)
    p50, p99 = waits[len(waits) // 2], waits[int(len(waits) * 0.99)]
    said = f"p50 {p50:.0f} ms, p99 {p99:.0f} ms of {len(waits)}"
    return [Row("commit to SMTP hand-over", said, f"p99 {_BUDGET_MS} ms", good=p99 < _BUDGET_MS)]


def measure_registration(run: PortalRun) -> list[Row]:
    """From the click on the registration's button to the mail in the mailbox; the slowest of five."""
    slowest = max(_register(run) for _ in range(_REGISTRATIONS))
    good = slowest < _BUDGET_SECONDS
    return [
        Row(
            "registration to mail",
            f"slowest {slowest:.2f} s of {_REGISTRATIONS}",
            f"{_BUDGET_SECONDS:.0f} s",
            good=good,
        )
    ]


def _open(client: httpx.Client) -> str:
    kind = re.search(r'name="kind"[^>]*>.*?value="([a-z_]+)"', client.get("/tickets/new").text, re.DOTALL)
    ticket = {"kind": kind[1] if kind else "", "subject": "Messung", "text": "Wie schnell kommt die Mail?"}
    answer = client.post("/api/v1/tickets", json=ticket, headers={"Idempotency-Key": str(uuid4())})
    answer.raise_for_status()
    return str(answer.json()["number"])


def _arrivals(mailbox: httpx.Client, numbers: set[str]) -> dict[str, float]:
    found: dict[str, float] = {}
    until = time.monotonic() + _PATIENCE_SECONDS
    while numbers - found.keys():
        if time.monotonic() > until:
            raise RuntimeError(f"{len(numbers - found.keys())} mails did not come")
        for mail in mailbox.get("/api/v1/messages", params={"limit": 500}).json()["messages"]:
            for number in re.findall(r"T-\d{4}-\d+", mail["Subject"]):
                found.setdefault(number, datetime.fromisoformat(mail["Created"]).timestamp())
        time.sleep(0.2)
    return found


def _register(run: PortalRun) -> float:
    name = f"messung{uuid4().hex[:10]}"
    address = f"{name}@example.com"
    fields = {
        "username": name,
        "first_name": "Erika",
        "last_name": "Muster",
        "street": "Ungargasse 12",
        "postal_code": "1030",
        "city": "Wien",
        "country": "AT",
        "email": address,
        "password": "Sieben-Wolken-am-Morgen-3",
        "consent": "yes",
    }
    with httpx.Client(base_url=run.url, headers={"Origin": run.url}, timeout=30) as client:
        started = time.monotonic()
        answer = client.post("/register", data=fields)
        if answer.status_code != httpx.codes.SEE_OTHER:
            raise RuntimeError(f"registering gave {answer.status_code}")
    with httpx.Client(base_url=run.mail_url) as mailbox:
        while time.monotonic() < started + _PATIENCE_SECONDS:
            if mailbox.get("/api/v1/search", params={"query": f"to:{address}"}).json()["messages"]:
                return time.monotonic() - started
            time.sleep(0.02)
    raise RuntimeError("the registration's mail did not come")
