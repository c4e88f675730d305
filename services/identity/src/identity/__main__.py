"""`python -m identity serve | migrate | admin …`."""

import argparse
from pathlib import Path
from typing import Any
from uuid import UUID

from chassis.command_line import CommandLine
from identity.app import make_admin, serve
from identity.core import make_core
from identity.entrypoints.admin import Admin
from identity.entrypoints.admin_clients import ClientAdmin
from identity.other_systems import make_client_admin
from identity.settings import IdentitySettings


async def _admin(settings: IdentitySettings, chosen: argparse.Namespace) -> dict[str, Any]:
    core = make_core(settings)
    try:
        if chosen.action.endswith(("-client", "-clients")):
            return await _with_clients(make_client_admin(core), chosen)
        return await _with_accounts(make_admin(core), chosen)
    finally:
        await core.close()


async def _with_accounts(admin: Admin, chosen: argparse.Namespace) -> dict[str, Any]:
    match chosen.action:
        case "reopen-account":
            return await admin.reopen_account(chosen.username, chosen.reason)
        case "reset-factor":
            return await admin.reset_factor(chosen.username, chosen.reason)
        case "load-demo":
            return await admin.load_demo()
        case "import-accounts":
            return await admin.import_accounts(chosen.file, dry_run=chosen.dry_run)
    return await admin.add_staff(username=chosen.username, email=chosen.email, name=chosen.name, roles=chosen.roles)


async def _with_clients(clients: ClientAdmin, chosen: argparse.Namespace) -> dict[str, Any]:
    match chosen.action:
        case "add-client":
            return await clients.add(chosen.name, chosen.scope)
        case "list-clients":
            return await clients.list()
        case "rotate-client":
            return await clients.rotate(chosen.client_id)
    return await clients.end(chosen.client_id)


def _add_actions(actions: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    actions.add_parser("load-demo", help="load the accounts of the brand's demo data")
    imported = actions.add_parser("import-accounts", help="import accounts of an older system")
    imported.add_argument("file", type=Path, help="CSV; docs/api.md names its columns")
    imported.add_argument("--dry-run", action="store_true", help="look at every line and change nothing")
    reopened = actions.add_parser("reopen-account", help="open a closed account again, within 14 days")
    reopened.add_argument("username")
    reopened.add_argument("reason", help="the person reads it in the account's activity")
    reset = actions.add_parser("reset-factor", help="remove a lost second factor: app, passkeys and recovery codes")
    reset.add_argument("username")
    reset.add_argument("reason", nargs="?", default="", help="the person reads it in the account's activity")
    staff = actions.add_parser("add-staff", help="add a member of staff")
    staff.add_argument("username")
    staff.add_argument("email")
    staff.add_argument("name")
    staff.add_argument("roles", nargs="+", choices=("agent", "advisor", "editor", "admin"))
    _add_client_actions(actions)


def _add_client_actions(actions: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    added = actions.add_parser("add-client", help="let another system call the JSON API; prints its secret, once")
    added.add_argument("name")
    added.add_argument("--scope", action="append", required=True, help="such as accounts:read; may be repeated")
    actions.add_parser("list-clients", help="list the systems that may call the JSON API")
    for name, help_text in (("rotate-client", "give it a new secret"), ("end-client", "end its access")):
        actions.add_parser(name, help=help_text).add_argument("client_id", type=UUID)


main = CommandLine("identity", IdentitySettings, serve, _admin, _add_actions).run

if __name__ == "__main__":
    raise SystemExit(main())
