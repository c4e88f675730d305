"""`python -m customer_link serve | migrate | admin …`."""

import argparse
import asyncio
import json
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from chassis import logging, process, telemetry
from chassis.errors import DomainError
from chassis.migration import SchemaTooNew, migrate
from customer_link.app import make_admin, make_core, serve
from customer_link.settings import CustomerLinkSettings


def main(arguments: Sequence[str] | None = None) -> int:
    """Runs one command; gives the exit status."""
    chosen = _parser().parse_args(arguments)
    settings = CustomerLinkSettings()
    if chosen.command == "migrate":
        return _migrate(settings)
    if chosen.command == "admin":
        return _admin(settings, chosen)
    logging.configure(settings)
    telemetry.configure(settings)
    process.main(serve(settings))
    return 0


def _migrate(settings: CustomerLinkSettings) -> int:
    try:
        migrate("customer_link", settings.database_url.get_secret_value())
    except SchemaTooNew as error:
        sys.stderr.write(f"{error}\n")
        return 2
    return 0


def _admin(settings: CustomerLinkSettings, chosen: argparse.Namespace) -> int:
    try:
        answer = asyncio.run(_run_admin(settings, chosen))
    except DomainError as error:
        sys.stderr.write(f"{error}\n")
        return 2
    sys.stdout.write(json.dumps(answer, ensure_ascii=False) + "\n")
    return 1 if answer.get("bad_lines") else 0


async def _run_admin(settings: CustomerLinkSettings, chosen: argparse.Namespace) -> dict[str, Any]:
    core = make_core(settings)
    admin = make_admin(core)
    try:
        if chosen.action == "load-demo":
            return await admin.load_demo()
        if chosen.action == "import-contacts":
            return await admin.import_contacts(chosen.file, dry_run=chosen.dry_run)
        return await admin.remove_contact(chosen.organisation, chosen.email)
    finally:
        await core.workplace.database.close()


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m customer_link", description=__doc__)
    commands = parser.add_subparsers(dest="command", required=True)
    commands.add_parser("serve", help="run the service")
    commands.add_parser("migrate", help="bring the database to the newest schema")
    actions = commands.add_parser("admin", help="work by hand").add_subparsers(dest="action", required=True)
    actions.add_parser("load-demo", help="load customers, codes and contacts of the brand's demo data")
    imported = actions.add_parser("import-contacts", help="name contact persons")
    imported.add_argument("file", type=Path, help="CSV: organisation,email,display_name,language")
    imported.add_argument("--dry-run", action="store_true", help="only show every bad line")
    removed = actions.add_parser("remove-contact", help="no longer name a contact person")
    removed.add_argument("organisation")
    removed.add_argument("email")
    return parser


if __name__ == "__main__":
    raise SystemExit(main())
