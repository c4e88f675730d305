"""docs/security-tests.md claims no test that does not exist."""

import re
from collections import defaultdict
from collections.abc import Mapping
from functools import cache
from pathlib import Path

import pytest
from repository_documents import table_rows

from local_run.checkout import ROOT

PAGE = ROOT / "docs" / "security-tests.md"
ROWS = table_rows(PAGE.read_text(encoding="utf-8"), "id")
_LAST = {"A": 19, "S": 14, "Z": 12}
EVERY_ROW = [f"{kind}{number:02}" for kind, last in _LAST.items() for number in range(1, last + 1)]
_FOLDERS = ("services", "chassis/tests", "gateway/tests", "tests")
_TEST = re.compile(r"def test_sec((?:_[asz]\d\d)+)_")
every_row = pytest.mark.parametrize("row", ROWS, ids=lambda row: row[0])


@cache
def _proofs() -> Mapping[str, set[Path]]:
    """Rows, and the files with tests that bear their ids."""
    found: dict[str, set[Path]] = defaultdict(set)
    for file in (file for folder in _FOLDERS for file in (ROOT / folder).rglob("test_*.py")):
        for ids in _TEST.findall(file.read_text(encoding="utf-8")):
            for row in ids.strip("_").split("_"):
                found[row.upper()].add(file)
    return found


def test_every_trial_has_one_row() -> None:
    assert [row[0] for row in ROWS] == EVERY_ROW
    assert set(_proofs()) <= set(EVERY_ROW)


@every_row
def test_it_is_said_plainly_what_is_proved(row: list[str]) -> None:
    trial, _, now, claimed, *note = row
    assert now in {"proved", "part", "not yet"}
    assert (now == "not yet") == (claimed == "–")
    assert now != "part" or note[0], "what is missing"
    assert now == "not yet" or _proofs()[trial], "a test that bears the row's id"


@every_row
def test_every_file_claimed_has_a_test_of_the_row(row: list[str]) -> None:
    for link in re.findall(r"\]\(([^)]+)\)", row[3]):
        assert (PAGE.parent / link).resolve() in _proofs()[row[0]], link
