"""`python -m ticketing serve | migrate | admin load-demo | admin seed-tickets N`."""

import argparse
import asyncio
import json
import sys
from collections.abc import Mapping, Sequence
from typing import Any

from chassis import logging, process, telemetry
from chassis.migration import SchemaTooNew, migrate
from ticketing.admin import Admin
from ticketing.app import make_parts
from ticketing.settings import TicketingSettings


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command; gives the exit status."""
    chosen = _parser().parse_args(arguments)
    settings = TicketingSettings()
    if chosen.command == "migrate":
        return _migrate(settings)
    if chosen.command == "admin":
        answer = asyncio.run(_admin(settings, chosen))
        sys.stdout.write(json.dumps(answer, ensure_ascii=False) + "\n")
        return 0
    logging.configure(settings)
    telemetry.configure(settings)
    process.main(_serve(settings))
    return 0


async def _serve(settings: TicketingSettings) -> None:
    parts, health = make_parts(settings)
    await process.run(parts, health, drain_seconds=settings.drain_seconds)


def _migrate(settings: TicketingSettings) -> int:
    try:
        migrate("ticketing", settings.database_url.get_secret_value())
    except SchemaTooNew as error:
        sys.stderr.write(f"{error}\n")
        return 2
    return 0


async def _admin(settings: TicketingSettings, chosen: argparse.Namespace) -> Mapping[str, Any]:
    admin = Admin.open(settings)
    try:
        if chosen.action == "load-demo":
            return await admin.load_demo()
        return await admin.seed_tickets(chosen.number)
    finally:
        await admin.close()


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m ticketing", description=__doc__)
    commands = parser.add_subparsers(dest="command", required=True)
    commands.add_parser("serve", help="run the service")
    commands.add_parser("migrate", help="bring the database to the newest schema")
    actions = commands.add_parser("admin", help="work by hand").add_subparsers(dest="action", required=True)
    actions.add_parser("load-demo", help="load the tickets of the brand's demo data")
    seed = actions.add_parser("seed-tickets", help="add made-up tickets, for the benchmark")
    seed.add_argument("number", type=int, help="how many tickets there shall be more")
    return parser


if __name__ == "__main__":
    raise SystemExit(main())
