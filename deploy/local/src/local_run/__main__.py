"""`python -m local_run`: what ./portal calls once the virtual environment stands."""

import argparse
import os
import subprocess
import sys
from collections.abc import Callable, Mapping

from local_run.cannot_start import CannotStart
from local_run.checkout import ROOT
from local_run.checks import check
from local_run.detached import up_detached
from local_run.locks import lock
from local_run.options import SERVICES, add_data_option, add_up_options, up_options
from local_run.other_commands import admin, down, logs, status
from local_run.run_tests import run_tests
from local_run.suites import all_suites
from local_run.up import up


def main(arguments: list[str]) -> int:
    """Runs a command; gives the exit code: 2 for what a person can mend outside the portal."""
    parsed = _parser().parse_args(arguments)
    try:
        code = _COMMANDS[parsed.command](parsed)
        sys.stdout.flush()
    except CannotStart as reason:
        print(reason, file=sys.stderr)
        return 2
    except KeyboardInterrupt:
        return 130
    except BrokenPipeError:
        # Whoever reads has enough, as `head` has. What is not written yet must not be written at the exit either.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 141
    return code


def _up(parsed: argparse.Namespace) -> int:
    options = up_options(parsed)
    return up_detached(options) if options.detach else up(options)


def _test(parsed: argparse.Namespace) -> int:
    if parsed.list:
        print("\n".join(suite.name for suite in all_suites()))
        return 0
    return run_tests(parsed.suites, install=parsed.install, everything=parsed.all)


def _bench(parsed: argparse.Namespace) -> int:
    # A program of its own: it measures this one from outside.
    command = [sys.executable, "-m", "bench", *parsed.arguments]
    return subprocess.run(command, cwd=ROOT / "tests", check=False).returncode


_COMMANDS: Mapping[str, Callable[[argparse.Namespace], int]] = {
    "up": _up,
    "down": lambda parsed: down(parsed.data),
    "status": lambda parsed: status(parsed.data),
    "logs": lambda parsed: logs(parsed.data, parsed.name, lines=parsed.lines, follow=parsed.follow),
    "admin": lambda parsed: admin(parsed.data, parsed.service, parsed.arguments),
    "test": _test,
    "check": lambda _: check(),
    "bench": _bench,
    "lock": lambda _: lock(),
}


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="./portal")
    commands = parser.add_subparsers(dest="command", required=True)
    add_up_options(commands.add_parser("up", help="bring the portal up"))
    add_data_option(commands.add_parser("down", help="stop it"))
    add_data_option(commands.add_parser("status", help="show its parts"))
    of_logs = commands.add_parser("logs", help="show what a part says")
    add_data_option(of_logs)
    of_logs.add_argument("name", metavar="SERVICE")
    of_logs.add_argument("--lines", type=int, default=100, help="how many lines back (default: 100)")
    of_logs.add_argument("--follow", action="store_true", help="go on")
    of_admin = commands.add_parser("admin", help="run a service's own command")
    add_data_option(of_admin)
    of_admin.add_argument("service", choices=SERVICES)
    of_admin.add_argument("arguments", nargs=argparse.REMAINDER)
    commands.add_parser("check", help="judge the sources")
    of_test = commands.add_parser("test", help="run the tests")
    of_test.add_argument("suites", nargs="*", metavar="SUITE", help="only these (default: all)")
    of_test.add_argument("--install", action="store_true", help="first install rabbitmq-server and chromium (Debian)")
    of_test.add_argument(
        "--all", action="store_true", help="with the slow ones, every journey on both buses, and a million rows"
    )
    of_test.add_argument("--list", action="store_true", help="name the suites")
    commands.add_parser("bench", help="run the benchmarks").add_argument("arguments", nargs=argparse.REMAINDER)
    commands.add_parser("lock", help="write the lock files anew")
    return parser


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
