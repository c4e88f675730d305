"""How the local run starts Traefik: the gateway's own files, with ports of this run."""

import sys
import tomllib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from local_run.checkout import GATEWAY


@dataclass(frozen=True, slots=True)
class Instance:
    """One process of a service, as the gateway sees it."""

    http_port: int
    management_port: int


def traefik_command(port: int, management_port: int, *, tls: bool = False, files: Path = GATEWAY) -> list[str]:
    """Traefik with the gateway's static configuration as flags: it takes files or flags, never both."""
    static = tomllib.loads((files / "traefik.toml").read_text())
    static["entryPoints"]["web"]["address"] = f"127.0.0.1:{port}"
    static["entryPoints"]["management"]["address"] = f"127.0.0.1:{management_port}"
    static["providers"]["file"]["directory"] = str(files / "dynamic")
    if tls:
        static["entryPoints"]["web"]["http"]["tls"] = True
    return [str(Path(sys.executable).parent / "traefik"), *_flags(static)]


def traefik_environment(
    instances: Mapping[str, Sequence[Instance]], *, certificate: Path | None = None, key: Path | None = None
) -> dict[str, str]:
    """The upstreams, and a rate that fits a machine on which all clients share one address."""
    upstreams = {
        f"GATEWAY_{service.upper().replace('-', '_')}": ",".join(
            f"127.0.0.1:{instance.http_port}:{instance.management_port}" for instance in replicas
        )
        for service, replicas in instances.items()
    }
    rate = {"GATEWAY_RATE": "5000", "GATEWAY_BURST": "10000"}
    return upstreams | rate | {"GATEWAY_TLS_CERT": str(certificate or ""), "GATEWAY_TLS_KEY": str(key or "")}


def _flags(table: Mapping[str, Any], prefix: str = "") -> Iterator[str]:
    for name, value in table.items():
        path = f"{prefix}.{name}" if prefix else name
        if isinstance(value, Mapping):
            yield from _flags(value, path)
        else:
            yield f"--{path}={str(value).lower() if isinstance(value, bool) else value}"
