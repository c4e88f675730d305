"""The programs of a run."""

import asyncio
import os
import signal
import sys
from collections.abc import Mapping, Sequence

from local_run.gateway import traefik_command, traefik_environment
from local_run.installation import Installation
from local_run.options import SERVICES
from local_run.program import Program, http_check
from local_run.service_commands import package_of


def postgres_program(installation: Installation) -> Program:
    """The databases."""
    server = installation.postgres

    async def answers() -> bool:
        return await asyncio.to_thread(server.answers)

    url = f"tcp://127.0.0.1:{server.port}"
    return Program(
        "postgres", server.command(), answers, ready_url=url, clear=server.end_left_behind, stop_signal=signal.SIGINT
    )


def rabbitmq_programs(installation: Installation) -> list[Program]:
    """The private broker and the name server that Erlang wants beside it."""
    node = installation.rabbitmq
    node.prepare()

    async def at_once() -> bool:
        return True

    async def answers() -> bool:
        return await asyncio.to_thread(node.answers)

    environment = node.environment()
    epmd = Program("epmd", node.epmd_command(), at_once, environment, stop_signal=signal.SIGKILL, folder=node.folder)
    url = f"tcp://127.0.0.1:{node.port}"
    broker = Program("rabbitmq", node.command(), answers, environment, ready_url=url, folder=node.folder, shown=False)
    return [epmd, broker]


def mailbox_program(installation: Installation) -> Program:
    """The mailbox that takes every mail of the run and shows it."""
    http, smtp = installation.ports.port("mailbox"), installation.ports.port("mailbox-smtp")
    url = f"{installation.mail_url}/api/v1/info"
    arguments = (str(http), str(smtp), str(installation.folder.path))
    return _python_program("mailbox", "local_run.mailbox", arguments, python_environment(), url)


def service_programs(installation: Installation) -> list[Program]:
    """Every process of every service."""
    return [
        _service_program(installation, service, name)
        for service in SERVICES
        for name in installation.replica_names(service)
    ]


def backend_program(installation: Installation) -> Program:
    """The sample of an organisation's own system."""
    management = installation.ports.port("backend-sample-management")
    environment = installation.common_environment("backend-sample") | {"BACKEND_MANAGEMENT_PORT": str(management)}
    url = f"http://127.0.0.1:{management}/health/ready"
    return _python_program("backend-sample", "local_run.backend_sample", (), environment, url)


def gateway_program(installation: Installation) -> Program:
    """Traefik. Its lines are the access log: kept in the file, not shown."""
    management = installation.ports.port("gateway-management")
    tls = installation.tls("gateway") if installation.options.tls else None
    environment = traefik_environment(
        installation.instances(),
        certificate=tls / "cert.pem" if tls else None,
        key=tls / "key.pem" if tls else None,
    )
    url = f"http://127.0.0.1:{management}/ping"
    command = traefik_command(installation.options.port, management, tls=tls is not None)
    # An idle portal has little garbage: collecting it sooner halves what Traefik keeps.
    memory = {"GOGC": "50", "GOMEMLIMIT": "96MiB"}
    return Program(
        "gateway", command, http_check(url), {**os.environ, **memory, **environment}, ready_url=url, shown=False
    )


def python_environment() -> dict[str, str]:
    """For Python programs that read no settings."""
    return {"MALLOC_ARENA_MAX": "2", **os.environ, "PYTHONUNBUFFERED": "1"}


def _service_program(installation: Installation, service: str, name: str) -> Program:
    url = f"http://127.0.0.1:{installation.ports.port(f'{name}-management')}/health/ready"
    environment = installation.service_environment(service, name)
    return _python_program(name, package_of(service), ("serve",), environment, url)


def _python_program(
    name: str, module: str, arguments: Sequence[str], environment: Mapping[str, str], url: str
) -> Program:
    command = [sys.executable, "-m", module, *arguments]
    return Program(name, command, http_check(url), environment, url, module=module, arguments=arguments)
