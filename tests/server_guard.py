"""Ends the servers of a test run whose pytest was killed. Started as a process of its own; standard library only.

Usage: server_guard.py PID FOLDER – waits until PID is gone, then ends what FOLDER/*.json names and removes FOLDER.
"""

import json
import os
import shutil
import signal
import sys
import time
from contextlib import suppress
from pathlib import Path


def alive(pid: int) -> bool:
    """Whether the process exists."""
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        return True
    return True


def end_servers(folder: Path) -> None:
    """Ends every process that the folder's records name, at once: nobody needs the data of a test."""
    for record in folder.glob("server-*.json"):
        for pid in json.loads(record.read_text())["pids"]:
            with suppress(ProcessLookupError):
                os.kill(pid, signal.SIGQUIT if record.name == "server-postgres.json" else signal.SIGKILL)


def main() -> None:
    """Waits for the end of pytest."""
    pid, folder = int(sys.argv[1]), Path(sys.argv[2])
    while alive(pid):
        time.sleep(1)
        if not folder.exists():
            return
    end_servers(folder)
    time.sleep(1)
    shutil.rmtree(folder, ignore_errors=True)


if __name__ == "__main__":
    main()
