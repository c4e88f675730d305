"""Checks and fills the catalogues of all packages: `python -m ui.catalogues --check | --update [ROOT]`.

A package is any folder `src/<name>` below the root with templates or catalogues. What ui translates, no other
package needs to translate again.
"""

import argparse
import re
import sys
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from babel.messages.catalog import Catalog, Message
from babel.messages.extract import extract_from_dir
from babel.messages.pofile import read_po, write_po

LANGUAGES = ("de", "en")
_SOURCE_LANGUAGE = "en"
_SHARED = "ui"
_METHODS = [
    ("**.py", "python"),
    ("**/templates/**.html", "jinja2.ext:babel_extract"),
    ("**/templates/**.txt", "jinja2.ext:babel_extract"),
]
_OPTIONS = {
    pattern: {"extensions": "jinja2.ext.i18n, jinja2.ext.do", "trimmed": "true", "silent": "false"}
    for pattern, _ in _METHODS[1:]
}
_KEYWORDS = {"_": None, "N_": None, "gettext": None, "ngettext": (1, 2)}
_PLACEHOLDER = re.compile(r"%\((\w+)\)")
_COUNT = "num"
_GLUED = re.compile(r"[a-zß]{2}[.!?][A-ZÄÖÜ]|(.{12,}?)\1")
"""What a merge of two catalogues can leave behind: two translations without a blank between, or one twice."""
_SKIPPED = {".venv", ".git", "node_modules", "var"}


@dataclass(frozen=True, slots=True)
class Package:
    """A package with texts: its name and its folder."""

    name: str
    folder: Path

    def catalogue_path(self, language: str) -> Path:
        """Where the texts of this language are."""
        return self.folder / "locales" / f"{language}.po"


def find_packages(root: Path) -> list[Package]:
    """All packages with texts below this folder, the shared one first."""
    folders = {
        path.parent
        for kind in ("templates", "locales")
        for path in root.glob(f"**/src/*/{kind}")
        if not _SKIPPED.intersection(path.parts)
    }
    return sorted((Package(path.name, path) for path in folders), key=lambda it: (it.name != _SHARED, it.name))


def used_messages(package: Package, known: Iterable[object] = ()) -> Catalog:
    """What the code and the templates of a package say, without what is known already."""
    catalogue = Catalog()
    seen = set(known)
    found = extract_from_dir(package.folder, _METHODS, _OPTIONS, keywords=_KEYWORDS)
    for filename, _line, message, comments, _context in found:
        name = message[0] if isinstance(message, tuple) else message
        if name and name not in seen:
            catalogue.add(message, locations=[(filename, 0)], auto_comments=comments)
    return catalogue


def check(root: Path) -> list[str]:
    """Everything that is wrong, a line each."""
    return [finding for package, used in _with_used(root) for finding in _check_package(package, used)]


def update(root: Path) -> list[Path]:
    """Add new messages, drop unused ones, and let English say its ids; returns the files written."""
    written = []
    for package, used in _with_used(root):
        for language in LANGUAGES:
            catalogue = _read(package, language)
            catalogue.update(used, no_fuzzy_matching=True)
            if language == _SOURCE_LANGUAGE:
                _say_ids(catalogue)
            written.append(_write(package, language, catalogue))
    return written


def _with_used(root: Path) -> Iterator[tuple[Package, Catalog]]:
    shared: set[object] = set()
    for package in find_packages(root):
        used = used_messages(package, shared)
        if package.name == _SHARED:
            shared = {_name(message) for message in _messages(used)}
        yield package, used


def _check_package(package: Package, used: Catalog) -> Iterator[str]:
    needed = {_name(message) for message in _messages(used)}
    for language in LANGUAGES:
        where = f"{package.name}/{language}"
        present = {_name(message): message for message in _messages(_read(package, language))}
        yield from (f"{where}: missing: {name!r}" for name in sorted(needed - present.keys()))
        yield from (f"{where}: obsolete: {name!r}" for name in sorted(present.keys() - needed))
        for name, message in present.items():
            yield from (f"{where}: {fault}: {name!r}" for fault in _faults(message))


def _faults(message: Message) -> Iterator[str]:
    translations = _texts(message.string)
    if not all(translations):
        yield "untranslated"
        return
    if message.fuzzy:
        yield "fuzzy"
    expected = set().union(*(_PLACEHOLDER.findall(text) for text in _texts(message.id))) - {_COUNT}
    if any(set(_PLACEHOLDER.findall(text)) - {_COUNT} != expected for text in translations):
        yield "other placeholders than the id"
    if any(_GLUED.search(text) for text in translations):
        yield "translated twice in one"


def _read(package: Package, language: str) -> Catalog:
    path = package.catalogue_path(language)
    if not path.is_file():
        return Catalog(locale=language)
    with path.open("rb") as source:
        return read_po(source, locale=language)


def _write(package: Package, language: str, catalogue: Catalog) -> Path:
    path = package.catalogue_path(language)
    path.parent.mkdir(exist_ok=True)
    with path.open("wb") as target:
        write_po(
            target, catalogue, width=110, omit_header=True, no_location=True, ignore_obsolete=True, sort_output=True
        )
    return path


def _say_ids(catalogue: Catalog) -> None:
    for message in _messages(catalogue):
        if not any(_texts(message.string)):
            message.string = message.id


def _messages(catalogue: Catalog) -> Iterator[Message]:
    return (message for message in catalogue if message.id)


def _texts(value: str | Sequence[str] | None) -> tuple[str, ...]:
    """The one text of a plain message, both of one with a plural, and an empty one for nothing."""
    return (value or "",) if value is None or isinstance(value, str) else tuple(value)


def _name(message: Message) -> str:
    return _texts(message.id)[0]


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the tool; the exit code says whether the catalogues are whole."""
    parser = argparse.ArgumentParser(prog="python -m ui.catalogues", description="Check or fill the catalogues.")
    mode = parser.add_mutually_exclusive_group(required=True)
    mode.add_argument("--check", action="store_true", help="report missing, obsolete, untranslated, fuzzy, broken")
    mode.add_argument("--update", action="store_true", help="add new messages and drop unused ones")
    parser.add_argument("root", nargs="?", type=Path, default=Path())
    options = parser.parse_args(arguments)
    if options.update:
        update(options.root)
    findings = check(options.root)
    print("\n".join([*findings, f"{len(findings)} findings in the catalogues"]))  # noqa: T201 - it talks to a person
    return 1 if findings else 0


if __name__ == "__main__":
    sys.exit(main())
