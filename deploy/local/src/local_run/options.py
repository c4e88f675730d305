"""What a person can say to `./portal up`."""

import argparse
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from local_run.checkout import ROOT

SERVICES = ("identity", "customer-link", "ticketing", "notification")
_HIGHEST_PORT = 65535
_MOST_REPLICAS = 20


@dataclass(frozen=True, slots=True)
class UpOptions:
    """The options of one run. `brand` None: the data folder's."""

    data: Path
    port: int = 8080
    brand: str | None = None
    bus: str = "auto"
    scale: Mapping[str, int] | None = None
    tls: bool = False
    detach: bool = False

    def replicas(self, service: str) -> int:
        """How many processes of a service are wanted."""
        return (self.scale or {}).get(service, 1)


def add_data_option(parser: argparse.ArgumentParser) -> None:
    """`--data DIR`, which every command about a run knows."""
    parser.add_argument("--data", type=Path, default=ROOT / "var", metavar="DIR", help="data folder (default: var)")


def add_up_options(parser: argparse.ArgumentParser) -> None:
    """The options of `up`."""
    add_data_option(parser)
    parser.add_argument("--brand", help="name or folder of a brand pack (default: the data folder's, at first musik)")
    parser.add_argument("--port", type=_port, default=8080, help="port of the portal (default: 8080)")
    parser.add_argument("--bus", choices=("auto", "amqp", "local"), default="auto", help="RabbitMQ or the local bus")
    parser.add_argument("--scale", type=_scale, action="append", default=[], metavar="SERVICE=N", help="more processes")
    parser.add_argument("--tls", action="store_true", help="serve https with the local authority")
    parser.add_argument("--detach", action="store_true", help="return when the portal is ready and leave it running")


def up_options(parsed: argparse.Namespace) -> UpOptions:
    """The options from parsed arguments."""
    return UpOptions(
        data=parsed.data,
        port=parsed.port,
        brand=parsed.brand,
        bus=parsed.bus,
        scale=dict(parsed.scale),
        tls=parsed.tls,
        detach=parsed.detach,
    )


def up_arguments(options: UpOptions) -> Sequence[str]:
    """The arguments that give these options again, but for --detach."""
    arguments = ["--data", str(options.data), "--port", str(options.port), "--bus", options.bus]
    for service, count in (options.scale or {}).items():
        arguments += ["--scale", f"{service}={count}"]
    if options.brand is not None:
        arguments += ["--brand", options.brand]
    return [*arguments, *(["--tls"] if options.tls else [])]


def _port(text: str) -> int:
    number = int(text)
    if not 0 < number <= _HIGHEST_PORT:
        raise argparse.ArgumentTypeError("a port is a number from 1 to 65535")
    return number


def _scale(text: str) -> tuple[str, int]:
    service, _, count = text.partition("=")
    if service not in SERVICES:
        raise argparse.ArgumentTypeError(f"there is no service '{service}', only {', '.join(SERVICES)}")
    if not count.isdigit() or not 1 <= int(count) <= _MOST_REPLICAS:
        raise argparse.ArgumentTypeError("say how many, from 1 to 20: --scale ticketing=3")
    return service, int(count)
