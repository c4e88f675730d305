"""Gettext catalogues, read straight from the .po files at the start; a package's own lie over those of ui."""

from collections.abc import Sequence
from importlib.resources import files
from importlib.resources.abc import Traversable
from io import BytesIO

from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po
from babel.support import NullTranslations, Translations


def N_(message: str) -> str:  # noqa: N802 - the name that gettext tools know
    """Mark a message for the catalogues where it is written; it is translated where it is shown."""
    return message


def load_translations(language: str, packages: Sequence[str]) -> NullTranslations:
    """The catalogues of these packages in one; a later package's wording wins over an earlier one's."""
    merged: NullTranslations = NullTranslations()
    for package in packages:
        path = files(package) / "locales" / f"{language}.po"
        if path.is_file():
            catalogue = _read(path, language)
            merged = merged.merge(catalogue) if isinstance(merged, Translations) else catalogue
    return merged


def _read(path: Traversable, language: str) -> Translations:
    with path.open("rb") as source:
        catalogue = read_po(source, locale=language)
    compiled = BytesIO()
    write_mo(compiled, catalogue)
    compiled.seek(0)
    return Translations(fp=compiled)
