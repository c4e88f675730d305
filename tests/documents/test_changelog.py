"""CHANGELOG.md says each thing once: two branches that both add to it are easily merged into saying it twice."""

from local_run.checkout import ROOT


def lines_said_twice(text: str) -> set[str]:
    """Lines of an entry that stand in the text again."""
    lines = [line for line in text.splitlines() if line.startswith(("- ", "  "))]
    return {line for line in lines if lines.count(line) > 1}


def test_the_changelog_says_each_thing_once() -> None:
    assert lines_said_twice((ROOT / "CHANGELOG.md").read_text("utf-8")) == set()


def test_an_entry_that_was_merged_twice_is_found() -> None:
    assert lines_said_twice("- A bell.\n- Codes, and\n  more.\n- A bell\n  more.\n") == {"  more."}
