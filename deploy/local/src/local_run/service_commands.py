"""The short commands of the services that a start needs: migrate and load the demo data."""

import asyncio
import json
import sys
from collections.abc import Mapping, Sequence
from typing import Any

from local_run.cannot_start import CannotStart
from local_run.databases import prepare_databases, remember_schema, schema_fingerprint
from local_run.installation import Installation
from local_run.options import SERVICES
from local_run.program import Program
from local_run.running_process import Start


def package_of(service: str) -> str:
    """The Python package of a service."""
    return service.replace("-", "_")


async def prepare_schemas(installation: Installation, start: Start) -> bool:
    """Makes databases and migrates those that are not up to date, all at once; gives whether any was empty.

    Raises:
        CannotStart: a database was used by a newer version, or a migration fails.
    """
    known = await prepare_databases(installation.postgres, installation.secrets)
    wanted = {service: schema_fingerprint(service) for service in SERVICES}
    due = [service for service in SERVICES if known[package_of(service)] != wanted[service]]
    await asyncio.gather(*(_run(installation, start, service, "migrate") for service in due))
    if due:
        fingerprints = {package_of(service): wanted[service] for service in due}
        await remember_schema(installation.postgres, installation.secrets["postgres"], fingerprints)
    return any(not known[package_of(service)] for service in SERVICES)


async def load_demo(installation: Installation, start: Start) -> dict[str, Mapping[str, Any]]:
    """Loads the brand's demo data into every service; gives what each tells about it."""
    outputs = await asyncio.gather(*(_run(installation, start, each, "admin", "load-demo") for each in SERVICES))
    return {service: _last_object(output) for service, output in zip(SERVICES, outputs, strict=True)}


async def _run(installation: Installation, start: Start, service: str, *arguments: str) -> str:
    module = package_of(service)
    command = [sys.executable, "-m", module, *arguments]
    environment = installation.service_environment(service, service)
    program = Program(f"{service}-{arguments[-1]}", command, _at_once, environment, module=module, arguments=arguments)
    process = await start(program)
    output = (await process.stdout.read() if process.stdout else b"").decode(errors="replace").strip()
    if await process.wait() != 0:
        raise _failure(installation, service, arguments, output)
    return output


async def _at_once() -> bool:
    return True


def _failure(installation: Installation, service: str, arguments: Sequence[str], errors: str) -> CannotStart:
    if "SchemaTooNew" in errors or "does not know: it was used by a newer one" in errors:
        return CannotStart(
            f"The data in {installation.folder.path} were used by a newer version of the portal: "
            f"update this checkout, or give another folder with --data."
        )
    return CannotStart(f"{service} {' '.join(arguments)} failed:\n{errors[-3000:]}")


def _last_object(output: str) -> Mapping[str, Any]:
    lines = [line for line in output.splitlines() if line.startswith("{")]
    found: Mapping[str, Any] = json.loads(lines[-1]) if lines else {}
    return found
