"""`./portal bench [--all]`: measures the budgets of docs/operations.md and prints them; exit 1 when one is missed."""

import argparse
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

from bench.accounts import measure_neutral_times, measure_sign_in
from bench.customers import measure_customers
from bench.mails import measure_hand_over, measure_registration
from bench.page_weight import measure_weight
from bench.portal_run import PortalRun, running
from bench.report import Row, table
from bench.ticket_pages import measure_growth, measure_pages
from local_run.free_ports import free_port

_MEMORY_MIB = 700
_READY_SECONDS = 10
_SETTLING_SECONDS = 20


def main() -> int:
    """Runs every benchmark on a portal of its own, on the local bus and, for the memory, on RabbitMQ too."""
    parser = argparse.ArgumentParser(prog="./portal bench", description=__doc__)
    parser.add_argument("--all", action="store_true", help="with a million tickets and customer numbers, half an hour")
    chosen = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="portal-bench-") as folder:
        rows = [
            *_first_start(Path(folder)),
            *_measured(Path(folder), everything=chosen.all),
            *_on_rabbitmq(Path(folder)),
        ]
    print(table(rows))
    return 1 if any(row.good is False for row in rows) else 0


def _first_start(folder: Path) -> list[Row]:
    with running(folder / "local", free_port(), "--bus", "local") as run:
        return [Row("first start to ready, new data folder", f"{run.ready_seconds:.1f} s", None, good=None)]


def _measured(folder: Path, *, everything: bool) -> list[Row]:
    with running(folder / "local", free_port(), "--bus", "local") as run:
        good = run.ready_seconds < _READY_SECONDS
        rows = [Row("warm start to ready", f"{run.ready_seconds:.1f} s", f"{_READY_SECONDS} s", good=good)]
        rows += _memory(run, "local bus")
        steps: list[Callable[[PortalRun], list[Row]]] = [measure_weight, measure_registration, measure_hand_over]
        steps += [
            measure_sign_in,
            measure_neutral_times,
            measure_pages,
            *([measure_growth, measure_customers] if everything else []),
        ]
        for step in steps:
            print(f"{step.__name__} …", flush=True)
            rows += step(run)
    return rows


def _on_rabbitmq(folder: Path) -> list[Row]:
    with running(folder / "amqp", free_port(), "--bus", "amqp") as run:
        return [*_memory(run, "RabbitMQ"), *measure_hand_over(run)]


def _memory(run: PortalRun, bus: str) -> list[Row]:
    time.sleep(_SETTLING_SECONDS)
    used = run.memory_mib()
    return [Row(f"memory of the idle run, {bus}", f"{used:.0f} MiB", f"{_MEMORY_MIB} MiB", good=used <= _MEMORY_MIB)]


if __name__ == "__main__":
    raise SystemExit(main())
