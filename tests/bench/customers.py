"""Linking, lists, searches and imports with ten thousand customer numbers and with a million (STEPS A11, S4 to S6)."""

import asyncio
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from statistics import median, quantiles

import httpx
import pyotp

from bench.customer_seed import database_of, put_codes, seed_customers
from bench.load import Timing, closed_loop
from bench.portal_run import ROOT, PortalRun, cookie_header
from bench.report import Row
from chassis.page_tokens import write_page_token
from ui.brand import Brand, demo_id

_FEW, _MANY = 10_000, 1_000_000
_GROWTH = 1.3
_CLIENTS, _SECONDS, _ROUNDS = 4, 1.5, 3
_LINKS = 100
_IMPORTED = (10_000, 100_000)
_DEEP = write_page_token("B00006000")
_OWN_LIST = {"one's own numbers": "/customers"}
_LISTS = {
    "customers": "/staff/customers",
    "customers, a page from the middle": f"/staff/customers?page={_DEEP}",
    "customers of a type": "/staff/customers?type=handel",
    "customers whom nobody holds": "/staff/customers?holding=free",
    "codes": "/staff/codes",
    "codes issued": "/staff/codes?state=issued",
    "codes printed": "/staff/codes?state=printed",
    "codes used": "/staff/codes?state=used",
    "codes expired": "/staff/codes?state=expired",
    "codes superseded": "/staff/codes?state=superseded",
    "codes withdrawn": "/staff/codes?state=withdrawn",
    "codes of a number": "/staff/codes?q=B00004711",
    "requests that wait": "/staff/requests",
    "requests that ended": "/staff/requests?show=ended",
}
_SEARCHES = {
    "a number": "/staff/customers?q=B00004711",
    "a part of a number": "/staff/customers?q=0471",
    "a name": "/staff/customers?q={name}",
    "a place": "/staff/customers?q=klosterneuburg",
    "a name and a place": "/staff/customers?q={name}+graz",
    "two letters": "/staff/customers?q=mu",
    "what is nowhere": "/staff/customers?q=xylophonbau",
}


def measure_customers(run: PortalRun) -> list[Row]:
    """Everything with few numbers, then with a million; the lists may not feel the difference."""
    types = [
        str(one["id"]) for one in Brand.load(ROOT / "brands" / run.demo["brand"]).section("customer_link")["types"]
    ]
    seed_customers(run, 1, _FEW, types)
    few, few_links = _pages(run), _links(run, types)
    began = time.monotonic()
    seed_customers(run, _FEW + 1, _MANY, types)
    print(f"  {_MANY:,} numbers loaded in {time.monotonic() - began:.0f} s", flush=True)
    many, many_links = _pages(run), _links(run, types)
    rows = [row for name in (*_OWN_LIST, *_LISTS) for row in _list_rows(name, few[name], many[name])]
    rows += [_search_row(name, few[name], many[name]) for name in _SEARCHES]
    rows.append(Row("link by code", f"{_said(few_links)}; with {_MANY:,} {_said(many_links)}", None, good=None))
    return [*rows, *(_import_row(run, lines, types[0]) for lines in _IMPORTED)]


def _pages(run: PortalRun) -> dict[str, "_Times"]:
    desk = {title: path.format(name=_known_name(run)) for title, path in (_LISTS | _SEARCHES).items()}
    with run.signed_in() as customer, _at_the_desk(run) as staff:
        return _times(customer, _OWN_LIST) | _times(staff, desk)


@dataclass(frozen=True, slots=True)
class _Times:
    """Of one page, in milliseconds: the very first request, when nothing is warm, and those after it."""

    first: float
    p50: float
    p95: float

    def __str__(self) -> str:
        return f"first {self.first:.0f} ms, p50 {self.p50:.0f} ms, p95 {self.p95:.0f} ms"


def _times(client: httpx.Client, paths: Mapping[str, str]) -> dict[str, _Times]:
    first = {name: _timed(lambda path=path: client.get(path), 200) for name, path in paths.items()}  # type: ignore[misc]
    warm = asyncio.run(_rounds(str(client.base_url), paths, {"Cookie": cookie_header(client)}))
    return {
        name: _Times(first[name], *(median(one.percentile(share) for one in timings) for share in (0.5, 0.95)))
        for name, timings in warm.items()
    }


async def _rounds(url: str, paths: Mapping[str, str], headers: Mapping[str, str]) -> dict[str, list[Timing]]:
    """Page after page and then again, so that a busy moment of the machine is no one page's."""
    found: dict[str, list[Timing]] = {name: [] for name in paths}
    for _ in range(_ROUNDS):
        for name, path in paths.items():
            timing = await closed_loop(url + path, clients=_CLIENTS, seconds=_SECONDS, headers=headers)
            if timing.failures:
                raise RuntimeError(f"{path}: {timing.failures} of {len(timing.latencies)} failed")
            found[name].append(timing)
    return found


def _links(run: PortalRun, types: Sequence[str]) -> Sequence[float]:
    """Milliseconds of linking one number after another, each ended again before the next; sorted."""
    taken = []
    with run.signed_in() as client:
        for number, code in put_codes(run, _free_type(run, types), _LINKS):
            form = {"number": number, "code": code}
            taken.append(_timed(lambda form=form: client.post("/customers", data=form), 303))  # type: ignore[misc]
            _unlink(run, client, number)
    return sorted(taken)


def _unlink(run: PortalRun, client: httpx.Client, number: str) -> None:
    with database_of(run) as connection:
        found = connection.execute("SELECT id FROM customer WHERE number = %s", (number,)).fetchone()
    _timed(lambda: client.post(f"/customers/{found[0] if found else number}/unlink"), 303)


def _free_type(run: PortalRun, types: Sequence[str]) -> str:
    """A type of which the signed-in customer holds no number."""
    person = run.demo["customers"][0]["username"]
    accounts = Brand.load(ROOT / "brands" / run.demo["brand"]).demo()["account"]
    account = next(demo_id("account", one["key"]) for one in accounts if one["username"] == person)
    with database_of(run) as connection:
        wanted = "SELECT type FROM link WHERE account_id = %s AND ended_at IS NULL"
        held = {row[0] for row in connection.execute(wanted, (account,))}
    return next(one for one in types if one not in held)


def _import_row(run: PortalRun, lines: int, type_id: str) -> Row:
    """The command on a file of new numbers, a new organisation every tenth line."""
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "customers.csv"
        rows = (f"Werk {lines} {n // 10},W {lines} {n:06},{type_id}\n" for n in range(lines))
        file.write_text("organisation,customer_number,type\n" + "".join(rows))
        command = [sys.executable, "-m", "customer_link", "admin", "import-customers", str(file)]
        began = time.monotonic()
        process = subprocess.Popen(
            command, env=run.environment_of("customer-link"), cwd=ROOT, stdout=subprocess.DEVNULL
        )
        _, status, used = os.wait4(process.pid, 0)
        process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode:
        raise RuntimeError(f"the import of {lines} lines ended with {process.returncode}")
    said = f"{lines / (time.monotonic() - began):.0f} lines/s, at most {used.ru_maxrss / 1024:.0f} MiB"
    return Row(f"import of {lines:,} lines", said, None, good=None)


def _list_rows(name: str, few: _Times, many: _Times) -> Iterator[Row]:
    yield Row(f"{name}, {_MANY:,} numbers", str(many), None, good=None)
    ratio = many.p50 / few.p50
    yield Row(f"{name} at {_MANY:,} / {_FEW:,} (p50)", f"{ratio:.2f}", f"{_GROWTH}", good=ratio <= _GROWTH)


def _search_row(name: str, few: _Times, many: _Times) -> Row:
    return Row(f"search for {name}, {_MANY:,} numbers", f"{many}; {few.p50:.0f} ms with {_FEW:,}", None, good=None)


def _timed(send: Callable[[], httpx.Response], status: int) -> float:
    """Milliseconds until the answer is there."""
    began = time.perf_counter()
    answer = send()
    taken = (time.perf_counter() - began) * 1000
    if answer.status_code != status:
        raise RuntimeError(f"{answer.request.method} {answer.request.url.path} gave {answer.status_code}")
    return taken


def _known_name(run: PortalRun) -> str:
    """The made-up name of one of the first organisations."""
    with database_of(run) as connection:
        wanted = "SELECT split_part(name, ' ', -1) FROM organisation WHERE id = md5('bench organisation 1000')::uuid"
        found = connection.execute(wanted).fetchone()
    return str(found[0]) if found else ""


@contextmanager
def _at_the_desk(run: PortalRun) -> Iterator[httpx.Client]:
    """A member of staff who is signed in."""
    person = next(one for one in run.demo["staff"] if "agent" in one["roles"])
    with httpx.Client(base_url=run.url, headers={"Origin": run.url}, timeout=60) as client:
        client.post("/login", data={"login": person["username"], "password": person["password"]})
        _timed(lambda: client.post("/login/code", data={"code": pyotp.TOTP(person["totp_secret"]).now()}), 303)
        yield client


def _said(times: Sequence[float]) -> str:
    return f"p50 {median(times):.0f} ms, p95 {quantiles(times, n=20)[-1]:.0f} ms"
