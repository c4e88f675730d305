"""What documents point to exists: files, headings, commands. And nothing in them is of one machine only."""

import importlib.util
import re
import shlex
from collections.abc import Iterator
from importlib.machinery import SourceFileLoader
from pathlib import Path
from types import ModuleType

import pytest
from repository_documents import code_of, markdown_files, name_of, prose_of

from local_run.checkout import ROOT

every_file = pytest.mark.parametrize("file", markdown_files(), ids=name_of)
_LINK = re.compile(r"!?\[[^\]]*\]\(([^)\s]+)\)")
_ELSEWHERE = re.compile(r"^(https?:|mailto:|tel:|/)")  # a leading / is an address of the portal, in a brand's pages
_MACHINE = re.compile(r"(?<![\w.~-])/(work|root|home|Users)/")
_HEADING = re.compile(r"^#+ (.+)$", re.MULTILINE)


def broken_links(file: Path, text: str) -> Iterator[str]:
    """Links that lead to no file, or to no heading of it."""
    for link in _LINK.findall(prose_of(text)):
        path, _, anchor = link.partition("#")
        target = (file.parent / path).resolve() if path else file
        if _ELSEWHERE.match(link):
            continue
        if not target.exists() or (anchor and anchor not in _anchors(target)):
            yield link


def _anchors(file: Path) -> set[str]:
    return {re.sub(r"[^\w -]", "", heading.lower()).replace(" ", "-") for heading in _HEADING.findall(file.read_text())}


def _portal() -> ModuleType:
    loader = SourceFileLoader("portal_script", str(ROOT / "portal"))
    spec = importlib.util.spec_from_loader(loader.name, loader)
    assert spec is not None
    module = importlib.util.module_from_spec(spec)
    loader.exec_module(module)
    return module


def unknown_commands(text: str) -> Iterator[str]:
    """`./portal …` with a command or an option that `./portal help` does not have."""
    portal = _portal()
    commands = {*portal.FOR_RUNNING, *portal.FOR_WORKING, "help", "…"}
    options = set(re.findall(r"--\w+", portal.HELP))
    for code in code_of(text):
        if not code.strip().startswith("./portal "):
            continue
        words = shlex.split(code.strip(), comments=True)[1:]
        said = {word.partition("=")[0].strip("[]") for word in words[1:] if word.strip("[").startswith("--")}
        if words[0] not in commands or not said <= options:
            yield code


@every_file
def test_links_lead_somewhere(file: Path) -> None:
    assert list(broken_links(file, file.read_text(encoding="utf-8"))) == []


@every_file
def test_commands_of_the_portal_exist(file: Path) -> None:
    assert list(unknown_commands(file.read_text(encoding="utf-8"))) == []


@every_file
def test_python_modules_that_are_to_be_run_exist(file: Path) -> None:
    for module in re.findall(r"python -m ([\w.]+)", file.read_text(encoding="utf-8")):
        assert importlib.util.find_spec(module), module


@every_file
def test_no_path_of_one_machine_stands_in_it(file: Path) -> None:
    assert not _MACHINE.search(file.read_text(encoding="utf-8"))


def test_a_broken_link_is_found(tmp_path: Path) -> None:
    file = tmp_path / "a.md"
    file.write_text("# One thing\n")
    text = "[a](a.md) [b](b.md) [c](a.md#one-thing) [d](#other) [e](https://x.example/y) `[f](g.md)`"
    assert list(broken_links(file, text)) == ["b.md", "#other"]


@pytest.mark.parametrize("code", ["./portal fly", "./portal up --fast", "./portal"])
def test_an_unknown_command_is_found(code: str) -> None:
    assert bool(list(unknown_commands(f"Say `{code}`."))) == (code != "./portal")


@pytest.mark.parametrize(
    "code", ["./portal up --scale ticketing=3 --bus amqp", "./portal test [--install]", "./portal …"]
)
def test_a_known_command_is_fine(code: str) -> None:
    assert list(unknown_commands(f"```\n{code}\n```\n")) == []
