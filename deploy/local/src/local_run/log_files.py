"""The output of the parts: a bounded file for each, and lines with a prefix on the screen."""

import sys
from contextlib import suppress
from pathlib import Path

_LARGEST = 16 * 1024 * 1024
_COLOURS = (36, 32, 33, 35, 34, 96, 92, 93, 95, 94)


class LogFile:
    """DIR/logs/NAME.log; when it has grown to 16 MiB it becomes NAME.log.1 and a new one begins."""

    def __init__(self, folder: Path, name: str) -> None:
        self._path = folder / f"{name}.log"
        self._file = self._path.open("ab")

    def write(self, line: bytes) -> None:
        """Adds a line."""
        if self._file.tell() > _LARGEST:
            self._file.close()
            self._path.replace(self._path.with_suffix(".log.1"))
            self._file = self._path.open("ab")
        self._file.write(line)
        self._file.flush()

    def tail(self, lines: int = 20) -> str:
        """The last lines, for whoever must be told why a part does not start."""
        size = self._path.stat().st_size
        with self._path.open("rb") as file:
            file.seek(max(0, size - 200 * lines * 4))
            return b"\n".join(file.read().splitlines()[-lines:]).decode(errors="replace")

    def close(self) -> None:
        """Closes the file."""
        self._file.close()


class Screen:
    """Where a person watches: progress while it starts, then what the parts say."""

    def __init__(self, width: int) -> None:
        self._width = width
        self._coloured = sys.stdout.isatty()
        self._names: dict[str, int] = {}
        self.forwarding = False
        """Whether the parts' lines are shown; they are always in their files."""

    def say(self, sentence: str) -> None:
        """A line of progress."""
        _print(sentence)

    def part(self, name: str, line: bytes) -> None:
        """A line of a part, behind its name."""
        if not self.forwarding:
            return
        number = self._names.setdefault(name, len(self._names))
        prefix = f"{name:<{self._width}} |"
        if self._coloured:
            prefix = f"\033[{_COLOURS[number % len(_COLOURS)]}m{prefix}\033[0m"
        _print(f"{prefix} {line.decode(errors='replace').rstrip()}")


def _print(text: str) -> None:
    # Whoever watched may have gone (`./portal up | head`): the portal goes on.
    with suppress(BrokenPipeError):
        print(text, flush=True)
