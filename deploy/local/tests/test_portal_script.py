"""./portal itself: what it says before there is anything to run."""

import ast
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from local_run.checkout import ROOT


def portal(
    folder: Path, *arguments: str, disguise: str = "", path: str = "/nowhere"
) -> subprocess.CompletedProcess[str]:
    """Runs a copy of the script in a folder of its own, with a Python that `disguise` makes look different."""
    (folder / "site").mkdir(exist_ok=True)
    (folder / "site" / "sitecustomize.py").write_text(disguise)
    for name in ("portal", "requirements"):
        source = ROOT / name
        if source.is_dir():
            shutil.copytree(source, folder / name, dirs_exist_ok=True)
        else:
            shutil.copy(source, folder / name)
    return subprocess.run(
        [sys.executable, str(folder / "portal"), *arguments],
        env={**os.environ, "PYTHONPATH": str(folder / "site"), "PATH": path},
        capture_output=True,
        text=True,
        check=False,
    )


def test_it_can_be_read_by_an_old_python() -> None:
    ast.parse((ROOT / "portal").read_text(), feature_version=(3, 4))
    assert os.access(ROOT / "portal", os.X_OK)


def test_help_needs_nothing(tmp_path: Path) -> None:
    for arguments in ([], ["help"], ["--help"]):
        result = portal(tmp_path, *arguments)
        assert result.returncode == 0
        assert "./portal up" in result.stdout
    assert not (tmp_path / ".venv").exists()


def test_an_unknown_command_is_told(tmp_path: Path) -> None:
    result = portal(tmp_path, "start")
    assert (result.returncode, result.stderr) == (2, "There is no command 'start': ./portal help names them.\n")


@pytest.mark.parametrize("version", ["(3, 9, 2)", "(3, 14, 0)"])
def test_a_wrong_python_is_told_in_a_sentence(tmp_path: Path, version: str) -> None:
    result = portal(tmp_path, "up", disguise=f"import sys; sys.version_info = {version}")
    assert result.returncode == 2
    assert result.stderr.startswith("Python 3.11 to 3.13 is needed, this is 3.")
    assert result.stderr.count("\n") == 1


def test_a_wrong_python_hands_over_to_a_fitting_one(tmp_path: Path) -> None:
    other = tmp_path / "python3.12"
    other.write_text("#!/bin/sh\necho handed over: $2\n")
    other.chmod(0o755)
    disguise = "import sys; sys.version_info = (3, 9, 2)"
    assert portal(tmp_path, "up", disguise=disguise, path=str(tmp_path)).stdout == "handed over: up\n"


def test_a_missing_ensurepip_is_told_in_a_sentence(tmp_path: Path) -> None:
    result = portal(tmp_path, "up", disguise="import sys; sys.modules['ensurepip'] = None")
    assert result.returncode == 2
    assert result.stderr.startswith("This Python cannot make virtual environments (no ensurepip): Debian, Ubuntu: apt")
    assert not (tmp_path / ".venv").exists()


def test_a_place_that_cannot_be_written_is_told_in_a_sentence(tmp_path: Path) -> None:
    (tmp_path / ".venv").write_text("in the way")
    result = portal(tmp_path, "up")
    assert result.returncode == 2
    assert "cannot be written" in result.stderr
    assert "Traceback" not in result.stderr
