"""`python -m identity serve | migrate | admin …`."""

import argparse
from pathlib import Path
from typing import Any

from chassis.command_line import CommandLine
from identity.app import make_admin, make_core, serve
from identity.settings import IdentitySettings


async def _admin(settings: IdentitySettings, chosen: argparse.Namespace) -> dict[str, Any]:
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


def _add_actions(actions: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    actions.add_parser("load-demo", help="load the accounts of the brand's demo data")
    imported = actions.add_parser("import-accounts", help="import accounts of an older system")
    imported.add_argument(
        "file", type=Path, help="CSV: username,email,display_name,language,password_hash, fields of a profile"
    )
    staff = actions.add_parser("add-staff", help="add a member of staff")
    staff.add_argument("username")
    staff.add_argument("email")
    staff.add_argument("name")
    staff.add_argument("roles", nargs="+", choices=("agent", "advisor", "editor", "admin"))


main = CommandLine("identity", IdentitySettings, serve, _admin, _add_actions).run

if __name__ == "__main__":
    raise SystemExit(main())
