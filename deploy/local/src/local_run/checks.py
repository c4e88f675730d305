"""`./portal check`: everything about the sources that a program can judge."""

import os
import subprocess
import sys
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from local_run.checkout import ROOT

_BIN = Path(sys.executable).parent


@dataclass(frozen=True, slots=True)
class Check:
    """A command that succeeds where all is well."""

    name: str
    command: Sequence[str]


CHECKS = (
    Check("format", (str(_BIN / "ruff"), "format", "--check", "--quiet", ".")),
    Check("lint", (str(_BIN / "ruff"), "check", "--quiet", ".")),
    Check("types", (str(_BIN / "mypy"),)),
    Check("import contracts", (str(_BIN / "lint-imports"),)),
    Check("source rules", (sys.executable, "-m", "local_run.source_rules")),
    Check("protobuf lint", (str(_BIN / "buf"), "lint", "protos")),
    Check("protobuf breaking", (str(_BIN / "buf"), "breaking", "protos", "--against", "protos/baseline.binpb")),
    Check("catalogues", (sys.executable, "-m", "ui.catalogues", "--check")),
)


def check() -> int:
    """Runs all checks, prints what fails; 1 if any does."""
    failed = [each.name for each in CHECKS if not _passes(each)]
    print(f"failed: {', '.join(failed)}" if failed else "all checks passed")
    return 1 if failed else 0


def _passes(each: Check) -> bool:
    began = time.monotonic()
    environment = {**os.environ, "PATH": f"{_BIN}{os.pathsep}{os.environ.get('PATH', '')}"}
    result = subprocess.run(each.command, cwd=ROOT, env=environment, capture_output=True, text=True, check=False)
    said = "ok" if result.returncode == 0 else "FAILED"
    print(f"{each.name:<20}{said:<8}{time.monotonic() - began:6.1f} s", flush=True)
    if result.returncode != 0:
        print(f"{result.stdout}{result.stderr}".rstrip(), flush=True)
    return result.returncode == 0
