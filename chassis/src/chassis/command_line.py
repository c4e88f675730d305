"""The command line that every service has: `python -m SERVICE serve | migrate | admin …`."""

import argparse
import asyncio
import json
import sys
from collections.abc import Callable, Coroutine, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Generic, TypeVar

from chassis import logging, process, telemetry
from chassis.errors import DomainError
from chassis.migration import SchemaTooNew, migrate
from chassis.settings import ServiceSettings

Settings = TypeVar("Settings", bound=ServiceSettings)
_FAILED, _REFUSED = 1, 2


@dataclass(frozen=True)
class CommandLine(Generic[Settings]):
    """What differs from service to service."""

    package: str
    settings: Callable[[], Settings]
    """Reads the environment."""
    serve: Callable[[Settings], Coroutine[Any, Any, None]]
    """Runs until it is told to stop."""
    admin: Callable[[Settings, argparse.Namespace], Coroutine[Any, Any, Mapping[str, Any]]]
    """Does what `action` and its arguments say; the answer is printed as JSON."""
    add_actions: Callable[["argparse._SubParsersAction[argparse.ArgumentParser]"], None]
    """Adds the parsers of the admin actions."""

    def run(self, arguments: Sequence[str] | None = None) -> int:
        """Runs one command; gives the exit status: 1 when lines of a file were bad, 2 when it was refused."""
        chosen = self._parser().parse_args(arguments)
        settings = self.settings()
        try:
            return self._run(chosen, settings)
        except (DomainError, SchemaTooNew) as error:
            sys.stderr.write(f"{error}\n")
            return _REFUSED

    def _run(self, chosen: argparse.Namespace, settings: Settings) -> int:
        if chosen.command == "migrate":
            migrate(self.package, settings.database_url.get_secret_value())
            return 0
        if chosen.command == "admin":
            answer = asyncio.run(self.admin(settings, chosen))
            sys.stdout.write(json.dumps(answer, ensure_ascii=False) + "\n")
            return _FAILED if answer.get("bad_lines") else 0
        logging.configure(settings)
        telemetry.configure(settings)
        process.main(self.serve(settings))
        return 0

    def _parser(self) -> argparse.ArgumentParser:
        parser = argparse.ArgumentParser(prog=f"python -m {self.package}")
        commands = parser.add_subparsers(dest="command", required=True)
        commands.add_parser("serve", help="run the service")
        commands.add_parser("migrate", help="bring the database to the newest schema")
        admin = commands.add_parser("admin", help="work by hand")
        self.add_actions(admin.add_subparsers(dest="action", required=True))
        return parser
