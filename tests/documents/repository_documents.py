"""The Markdown files of the repository, and what tests look for in them."""

import re
import subprocess
from functools import cache
from pathlib import Path

from local_run.checkout import ROOT

_FENCE = re.compile(r"^ *```[a-z]*\n(.*?)^ *```", re.MULTILINE | re.DOTALL)
_SPAN = re.compile(r"`([^`\n]+)`")
_NOT_OURS = "vendor/kern/"


@cache
def markdown_files() -> tuple[Path, ...]:
    """Every Markdown file that git knows or that is new, but for licences of others."""
    listed = ["git", "ls-files", "--cached", "--others", "--exclude-standard", "*.md"]
    names = subprocess.run(listed, cwd=ROOT, capture_output=True, text=True, check=True).stdout.splitlines()
    return tuple(ROOT / name for name in sorted(set(names)) if _NOT_OURS not in name and (ROOT / name).exists())


def name_of(file: Path) -> str:
    """Path in the repository, for the names of tests."""
    return str(file.relative_to(ROOT))


def code_of(text: str) -> list[str]:
    """Lines of code blocks, and code spans."""
    lines = [line for block in _FENCE.findall(text) for line in block.splitlines()]
    return lines + _SPAN.findall(_FENCE.sub("", text))


def prose_of(text: str) -> str:
    """The text without code."""
    return _SPAN.sub("", _FENCE.sub("", text))


def table_rows(text: str, heading: str) -> list[list[str]]:
    """Cells of the table whose head begins with a cell."""
    rows: list[list[str]] = []
    inside = False
    for line in text.splitlines():
        cells = [cell.strip() for cell in line.strip().strip("|").split(" | ")]
        if line.startswith(f"| {heading} |"):
            inside = True
        elif not line.startswith("|"):
            inside = False
        elif inside and not line.startswith("| ---"):
            rows.append(cells)
    return rows
