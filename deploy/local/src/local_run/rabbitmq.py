"""A private RabbitMQ node from the machine's own `rabbitmq-server`, for the run and for tests."""

import json
import os
import shutil
import signal
import socket
import subprocess
import time
from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path

from local_run.cannot_start import CannotStart
from local_run.free_ports import free_port

# Debian's wrapper in /usr/sbin wants root and the system's folders; this is the script it wraps.
_DEBIAN = Path("/usr/lib/rabbitmq/bin/rabbitmq-server")
USER = "portal"


def find_rabbitmq_server() -> Path | None:
    """The machine's `rabbitmq-server`, if it has one."""
    found = shutil.which("rabbitmq-server", path=os.environ.get("PATH", "") + ":/opt/homebrew/sbin:/usr/local/sbin")
    if _DEBIAN.exists():
        return _DEBIAN
    return Path(found) if found else None


class RabbitNode:
    """One broker with folders, name, ports and cookie of its own. `freeze` and `kill` are for crash tests."""

    def __init__(self, folder: Path, password: str, *, port: int = 0, vhosts: Sequence[str] = ("/",)) -> None:
        self.folder = folder
        self.port = port or free_port()
        self._password = password
        self._vhosts = vhosts
        self._epmd_port = free_port()
        self._distribution_port = free_port()
        self._epmd: subprocess.Popen[bytes] | None = None
        self._process: subprocess.Popen[bytes] | None = None

    def url(self, vhost: str = "/") -> str:
        """Where a client reaches the broker."""
        return f"amqp://{USER}:{self._password}@127.0.0.1:{self.port}/{'' if vhost == '/' else vhost}"

    def prepare(self) -> None:
        """Writes the node's configuration."""
        self.folder.mkdir(parents=True, exist_ok=True)
        (self.folder / "home").mkdir(exist_ok=True)
        (self.folder / "plugins").write_text("[].\n")
        (self.folder / "definitions.json").write_text(json.dumps(self._definitions()))
        (self.folder / "definitions.json").chmod(0o600)
        (self.folder / "rabbitmq.conf").write_text(
            f"listeners.tcp.1 = 127.0.0.1:{self.port}\n"
            f"load_definitions = {self.folder / 'definitions.json'}\n"
            "disk_free_limit.absolute = 50MB\n"
            "log.file = false\n"
            "log.console = true\n"
            "log.console.level = warning\n"
        )

    def environment(self) -> dict[str, str]:
        """The environment of the broker and of epmd."""
        interface = "-kernel inet_dist_use_interface {127,0,0,1}"
        return {
            "PATH": os.environ.get("PATH", "/usr/bin:/bin"),
            "LANG": "C.UTF-8",
            "HOME": str(self.folder / "home"),
            "ERL_EPMD_PORT": str(self._epmd_port),
            "ERL_EPMD_ADDRESS": "127.0.0.1",
            "RABBITMQ_NODENAME": "portal@localhost",
            "RABBITMQ_NODE_PORT": str(self.port),
            "RABBITMQ_DIST_PORT": str(self._distribution_port),
            "RABBITMQ_MNESIA_BASE": str(self.folder / "data"),
            "RABBITMQ_LOG_BASE": str(self.folder / "log"),
            "RABBITMQ_PID_FILE": str(self.folder / "pid"),
            "RABBITMQ_ENABLED_PLUGINS_FILE": str(self.folder / "plugins"),
            "RABBITMQ_CONFIG_FILE": str(self.folder / "rabbitmq.conf"),
            # Schedulers do not spin while they wait, so an idle broker leaves the processors alone.
            "RABBITMQ_SERVER_ADDITIONAL_ERL_ARGS": f"{interface} +sbwt none +sbwtdcpu none +sbwtdio none",
            # The script becomes the broker, in place of a shell that waits for it and may be outlived by it.
            "RUNNING_UNDER_SYSTEMD": "1",
        }

    def epmd_command(self) -> list[str]:
        """The name server of the node, in the foreground: left alone, Erlang would leave one behind."""
        return ["epmd", "-address", "127.0.0.1", "-port", str(self._epmd_port)]

    def command(self) -> list[str]:
        """The broker in the foreground; SIGTERM ends it in order."""
        server = find_rabbitmq_server()
        if server is None or shutil.which("epmd") is None:
            raise CannotStart("No rabbitmq-server on this machine: install it, or use --bus local.")
        return [str(server)]

    def answers(self) -> bool:
        """Whether the broker speaks AMQP: it opens its port last of all."""
        try:
            with socket.create_connection(("127.0.0.1", self.port), timeout=2) as connection:
                connection.sendall(b"AMQP\x00\x00\x09\x01")
                return bool(connection.recv(1))
        except OSError:
            return False

    def start(self, *, timeout: float = 60) -> None:
        """Starts epmd and the broker and waits until it speaks AMQP; again after `kill` or `stop`, with its data."""
        self.prepare()
        if self._epmd is None:
            self._epmd = self._spawn(self.epmd_command())
        self._process = self._spawn(self.command())
        deadline = time.monotonic() + timeout
        while not self.answers():
            if self._process.poll() is not None or time.monotonic() > deadline:
                raise CannotStart(f"RabbitMQ does not start: {self._log.read_text()[-2000:]}")
            time.sleep(0.1)

    def stop(self, *, timeout: float = 30) -> None:
        """Ends the broker in order, then epmd."""
        if self._process is not None:
            self._process.terminate()
            self._process.wait(timeout)
            self._process = None
        if self._epmd is not None:
            self._epmd.kill()
            self._epmd.wait()
            self._epmd = None

    def kill(self) -> None:
        """Ends the broker as a crash would; `start` brings it back with what it had stored.

        A quorum queue that is younger than 5 s may come back broken: 3.10 writes its name with that delay.
        """
        self._signal(signal.SIGKILL)
        if self._process is not None:
            self._process.wait()
            self._process = None

    def freeze(self) -> None:
        """Stops the broker without closing a connection."""
        self._signal(signal.SIGSTOP)

    def thaw(self) -> None:
        """Lets a frozen broker go on."""
        self._signal(signal.SIGCONT)

    @property
    def pids(self) -> list[int]:
        """Process ids of what `start` started."""
        return [process.pid for process in (self._process, self._epmd) if process is not None]

    @property
    def _log(self) -> Path:
        return self.folder / "console.log"

    def _signal(self, number: signal.Signals) -> None:
        if self._process is not None:
            with suppress(ProcessLookupError):
                os.killpg(self._process.pid, number)

    def _spawn(self, command: Sequence[str]) -> subprocess.Popen[bytes]:
        with self._log.open("ab") as output:
            return subprocess.Popen(
                command,
                env=self.environment(),
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=output,
                cwd=self.folder,
                start_new_session=True,
            )

    def _definitions(self) -> dict[str, object]:
        everything = {"configure": ".*", "write": ".*", "read": ".*"}
        return {
            "users": [{"name": USER, "password": self._password, "tags": "administrator"}],
            "vhosts": [{"name": vhost} for vhost in self._vhosts],
            "permissions": [{"user": USER, "vhost": vhost, **everything} for vhost in self._vhosts],
        }
