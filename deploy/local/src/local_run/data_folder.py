"""The folder that holds everything a run leaves behind: databases, certificates, secrets, logs, demo logins."""

import errno
import fcntl
import json
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO

from local_run.cannot_start import CannotStart
from local_run.checkout import BRANDS

DEFAULT_BRAND = "musik"


def known_brands() -> list[str]:
    """The brand packs of this checkout."""
    return sorted(path.parent.name for path in BRANDS.glob("*/brand.toml"))


def _pack(wanted: str) -> str:
    """A pack of this checkout by its name, any other by its folder, which then is written whole."""
    if wanted in known_brands():
        return wanted
    if (Path(wanted) / "brand.toml").is_file():
        return str(Path(wanted).resolve())
    raise CannotStart(
        f"There is no brand pack '{wanted}': choose one of {', '.join(known_brands())}, or give the folder of one."
    )


class DataFolder:
    """Where each thing lies. One portal at a time uses a folder, for one brand for good."""

    def __init__(self, path: Path) -> None:
        self.path = path.resolve()
        self.postgres = self.path / "postgres"
        self.rabbitmq = self.path / "rabbitmq"
        self.environment = self.path / "environment"
        self.logs = self.path / "logs"
        self.files = self.path / "files"
        self.tls = self.path / "tls"
        self.secrets = self.path / "secrets.json"
        self.ports = self.path / "ports.json"
        self.run = self.path / "run.json"
        self.demo = self.path / "demo.json"

    @contextmanager
    def opened(self) -> Iterator[None]:
        """Makes the folder and holds its lock; the lock ends with this process, however that ends."""
        with told_as_sentence(self.path):
            self.path.mkdir(parents=True, exist_ok=True)
            self.logs.mkdir(exist_ok=True)
            lock = (self.path / "lock").open("w")
        with lock:
            self._take(lock)
            yield

    def brand(self, wanted: str | None) -> str:
        """The brand of this folder, or for a new one the brand that is wanted.

        Raises:
            CannotStart: there is no such pack, or the folder belongs to another one.
        """
        file = self.path / "brand"
        wanted = None if wanted is None else _pack(wanted)
        present = file.read_text().strip() if file.exists() else wanted or DEFAULT_BRAND
        if wanted not in {None, present}:
            raise CannotStart(f"{self.path} belongs to the brand '{present}': give another folder with --data.")
        return present

    def files_of(self, service: str) -> str:
        """The address of the folder where a service keeps files; it makes it when the first one comes."""
        return (self.files / service).as_uri()

    def keep_brand(self, brand: str) -> None:
        """Makes the brand this folder's, for good."""
        (self.path / "brand").write_text(f"{brand}\n")

    def _take(self, lock: IO[str]) -> None:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise CannotStart(f"A portal already runs on {self.path}: ./portal status shows it.") from None


@contextmanager
def told_as_sentence(path: Path) -> Iterator[None]:
    """Turns a full, read-only or closed disk into one sentence."""
    try:
        yield
    except OSError as error:
        if error.errno in {errno.ENOSPC, errno.EDQUOT}:
            raise CannotStart(f"There is no space left for {path}.") from error
        if error.errno in {errno.EROFS, errno.EACCES, errno.EPERM, errno.ENOTDIR, errno.EEXIST}:
            raise CannotStart(f"{path} cannot be written: {os.strerror(error.errno)}.") from error
        raise


def write_whole(path: Path, value: object, *, mode: int = 0o644) -> None:
    """Writes JSON so that a reader sees the old file or the new one, never a half."""
    new = path.with_name(f".{path.name}.new")
    new.touch(mode=mode)
    new.chmod(mode)
    new.write_text(json.dumps(value, indent=2, ensure_ascii=False) + "\n")
    new.replace(path)
