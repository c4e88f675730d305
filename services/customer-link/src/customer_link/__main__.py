"""`python -m customer_link serve | migrate | admin …`."""

import argparse
from pathlib import Path
from typing import Any

from chassis.command_line import CommandLine
from customer_link.app import make_admin, make_core, serve
from customer_link.domain.customer_import import ImportKind
from customer_link.settings import CustomerLinkSettings


async def _admin(settings: CustomerLinkSettings, chosen: argparse.Namespace) -> dict[str, Any]:
    core = make_core(settings)
    admin = make_admin(core)
    try:
        if chosen.action == "load-demo":
            return await admin.load_demo()
        if chosen.action == "import-contacts":
            return await admin.import_contacts(chosen.file, dry_run=chosen.dry_run)
        if chosen.action == "import-customers":
            return await admin.import_customers(chosen.file, ImportKind(chosen.kind), dry_run=chosen.dry_run)
        return await admin.remove_contact(chosen.organisation, chosen.email)
    finally:
        await core.workplace.database.close()


def _add_actions(actions: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    actions.add_parser("load-demo", help="load customers, codes and contacts of the brand's demo data")
    imported = actions.add_parser("import-contacts", help="name contact persons")
    imported.add_argument("file", type=Path, help="CSV: organisation,email,display_name,language")
    imported.add_argument("--dry-run", action="store_true", help="only show every bad line")
    customers = actions.add_parser("import-customers", help="import customers, contracts or invoices")
    customers.add_argument("file", type=Path, help="CSV with the columns of its kind")
    customers.add_argument("--kind", choices=[kind.value for kind in ImportKind], default=ImportKind.CUSTOMERS.value)
    customers.add_argument("--dry-run", action="store_true", help="only show every bad line")
    removed = actions.add_parser("remove-contact", help="no longer name a contact person")
    removed.add_argument("organisation")
    removed.add_argument("email")


main = CommandLine("customer_link", CustomerLinkSettings, serve, _admin, _add_actions).run

if __name__ == "__main__":
    raise SystemExit(main())
