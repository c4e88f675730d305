"""The import contracts do fail on a forbidden import."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from local_run.checkout import ROOT, SERVICES


def lint(sources: Path) -> subprocess.CompletedProcess[str]:
    """Judges a copy of identity in place of the real one, by the real contracts."""
    command = [str(Path(sys.executable).parent / "lint-imports"), "--config", str(ROOT / ".importlinter"), "--no-cache"]
    environment = {**os.environ, "PYTHONPATH": str(sources), "NO_COLOR": "1"}
    return subprocess.run(command, cwd=sources, env=environment, capture_output=True, text=True, check=False)


@pytest.mark.parametrize(
    ("file", "line", "contract"),
    [
        ("forbidden.py", "import ticketing.app", "Services never import one another"),
        ("domain/forbidden.py", "import identity.usecases", "Imports point inward"),
        ("domain/forbidden.py", "import sqlalchemy", "Rules know neither the web nor the database"),
        ("usecases/forbidden.py", "import grpc", "Protobuf messages stay at the edges"),
        ("forbidden.py", "import local_run.up", "Nothing that runs elsewhere knows the one-machine run"),
    ],
)
def test_a_forbidden_import_breaks_its_contract(tmp_path: Path, file: str, line: str, contract: str) -> None:
    copy = tmp_path / "identity"
    shutil.copytree(SERVICES / "identity" / "src" / "identity", copy)
    assert lint(tmp_path).returncode == 0
    (copy / file).write_text(f"{line}\n")
    result = lint(tmp_path)
    assert result.returncode != 0
    assert f"{contract}" in " ".join(result.stdout.split()).split("BROKEN")[0]
