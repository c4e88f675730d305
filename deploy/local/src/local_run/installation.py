"""Everything that is fixed when a run begins: ports, secrets, addresses, and the environment of each service."""

import os
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

from local_run.bus_choice import BusChoice
from local_run.checkout import BRANDS
from local_run.data_folder import DataFolder, write_whole
from local_run.gateway import Instance
from local_run.options import SERVICES, UpOptions
from local_run.ports_file import Ports
from local_run.postgres import PostgresServer
from local_run.rabbitmq import RabbitNode


@dataclass(frozen=True)
class Installation:
    """One run's facts; nothing here changes while it runs."""

    folder: DataFolder
    brand: str
    options: UpOptions
    secrets: dict[str, str]
    ports: Ports
    bus: BusChoice

    @cached_property
    def url(self) -> str:
        """Where people reach the portal."""
        return f"{'https' if self.options.tls else 'http'}://localhost:{self.options.port}"

    @cached_property
    def mail_url(self) -> str:
        """Where the mailbox shows what was sent."""
        return f"http://127.0.0.1:{self.ports.port('mailbox')}"

    @cached_property
    def postgres(self) -> PostgresServer:
        """The database server."""
        return PostgresServer(self.folder.postgres, self.secrets["postgres"], port=self.ports.port("postgres"))

    @cached_property
    def rabbitmq(self) -> RabbitNode:
        """The private broker; used only where the bus is one."""
        return RabbitNode(self.folder.rabbitmq, self.secrets["rabbitmq"], port=self.ports.port("rabbitmq"))

    @cached_property
    def bus_url(self) -> str:
        """Where services find the bus."""
        return self.bus.url or (self.rabbitmq.url() if self.bus.private else self.database_url("bus"))

    def database_url(self, name: str) -> str:
        """Where a role reaches the database of the same name."""
        return self.postgres.url(name, user=name, password=self.secrets[f"database_{name}"])

    def tls(self, peer: str) -> Path:
        """The certificate folder of a peer."""
        return self.folder.tls / peer

    def instances(self) -> dict[str, list[Instance]]:
        """The processes of each service."""
        return {
            service: [
                Instance(self.ports.port(f"{name}-http"), self.ports.port(f"{name}-management"))
                for name in self.replica_names(service)
            ]
            for service in SERVICES
        }

    def replica_names(self, service: str) -> list[str]:
        """`ticketing`, or `ticketing-1` and `ticketing-2`."""
        count = self.options.replicas(service)
        return [service] if count == 1 else [f"{service}-{number + 1}" for number in range(count)]

    def neighbours(self) -> dict[str, str]:
        """Where each service's gRPC is found."""
        return {
            f"PORTAL_{service.upper().replace('-', '_')}_GRPC": ",".join(
                f"127.0.0.1:{self.ports.port(f'{name}-grpc')}" for name in self.replica_names(service)
            )
            for service in SERVICES
        }

    def common_environment(self, peer: str) -> dict[str, str]:
        """What every Python process of the run is told."""
        return {
            "PORTAL_LOG_LEVEL": "info",
            "PORTAL_LOG_FORMAT": "console",
            # glibc keeps a heap per thread; on one machine with many processes that is mostly waste.
            "MALLOC_ARENA_MAX": "2",
            **os.environ,
            "PYTHONUNBUFFERED": "1",
            # A pack outside of the checkout is a whole path, which is what joining leaves of it.
            "PORTAL_BRAND_DIR": str(BRANDS / self.brand),
            "PORTAL_BUS_URL": self.bus_url,
            "PORTAL_TLS_DIR": str(self.tls(peer)),
            **self.neighbours(),
        }

    def service_environment(self, service: str, name: str) -> dict[str, str]:
        """The settings of one process of a service."""
        return {
            **self.common_environment(service),
            **self._keys(service),
            "PORTAL_BASE_URL": self.url,
            "PORTAL_DATABASE_URL": self.database_url(service.replace("-", "_")),
            "PORTAL_HTTP_PORT": str(self.ports.port(f"{name}-http")),
            "PORTAL_GRPC_PORT": str(self.ports.port(f"{name}-grpc")),
            "PORTAL_MANAGEMENT_PORT": str(self.ports.port(f"{name}-management")),
            "PORTAL_REPLICA": name,
        }

    def keep_environments(self) -> None:
        """Writes each service's settings down, for commands by hand such as `python -m identity admin …`."""
        self.folder.environment.mkdir(mode=0o700, exist_ok=True)
        for service in SERVICES:
            settings = self.service_environment(service, self.replica_names(service)[0])
            ours = {name: value for name, value in settings.items() if name.startswith("PORTAL_")}
            write_whole(self.folder.environment / f"{service}.json", ours, mode=0o600)

    def _keys(self, service: str) -> dict[str, str]:
        if service == "identity":
            return {
                "PORTAL_CHALLENGE_KEYS": self.secrets["challenge_keys"],
                "PORTAL_SECOND_FACTOR_KEYS": self.secrets["second_factor_keys"],
            }
        if service == "customer-link":
            return {"PORTAL_CODE_KEYS": self.secrets["code_keys"], "PORTAL_FILES_URL": self.folder.files_of(service)}
        if service == "notification":
            smtp = f"smtp://127.0.0.1:{self.ports.port('mailbox-smtp')}"
            return {"PORTAL_SMTP_URL": smtp, "PORTAL_MAIL_FROM": f"portal@{Path(self.brand).name}.example"}
        return {}
