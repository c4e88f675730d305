"""How fast ticket pages are through Traefik, beside the bare stack in the same run."""

import asyncio
import os
import re
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from statistics import median
from uuid import UUID

import httpx

from bench.load import Timing, closed_loop
from bench.portal_run import ROOT, PortalRun, cookie_header
from bench.report import Row
from local_run.free_ports import free_port
from local_run.gateway import Instance, traefik_command, traefik_environment
from ui.brand import Brand, demo_id

_CLIENTS = 8
_SECONDS = 4.0
_ROUNDS = 3
_BUDGET_MS = 60
_FEW, _MANY = 10_000, 1_000_000
_GROWTH = 1.3
_TICKETING = "ticketing"


def measure_pages(run: PortalRun) -> list[Row]:
    """List and detail at eight clients, interleaved with the bare stack behind a gateway of the same configuration."""
    _seed(run, _FEW)
    with run.signed_in() as client, _bare_stack(run) as bare:
        headers = {"Cookie": cookie_header(client)}
        detail = _first_ticket(client)
        timings = asyncio.run(
            _rounds({"list": run.url + "/tickets", "detail": run.url + detail, "bare": bare}, headers)
        )
    rows = [_page_row(name, timings) for name in ("list", "detail")]
    ratio = _p50(timings["list"]) / _p50(timings["bare"])
    return [*rows, Row("ticket list against the bare stack (p50)", f"{ratio:.1f} times", None, good=None)]


def measure_growth(run: PortalRun) -> list[Row]:
    """The same pages with a million tickets, against those with ten thousand."""
    few = _alone(run)
    _seed(run, _MANY - _FEW)
    many = _alone(run)
    return [
        Row(f"{name} at 1,000,000 / 10,000 tickets (p50)", f"{ratio:.2f}", f"{_GROWTH}", good=ratio <= _GROWTH)
        for name in ("list", "detail")
        for ratio in [_p50(many[name]) / _p50(few[name])]
    ]


def _alone(run: PortalRun) -> dict[str, list[Timing]]:
    with run.signed_in() as client:
        headers = {"Cookie": cookie_header(client)}
        pages = {"list": run.url + "/tickets", "detail": run.url + _first_ticket(client)}
        return asyncio.run(_rounds(pages, headers))


async def _rounds(pages: Mapping[str, str], headers: Mapping[str, str]) -> dict[str, list[Timing]]:
    found: dict[str, list[Timing]] = {name: [] for name in pages}
    for url in pages.values():
        await closed_loop(url, clients=_CLIENTS, seconds=1.0, headers=headers)
    for _ in range(_ROUNDS):
        for name, url in pages.items():
            found[name].append(await closed_loop(url, clients=_CLIENTS, seconds=_SECONDS, headers=headers))
    return found


def _page_row(name: str, timings: Mapping[str, list[Timing]]) -> Row:
    p95 = median(timing.percentile(0.95) for timing in timings[name])
    rate = median(timing.rate for timing in timings[name])
    failures = sum(timing.failures for timing in timings[name])
    said = f"p50 {_p50(timings[name]):.0f} ms, p95 {p95:.0f} ms, {rate:.0f}/s, {failures} failed"
    return Row(f"ticket {name}, 8 clients", said, f"p95 {_BUDGET_MS} ms", good=p95 < _BUDGET_MS and not failures)


def _p50(timings: list[Timing]) -> float:
    return median(timing.percentile(0.5) for timing in timings)


def _first_ticket(client: httpx.Client) -> str:
    found = re.search(r'href="(/tickets/[0-9a-f-]{36})"', client.get("/tickets").text)
    if found is None:
        raise RuntimeError("the list shows no ticket")
    return found[1]


def _seed(run: PortalRun, number: int) -> None:
    command = [sys.executable, "-m", "ticketing", "admin", "seed-tickets", str(number)]
    subprocess.run(command, env=run.environment_of(_TICKETING), cwd=ROOT, check=True, stdout=subprocess.DEVNULL)


@contextmanager
def _bare_stack(run: PortalRun) -> Iterator[str]:
    port, management, entry, ping = (free_port() for _ in range(4))
    database = run.environment_of(_TICKETING)["PORTAL_DATABASE_URL"]
    app = [sys.executable, "-m", "bench.bare_stack"]
    environment = os.environ | {"PORT": str(port), "MANAGEMENT_PORT": str(management), "DATABASE_URL": database}
    instance = {
        name: [Instance(port, management)] for name in ("identity", "customer-link", _TICKETING, "notification")
    }
    gateway = os.environ | traefik_environment(instance)
    processes = [
        subprocess.Popen(app, env=environment, cwd=ROOT / "tests"),
        subprocess.Popen(traefik_command(entry, ping), env=gateway, stdout=subprocess.DEVNULL),
    ]
    url = f"http://localhost:{entry}/tickets?account={_reader(run)}"
    try:
        _wait(url)
        yield url
    finally:
        for process in processes:
            process.terminate()
            process.wait()


def _reader(run: PortalRun) -> UUID:
    username = run.demo["customers"][0]["username"]
    accounts = Brand.load(ROOT / "brands" / run.demo["brand"]).demo()["account"]
    return next(demo_id("account", one["key"]) for one in accounts if one["username"] == username)


def _wait(url: str) -> None:
    until = time.monotonic() + 30
    while time.monotonic() < until:
        try:
            if httpx.get(url).is_success:
                return
        except httpx.TransportError:
            pass
        time.sleep(0.1)
    raise RuntimeError(f"{url} does not answer")
