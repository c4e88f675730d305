"""python -m notification serve | migrate | admin load-demo."""

import argparse
import asyncio
import json
import sys

from chassis import logging
from chassis.database import Database
from chassis.migration import migrate
from chassis.process import main as run_process
from chassis.process import run
from notification.app import service_parts, utc_now
from notification.article_store import ArticleStore
from notification.load_demo import load_demo
from notification.settings import Settings
from ui.brand import Brand


def main() -> None:
    """Does what the first argument says, with the settings of the environment."""
    arguments = _parser().parse_args()
    settings = Settings()
    logging.configure(settings)
    if arguments.command == "serve":
        run_process(_serve(settings))
    elif arguments.command == "migrate":
        migrate("notification", settings.database_url.get_secret_value())
    else:
        sys.stdout.write(json.dumps(asyncio.run(_load_demo(settings))) + "\n")


async def _serve(settings: Settings) -> None:
    parts, health = service_parts(settings, Brand.load(settings.brand_dir))
    await run(parts, health, drain_seconds=settings.drain_seconds)


async def _load_demo(settings: Settings) -> dict[str, object]:
    brand, database = Brand.load(settings.brand_dir), Database(settings.database_url.get_secret_value())
    try:
        return await load_demo(brand, database, ArticleStore(utc_now, brand.language))
    finally:
        await database.close()


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m notification")
    commands = parser.add_subparsers(dest="command", required=True)
    commands.add_parser("serve", help="run the service")
    commands.add_parser("migrate", help="bring the database's schema up to this version")
    admin = commands.add_parser("admin", help="work for operations").add_subparsers(dest="task", required=True)
    admin.add_parser("load-demo", help="publish the demo news and pages of the brand pack")
    return parser


if __name__ == "__main__":
    main()
