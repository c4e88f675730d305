"""`python -m identity serve | migrate | admin …`."""

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
from identity.app import make_admin, make_core, serve
from identity.settings import IdentitySettings


def main(arguments: Sequence[str] | None = None) -> int:
    """Runs one command; gives the exit status."""
    chosen = _parser().parse_args(arguments)
    settings = IdentitySettings()
    if chosen.command == "migrate":
        return _migrate(settings)
    if chosen.command == "admin":
        return _admin(settings, chosen)
    logging.configure(settings)
    telemetry.configure(settings)
    process.main(serve(settings))
    return 0


def _migrate(settings: IdentitySettings) -> int:
    try:
        migrate("identity", settings.database_url.get_secret_value())
    except SchemaTooNew as error:
        sys.stderr.write(f"{error}\n")
        return 2
    return 0


def _admin(settings: IdentitySettings, chosen: argparse.Namespace) -> int:
    try:
        answer = asyncio.run(_run_admin(settings, chosen))
    except DomainError as error:
        sys.stderr.write(f"{error}\n")
        return 2
    sys.stdout.write(json.dumps(answer, ensure_ascii=False) + "\n")
    return 0


async def _run_admin(settings: IdentitySettings, chosen: argparse.Namespace) -> dict[str, Any]:
    core = make_core(settings)
    admin = make_admin(core)
    try:
        if chosen.action == "load-demo":
            return await admin.load_demo()
        if chosen.action == "import-accounts":
            return await admin.import_accounts(chosen.file)
        return await admin.add_staff(username=chosen.username, email=chosen.email, name=chosen.name, roles=chosen.roles)
    finally:
        await core.close()


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m identity", description=__doc__)
    commands = parser.add_subparsers(dest="command", required=True)
    commands.add_parser("serve", help="run the service")
    commands.add_parser("migrate", help="bring the database to the newest schema")
    actions = commands.add_parser("admin", help="work by hand").add_subparsers(dest="action", required=True)
    actions.add_parser("load-demo", help="load the accounts of the brand's demo data")
    imported = actions.add_parser("import-accounts", help="import accounts of an older system")
    imported.add_argument("file", type=Path, help="CSV: username,email,display_name,language,password_hash")
    staff = actions.add_parser("add-staff", help="add a member of staff")
    staff.add_argument("username")
    staff.add_argument("email")
    staff.add_argument("name")
    staff.add_argument("roles", nargs="+", choices=("agent", "advisor", "editor", "admin"))
    return parser


if __name__ == "__main__":
    raise SystemExit(main())
