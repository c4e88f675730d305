"""The ports of a run's parts, the same ones every time as long as nobody else has taken them."""

import json
from pathlib import Path

from local_run.data_folder import write_whole
from local_run.free_ports import free_port, is_free


class Ports:
    """Gives each part its port and remembers it."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._known: dict[str, int] = json.loads(path.read_text()) if path.exists() else {}

    def port(self, name: str) -> int:
        """The port of `name`, free now."""
        known = self._known.get(name)
        if known is None or not is_free(known):
            self._known[name] = free_port()
        return self._known[name]

    def save(self) -> None:
        """Keeps what was given out."""
        write_whole(self._path, self._known)
