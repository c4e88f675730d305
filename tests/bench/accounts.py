"""How fast people get in: login, registration, sessions; and whether times tell known from unknown (A01 to A03)."""

import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from statistics import median, quantiles
from uuid import uuid4

import bcrypt
import httpx
import psycopg

from bench.portal_run import ROOT, PortalRun
from bench.rank_sum import rank_sum_z
from bench.report import Row

_SAMPLES = 200
_LOGINS = 100
_SIGNED_IN = "/api/v1/tickets"
"""A small answer of another service to somebody who is signed in."""
_WRONG = "Ganz-falsch-geraten-1"
_PASSWORD = "Vier-Kiesel-am-Strand-9"


def measure_sign_in(run: PortalRun) -> list[Row]:
    """Login and session resolve, one client after the other."""
    person = run.demo["customers"][0]
    login = {"login": person["username"], "password": person["password"]}
    logins, first_looks, later_looks = [], [], []
    with _without_throttle(run) as forget, httpx.Client(base_url=run.url, headers={"Origin": run.url}) as client:
        for _ in range(_LOGINS):
            forget()
            client.cookies.clear()
            logins.append(_timed(lambda: client.post("/login", data=login), 303))
            first_looks.append(_timed(lambda: client.get(_SIGNED_IN), 200))
            later_looks.append(_timed(lambda: client.get(_SIGNED_IN), 200))
    return [
        Row("login", _said(logins), None, good=None),
        Row("session resolved by another service, asked of identity", _said(first_looks), None, good=None),
        Row("session resolved by another service, cached", _said(later_looks), None, good=None),
    ]


def measure_neutral_times(run: PortalRun) -> list[Row]:
    """Two samples of 200, interleaved, of requests for what exists and what does not."""
    known = run.demo["customers"][1]["username"]
    # Each is asked for once: at a second time the link mailed before is replaced, which is a row more to write.
    people, owners = iter(_add_people(run)), iter(_addresses())
    with _without_throttle(run) as forget, httpx.Client(base_url=run.url, headers={"Origin": run.url}) as client:

        def send(path: str, form: Mapping[str, str], status: int) -> float:
            forget()
            client.cookies.clear()
            return _timed(lambda: client.post(path, data=form), status)

        def register(email: str) -> float:
            return send("/register", _registration(f"bench.{uuid4().hex[:10]}", email), 303)

        trials: list[tuple[str, Callable[[], float], Callable[[], float]]] = [
            (
                "login",
                lambda: send("/login", {"login": known, "password": _WRONG}, 422),
                lambda: send("/login", {"login": f"nobody.{uuid4().hex[:8]}", "password": _WRONG}, 422),
            ),
            (
                "forgotten password",
                lambda: send("/password/forgot", {"login": next(people)}, 303),
                lambda: send("/password/forgot", {"login": f"nobody.{uuid4().hex[:8]}"}, 303),
            ),
            ("registration", lambda: register(next(owners)), lambda: register(f"{uuid4().hex}@mailbox.example")),
        ]
        return [row for trial in trials for row in _compared(*trial)]


def _compared(name: str, known: Callable[[], float], unknown: Callable[[], float]) -> Iterator[Row]:
    samples: tuple[list[float], list[float]] = ([], [])
    for number in range(_SAMPLES):
        # Whoever goes first changes, so that neither gains from what the other left in a cache.
        for which in (number % 2, 1 - number % 2):
            samples[which].append((known, unknown)[which]())
    difference = median(samples[0]) - median(samples[1])
    z = rank_sum_z(*samples)
    yield Row(f"{name}, unknown", _said(samples[1]), None, good=None)
    said = f"median {difference:+.2f} ms, rank-sum z {z:+.1f}"
    yield Row(f"{name}: known against unknown, {_SAMPLES} each", said, None, good=None)


def _add_people(run: PortalRun) -> list[str]:
    """User names of as many accounts as are asked for, imported as from an older system."""
    hashed = bcrypt.hashpw(_PASSWORD.encode(), bcrypt.gensalt(10)).decode()
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "accounts.csv"
        lines = [f"{number},bench.person{number},{address},{hashed}" for number, address in enumerate(_addresses())]
        file.write_text("\n".join(["external_id,username,email,password_hash", *lines]))
        command = [sys.executable, "-m", "identity", "admin", "import-accounts", str(file)]
        environment = run.environment_of("identity")
        subprocess.run(command, env=environment, cwd=ROOT, check=True, stdout=subprocess.DEVNULL)
    return [f"bench.person{number}" for number in range(_SAMPLES)]


def _addresses() -> list[str]:
    return [f"person{number}@mailbox.example" for number in range(_SAMPLES)]


def _registration(username: str, email: str) -> dict[str, str]:
    return {
        "username": username,
        "email": email,
        "password": _PASSWORD,
        "salutation": "ms",
        "first_name": "Nora",
        "last_name": "Neu",
        "street": "Lindengasse 4/2",
        "postal_code": "1070",
        "city": "Wien",
        "country": "AT",
        "phone": "+43 1 5880 200",
        "consent": "yes",
    }


def _timed(send: Callable[[], httpx.Response], status: int) -> float:
    """Milliseconds until the answer is there."""
    began = time.perf_counter()
    answer = send()
    taken = (time.perf_counter() - began) * 1000
    if answer.status_code != status:
        raise RuntimeError(f"{answer.request.method} {answer.request.url.path} gave {answer.status_code}")
    return taken


def _said(times: Sequence[float]) -> str:
    return f"p50 {median(times):.1f} ms, p95 {quantiles(times, n=20)[-1]:.1f} ms"


@contextmanager
def _without_throttle(run: PortalRun) -> Iterator[Callable[[], None]]:
    """Lets identity forget whom it slows down: hundreds of tries from one address are what it is there to stop."""
    with psycopg.connect(run.environment_of("identity")["PORTAL_DATABASE_URL"], autocommit=True) as connection:
        yield lambda: connection.execute("DELETE FROM throttle") and None
