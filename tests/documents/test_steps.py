"""docs/steps.md claims no test that does not exist, and leaves out none that does."""

import ast
import re
from collections import defaultdict
from collections.abc import Callable, Mapping
from functools import cache
from pathlib import Path

import pytest
from repository_documents import table_rows

from local_run.checkout import ROOT

PAGE = ROOT / "docs" / "steps.md"
ROWS = table_rows(PAGE.read_text(encoding="utf-8"), "id")
EVERY_STEP = (
    [f"A{number}" for number in range(1, 19)]
    + ["M1", "M2", "M2b", *(f"M{number}" for number in range(3, 19))]
    + [f"S{number}" for number in range(1, 9)]
    + [f"O{number}" for number in range(1, 7)]
)
# The way in and one's own account: walked at a desk, with a phone and without scripts.
IN_EVERY_MANNER = [*(f"A{number}" for number in range(1, 10)), "A18", "M1", *(f"M{n}" for n in range(3, 10)), "S1"]
# What bears a step's id in its name is meant to prove it.
_PROOFS = ("tests/journeys", "tests/events")
_STEP = re.compile(r"[amso]\d{1,2}b?")
every_row = pytest.mark.parametrize("row", ROWS, ids=lambda row: row[0])


def steps_in(test: str) -> set[str]:
    """`test_a6_a7_from_registration_to_login` is about A6 and A7."""
    words = test.removeprefix("test_").split("_")
    return {word[0].upper() + word[1:] for word in words if _STEP.fullmatch(word)}


def _tests_in(file: Path, decorated: str = "") -> set[str]:
    tree = ast.parse(file.read_text(encoding="utf-8"))
    functions = [node for node in ast.walk(tree) if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)]
    chosen = [node for node in functions if any(map(_ends_with(decorated), node.decorator_list)) or not decorated]
    return {node.name for node in chosen if node.name.startswith("test_")}


def _ends_with(name: str) -> Callable[[ast.expr], bool]:
    return lambda decorator: ast.unparse(decorator).endswith(name)


@cache
def _proofs() -> Mapping[str, set[Path]]:
    """Steps, and the files with tests that bear their ids."""
    found: dict[str, set[Path]] = defaultdict(set)
    for file in (file for folder in _PROOFS for file in (ROOT / folder).rglob("test_*.py")):
        for step in {step for test in _tests_in(file) for step in steps_in(test)}:
            found[step].add(file)
    return found


def _claimed(row: list[str]) -> list[Path]:
    return [(PAGE.parent / link).resolve() for link in re.findall(r"\]\(([^)]+)\)", row[3])]


def test_every_step_has_one_row() -> None:
    assert [row[0] for row in ROWS] == EVERY_STEP


@every_row
def test_it_is_said_plainly_what_works(row: list[str]) -> None:
    step, _, now, _, *note = row
    assert now in {"works", "part", "not yet"}
    assert now != "works" or _proofs()[step], "a test that bears the step's id"
    assert now != "part" or note[0], "what is missing"
    assert now != "not yet" or not _claimed(row)


@every_row
def test_every_file_claimed_has_a_test_of_the_step(row: list[str]) -> None:
    for file in _claimed(row):
        assert file.exists(), file
        if any(file.is_relative_to(ROOT / folder) for folder in _PROOFS) and file.name.startswith("test_"):
            assert file in _proofs()[row[0]], f"{file.name} has no test of {row[0]}"


@every_row
def test_every_test_of_the_step_is_claimed(row: list[str]) -> None:
    assert _proofs()[row[0]] <= set(_claimed(row))


@pytest.mark.parametrize("step", IN_EVERY_MANNER)
def test_the_way_in_is_walked_in_every_manner(step: str) -> None:
    marked = {test for file in (ROOT / "tests/journeys").glob("test_*.py") for test in _tests_in(file, "every_manner")}
    assert step in {step for test in marked for step in steps_in(test)}


@pytest.mark.parametrize(
    ("test", "steps"),
    [
        ("test_a6_a7_a8_from_registration_to_login", {"A6", "A7", "A8"}),
        ("test_m8_the_settings_are_top_right_and_m17_the_direct_line_below", {"M8", "M17"}),
        ("test_m2b_is_out", {"M2b"}),
        ("test_customers_never_reach_the_desk", set()),
    ],
)
def test_ids_are_read_from_names(test: str, steps: set[str]) -> None:
    assert steps_in(test) == steps
