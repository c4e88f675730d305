"""Where the tests' PostgreSQL and RabbitMQ come from: containers where a Docker Engine answers, local servers else.

One server of a kind serves a whole test run. Whichever pytest-xdist worker needs it first starts it, under a file
lock, and leaves a record in the folder of the run; the process that began the run stops it.
"""

import json
import os
import secrets
import shutil
import subprocess
import sys
import tempfile
import warnings
from collections.abc import Callable, Sequence
from contextlib import closing, suppress
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any, Protocol

from filelock import FileLock

import server_guard
from local_run.free_ports import free_port
from local_run.postgres import FORGETFUL, PostgresServer
from local_run.rabbitmq import USER, RabbitNode, find_rabbitmq_server

FOLDER = "PORTAL_TEST_FOLDER"
FORCE = "PORTAL_TEST_SERVERS"
VHOSTS = 64
POSTGRES_IMAGE = "postgres:18"
RABBITMQ_IMAGE = "rabbitmq:3.10-management"
_kept: list[object] = []  # a Popen that is collected while its process runs warns


@dataclass(frozen=True, slots=True)
class Server:
    """A running server, as every worker must know it."""

    url: str
    pids: Sequence[int] = ()
    container: str = ""


class Provider(Protocol):
    """Starts servers. `folder` is the run's own."""

    name: str

    def postgres(self, folder: Path) -> Server:
        """A PostgreSQL 18; the url is the superuser's, for the database `postgres`."""
        ...

    def rabbitmq(self, folder: Path) -> Server | None:
        """A RabbitMQ with virtual hosts w0, w1, …; None where there is none. The url ends before the virtual host."""
        ...


class LocalServers:
    """PostgreSQL from the wheel, RabbitMQ from the machine's packages."""

    def __init__(self) -> None:
        self.name = f"local (PostgreSQL from the wheel, RabbitMQ {find_rabbitmq_server() or 'not installed'})"

    def postgres(self, folder: Path) -> Server:
        """About half a second: the data need not survive anything."""
        server = PostgresServer(folder / "postgres", secrets.token_hex(8), settings=FORGETFUL)
        server.prepare()
        server.start(folder / "postgres.log")
        _kept.append(server)
        return Server(server.url("postgres"), [pid for pid in [server.pid] if pid])

    def rabbitmq(self, folder: Path) -> Server | None:
        """A private node."""
        if find_rabbitmq_server() is None:
            return None
        node = RabbitNode(folder / "rabbitmq", secrets.token_hex(8), vhosts=[f"w{n}" for n in range(VHOSTS)])
        node.start(timeout=120)
        _kept.append(node)
        return Server(node.url("/"), node.pids)


class DockerServers:
    """The official images, through testcontainers."""

    name = f"testcontainers ({POSTGRES_IMAGE}, {RABBITMQ_IMAGE})"

    def postgres(self, folder: Path) -> Server:
        """A container with a password of its own."""
        from testcontainers.community.postgres import PostgresContainer  # noqa: PLC0415 - only where Docker is

        password = secrets.token_hex(8)
        container = PostgresContainer(POSTGRES_IMAGE, username="postgres", password=password, dbname="postgres")
        container.with_command("postgres " + " ".join(f"-c {name}={value}" for name, value in FORGETFUL.items()))
        container.start()
        _kept.append(container)
        port = container.get_exposed_port(5432)
        host = container.get_container_host_ip()
        return Server(f"postgresql://postgres:{password}@{host}:{port}/postgres", container=_id(container))

    def rabbitmq(self, folder: Path) -> Server | None:
        """A container whose virtual hosts come from a definitions file, as those of the local node do."""
        from testcontainers.core.container import DockerContainer  # noqa: PLC0415 - only where Docker is
        from testcontainers.core.wait_strategies import LogMessageWaitStrategy  # noqa: PLC0415 - the same

        password = secrets.token_hex(8)
        node = RabbitNode(folder / "rabbitmq", password, port=5672, vhosts=[f"w{n}" for n in range(VHOSTS)])
        node.prepare()
        (folder / "rabbitmq" / "definitions.json").chmod(0o644)
        configuration = folder / "rabbitmq" / "20-tests.conf"
        configuration.write_text("load_definitions = /tests/definitions.json\nloopback_users.guest = false\n")
        container = DockerContainer(RABBITMQ_IMAGE)
        container.with_volume_mapping(str(node.folder), "/tests")
        container.with_volume_mapping(str(configuration), "/etc/rabbitmq/conf.d/20-tests.conf")
        container.with_exposed_ports(5672).waiting_for(LogMessageWaitStrategy("Server startup complete"))
        container.start()
        _kept.append(container)
        address = f"{container.get_container_host_ip()}:{container.get_exposed_port(5672)}"
        return Server(f"amqp://{USER}:{password}@{address}/", container=_id(container))


def _id(container: Any) -> str:
    return str(container.get_wrapped_container().id)


def docker_answers() -> bool:
    """Whether a Docker Engine is there and has the images, or can get them."""
    # Asked without its library where nothing points to one: that is slow to import.
    if "DOCKER_HOST" not in os.environ and not Path("/var/run/docker.sock").exists():
        return False
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        import docker  # noqa: PLC0415 - see above

        with suppress(docker.errors.DockerException), closing(docker.from_env(timeout=300)) as client:
            for image in (POSTGRES_IMAGE, RABBITMQ_IMAGE):
                if not client.images.list(name=image):
                    client.images.pull(image)
            return True
    return False


def provider() -> Provider:
    """The provider of this run; PORTAL_TEST_SERVERS=local or docker decides for oneself."""
    if FORCE not in os.environ:
        # Told to the workers, so that they need not find out.
        os.environ[FORCE] = "docker" if docker_answers() else "local"
    if os.environ[FORCE] == "docker":
        # The reaper of testcontainers ends containers with the worker that started them; we end them with the run.
        os.environ["TESTCONTAINERS_RYUK_DISABLED"] = "true"
        return DockerServers()
    return LocalServers()


def begin() -> None:
    """Makes the folder of the run. In the process that began the run only."""
    os.environ[FOLDER] = tempfile.mkdtemp(prefix="portal-test-")


def folder() -> Path:
    """The folder that all workers of this run share."""
    return Path(os.environ[FOLDER])


def shared(kind: str, start: Callable[[Path], Server | None], controller: int) -> Server | None:
    """The run's server of a kind, started by whoever comes first."""
    record = folder() / f"server-{kind}.json"
    with FileLock(folder() / f"{kind}.lock"):
        if record.exists():
            return Server(**json.loads(record.read_text()))
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            server = start(folder())
        if server is not None:
            record.write_text(json.dumps(asdict(server)))
            _guard(controller)
        return server


def _guard(controller: int) -> None:
    marker = folder() / "guarded"
    if not marker.exists():
        marker.touch()
        command = [sys.executable, "-S", "-E", str(Path(server_guard.__file__)), str(controller), str(folder())]
        _kept.append(subprocess.Popen(command, start_new_session=True, stdout=subprocess.DEVNULL))


def end() -> None:
    """Stops the servers of the run and removes its folder. In the process that began it only."""
    server_guard.end_servers(folder())
    for record in folder().glob("server-*.json"):
        container = json.loads(record.read_text())["container"]
        if container:
            subprocess.run(["docker", "rm", "--force", "--volumes", container], check=False, capture_output=True)
    shutil.rmtree(folder(), ignore_errors=True)


def private_broker(folder: Path) -> RabbitNode | None:
    """A broker that a test may kill, freeze and start again; local in either case."""
    if find_rabbitmq_server() is None:
        return None
    return RabbitNode(folder, secrets.token_hex(8), port=free_port())
