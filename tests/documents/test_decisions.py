"""docs/adr/README.md lists the decisions that exist, under the titles that they bear."""

import re

from repository_documents import table_rows

from local_run.checkout import ROOT

FOLDER = ROOT / "docs" / "adr"
_TITLE = re.compile(r"# (\d{4})\.? (.+)")


def test_the_index_and_the_files_agree() -> None:
    listed = [tuple(row) for row in table_rows((FOLDER / "README.md").read_text(encoding="utf-8"), "no.")]
    written = []
    for file in sorted(FOLDER.glob("[0-9]*.md")):
        heading = _TITLE.match(file.read_text(encoding="utf-8"))
        assert heading is not None, f"{file.name} begins with its number and title"
        assert file.name.startswith(heading[1]), f"{file.name} bears its number"
        written.append((f"[{heading[1]}]({file.name})", heading[2]))
    assert listed == written


def test_numbers_are_given_once_and_without_gaps() -> None:
    numbers = [int(file.name[:4]) for file in sorted(FOLDER.glob("[0-9]*.md"))]
    assert numbers == list(range(1, len(numbers) + 1))
