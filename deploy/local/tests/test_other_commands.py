"""What a person asks of a run from another window."""

import os
import subprocess
import sys
from pathlib import Path

import pytest


@pytest.mark.parametrize("command", ["status", "down"])
def test_whoever_reads_no_further_gets_no_traceback(tmp_path: Path, command: str) -> None:
    """As in `./portal status | head`: the reader is gone before the last line."""
    reading, writing = os.pipe()
    os.close(reading)
    try:
        done = subprocess.run(
            [sys.executable, "-m", "local_run", command, "--data", str(tmp_path)],
            stdout=writing,
            stderr=subprocess.PIPE,
            check=False,
        )
    finally:
        os.close(writing)
    assert done.stderr == b""
    assert done.returncode == 141
