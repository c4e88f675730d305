"""`python -m ticketing serve | migrate | admin load-demo | admin seed-tickets N`."""

import argparse
from collections.abc import Mapping
from typing import Any

from chassis import process
from chassis.command_line import CommandLine
from ticketing.admin import Admin
from ticketing.app import make_parts
from ticketing.settings import TicketingSettings


async def _serve(settings: TicketingSettings) -> None:
    parts, health = make_parts(settings)
    await process.run(parts, health, drain_seconds=settings.drain_seconds)


async def _admin(settings: TicketingSettings, chosen: argparse.Namespace) -> Mapping[str, Any]:
    admin = Admin.open(settings)
    try:
        if chosen.action == "load-demo":
            return await admin.load_demo()
        return await admin.seed_tickets(chosen.number)
    finally:
        await admin.close()


def _add_actions(actions: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    actions.add_parser("load-demo", help="load the tickets of the brand's demo data")
    seed = actions.add_parser("seed-tickets", help="add made-up tickets, for the benchmark")
    seed.add_argument("number", type=int, help="how many tickets there shall be more")


main = CommandLine("ticketing", TicketingSettings, _serve, _admin, _add_actions).run

if __name__ == "__main__":
    raise SystemExit(main())
