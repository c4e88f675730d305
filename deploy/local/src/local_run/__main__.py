"""`python -m local_run`: what ./portal calls once the virtual environment stands."""

import argparse
import sys

from local_run.cannot_start import CannotStart
from local_run.detached import up_detached
from local_run.options import add_data_option, add_up_options, up_options
from local_run.other_commands import down, logs, status
from local_run.up import up


def main(arguments: list[str]) -> int:
    """Runs a command; gives the exit code: 2 for what a person can mend outside the portal."""
    parsed = _parser().parse_args(arguments)
    try:
        return _run(parsed)
    except CannotStart as reason:
        print(reason, file=sys.stderr)
        return 2
    except KeyboardInterrupt:
        return 130


def _run(parsed: argparse.Namespace) -> int:
    match parsed.command:
        case "up":
            options = up_options(parsed)
            return up_detached(options) if options.detach else up(options)
        case "down":
            return down(parsed.data)
        case "status":
            return status(parsed.data)
        case _:
            return logs(parsed.data, parsed.name, lines=parsed.lines, follow=parsed.follow)


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
    return parser


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
