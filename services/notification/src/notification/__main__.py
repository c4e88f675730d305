"""`python -m notification serve | migrate | admin load-demo`."""

import argparse

from chassis.command_line import CommandLine
from chassis.database import Database
from chassis.process import run
from notification.app import service_parts, utc_now
from notification.article_store import ArticleStore
from notification.load_demo import load_demo
from notification.settings import Settings
from ui.brand import Brand


async def _serve(settings: Settings) -> None:
    parts, health = service_parts(settings, Brand.load(settings.brand_dir))
    await run(parts, health, drain_seconds=settings.drain_seconds)


async def _admin(settings: Settings, _chosen: argparse.Namespace) -> dict[str, object]:
    brand, database = Brand.load(settings.brand_dir), Database(settings.database_url.get_secret_value())
    try:
        return await load_demo(brand, database, ArticleStore(utc_now, brand.language))
    finally:
        await database.close()


def _add_actions(actions: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    actions.add_parser("load-demo", help="publish the demo news and pages of the brand pack")


main = CommandLine("notification", Settings, _serve, _admin, _add_actions).run

if __name__ == "__main__":
    raise SystemExit(main())
