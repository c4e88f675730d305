"""A brand pack: all that differs between two installations, read from a folder of data (`brands/README.md`)."""

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Annotated, Any, Literal
from uuid import NAMESPACE_URL, UUID, uuid5
from zoneinfo import ZoneInfo

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from ui.hotline import Hotline, Localised
from ui.markdown import Document, read_document

_DEMO_NAMESPACE = uuid5(NAMESPACE_URL, "https://kundenportal.example/demo")


class BrandError(Exception):
    """A pack lacks something or says something that cannot be."""


class Link(BaseModel):
    """An entry of the navigation, the profile menu or a list of links."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    path: Annotated[str, Field(pattern=r"^/")]
    label: Localised
    audience: Literal["anyone", "customer", "staff"] = "customer"

    def shown_to(self, *, signed_in: bool, staff: bool) -> bool:
        """Whether this kind of visitor has any use for the entry."""
        if self.audience == "anyone":
            return True
        return staff if self.audience == "staff" else signed_in and not staff

    def leads_to(self, path: str) -> bool:
        """Whether a page of this path lies in the part of the portal that the entry names."""
        return path == self.path or (self.path != "/" and path.startswith(f"{self.path}/"))


class _BrandFile(BaseModel):
    """What the user interface reads of brand.toml; the other tables belong to the services."""

    model_config = ConfigDict(frozen=True)

    id: Annotated[str, Field(pattern=r"^[a-z][a-z0-9-]*$")]
    name: str
    product: str
    time_zone: str
    languages: Annotated[tuple[str, ...], Field(min_length=1)]
    currency: Annotated[str, Field(pattern=r"^[A-Z]{3}$")] = "EUR"
    hotline: Hotline
    navigation: tuple[Link, ...] = ()
    profile: tuple[Link, ...] = ()


@dataclass(frozen=True)
class Brand:
    """One brand. The first of its languages is the base language, which every text has."""

    dir: Path
    tables: Mapping[str, Any]
    texts: Mapping[str, Mapping[str, str]]
    head: _BrandFile

    @classmethod
    def load(cls, path: Path) -> "Brand":
        """Read the pack in this folder; raises BrandError with the file and the reason."""
        tables = _read_toml(path / "brand.toml")
        try:
            head = _BrandFile.model_validate(tables)
        except ValidationError as error:
            raise BrandError(f"{path / 'brand.toml'}: {error}") from error
        texts = {language: _flat(_read_toml(path / "texts" / f"{language}.toml")) for language in head.languages}
        return cls(dir=path, tables=tables, texts=texts, head=head)

    @property
    def id(self) -> str:
        return self.head.id

    @property
    def name(self) -> str:
        return self.head.name

    @property
    def product(self) -> str:
        return self.head.product

    @property
    def languages(self) -> tuple[str, ...]:
        return self.head.languages

    @property
    def language(self) -> str:
        """The base language."""
        return self.head.languages[0]

    @cached_property
    def time_zone(self) -> ZoneInfo:
        return ZoneInfo(self.head.time_zone)

    @property
    def currency(self) -> str:
        """ISO 4217, for amounts that name none."""
        return self.head.currency

    @property
    def hotline(self) -> Hotline:
        return self.head.hotline

    @property
    def navigation(self) -> tuple[Link, ...]:
        return self.head.navigation

    @property
    def profile(self) -> tuple[Link, ...]:
        """Entries of the profile menu besides the settings and the way out."""
        return self.head.profile

    def section(self, name: str) -> Mapping[str, Any]:
        """A table of brand.toml, such as `ticketing`; the service that owns it validates it."""
        table = self.tables.get(name)
        if not isinstance(table, Mapping):
            raise BrandError(f"{self.dir / 'brand.toml'} has no table [{name}]")
        return table

    def text(self, key: str, language: str) -> str:
        """A text of the pack, in the base language where the asked one lacks it; "" is a text too: nothing to say."""
        for texts in (self.texts.get(language, {}), self.texts[self.language]):
            if key in texts:
                return texts[key]
        raise BrandError(f"{self.dir / 'texts'} has no text {key!r}")

    def page(self, name: str, language: str) -> Document:
        """A page of the pack, such as `imprint`, in the base language where the asked one lacks it."""
        for folder in (language, self.language):
            path = self.dir / "pages" / folder / f"{name}.md"
            if folder in self.languages and path.is_file():
                return read_document(path.read_text("utf-8"))
        raise BrandError(f"{self.dir / 'pages'} has no page {name!r}")

    def demo(self) -> Mapping[str, Any]:
        """The demo data of the pack (demo.toml)."""
        return _read_toml(self.dir / "demo.toml")


def demo_id(kind: str, key: str) -> UUID:
    """The id of a thing of the demo data: the same in every service, such as ("account", "anna")."""
    return uuid5(_DEMO_NAMESPACE, f"{kind}/{key}")


def _read_toml(path: Path) -> dict[str, Any]:
    try:
        return tomllib.loads(path.read_text("utf-8"))
    except FileNotFoundError as error:
        raise BrandError(f"{path} is missing") from error
    except tomllib.TOMLDecodeError as error:
        raise BrandError(f"{path}: {error}") from error


def _flat(tables: Mapping[str, Any], prefix: str = "") -> dict[str, str]:
    """Nested tables of texts as one mapping with dotted keys."""
    texts: dict[str, str] = {}
    for key, value in tables.items():
        if isinstance(value, Mapping):
            texts |= _flat(value, f"{prefix}{key}.")
        else:
            texts[f"{prefix}{key}"] = str(value).strip()
    return texts
