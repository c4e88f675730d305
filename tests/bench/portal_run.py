"""A portal of its own for the benchmarks: on free ports, in a throw-away folder, stopped at the end."""

import json
import os
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx
import psutil

ROOT = Path(__file__).resolve().parents[2]


@dataclass(frozen=True)
class PortalRun:
    """A running portal: where it is, its demo data and how long it took to be ready, in seconds."""

    url: str
    mail_url: str
    demo: dict[str, Any]
    supervisor: psutil.Process
    ready_seconds: float
    data: Path

    @contextmanager
    def signed_in(self) -> Iterator[httpx.Client]:
        """A client signed in as the first demo customer."""
        person = self.demo["customers"][0]
        with httpx.Client(base_url=self.url, headers={"Origin": self.url}, timeout=30) as client:
            answer = client.post("/login", data={"login": person["username"], "password": person["password"]})
            if answer.status_code != httpx.codes.SEE_OTHER:
                raise RuntimeError(f"signing in gave {answer.status_code}")
            yield client

    def environment_of(self, module: str) -> dict[str, str]:
        """The environment in which a service runs, for its admin commands and its database."""
        settings = json.loads((self.data / "environment" / f"{module}.json").read_text())
        return {**os.environ, **settings}

    def processes(self) -> list[psutil.Process]:
        """Every process of the run."""
        return [self.supervisor, *self.supervisor.children(recursive=True)]

    def memory_mib(self) -> float:
        """Memory of the whole run; pages shared by processes are counted once."""
        return sum(one.memory_full_info().pss for one in self.processes()) / 1024 / 1024


def cookie_header(client: httpx.Client) -> str:
    """The Cookie header of a signed-in client."""
    return "; ".join(f"{cookie.name}={cookie.value}" for cookie in client.cookies.jar)


@contextmanager
def running(data: Path, port: int, *arguments: str) -> Iterator[PortalRun]:
    """Runs `./portal up` until the block ends; raises RuntimeError with its last words when it does not get ready."""
    started = time.monotonic()
    command = [sys.executable, "-m", "local_run", "up", "--data", str(data), "--port", str(port), *arguments]
    words = data / "bench.log"
    data.mkdir(parents=True, exist_ok=True)
    with words.open("w") as output:
        process = subprocess.Popen(command, cwd=ROOT, stdout=output, stderr=subprocess.STDOUT, env=os.environ)
    try:
        _wait_until_ready(process, words)
        seconds = time.monotonic() - started
        demo = json.loads((data / "demo.json").read_text())
        yield PortalRun(demo["url"], demo["mail_url"], demo, psutil.Process(process.pid), seconds, data)
    finally:
        process.terminate()
        process.wait(timeout=60)


def _wait_until_ready(process: "subprocess.Popen[bytes]", words: Path) -> None:
    while "Portal ready" not in words.read_text():
        if process.poll() is not None:
            raise RuntimeError("".join(words.read_text().splitlines(keepends=True)[-20:]))
        time.sleep(0.02)
