"""What a person tells of themselves, field by field: the same rules for registration, settings, import and API (A3)."""

import re
import unicodedata
from collections.abc import Collection, Mapping
from dataclasses import asdict, dataclass, fields
from enum import StrEnum
from typing import Any

from identity.domain.countries import COUNTRIES, WITHOUT_POSTAL_CODES, postal_code_fits


class Salutation(StrEnum):
    """How a person wants to be addressed; the empty text is "prefer not to say"."""

    NONE = ""
    MS = "ms"
    MR = "mr"
    DIVERSE = "diverse"


LONGEST: Mapping[str, int] = {
    "first_name": 100,
    "last_name": 100,
    "company": 100,
    "street": 150,
    "postal_code": 12,
    "city": 100,
    "phone": 30,
}
"""Characters of each text, in the order of the form."""

_SHORTEST_NUMBER, _LONGEST_NUMBER = 6, 15
_NOT_IN_NAMES = re.compile(r"[<>@:/\\{}\[\]|]")
_NOT_IN_LINES = re.compile(r"[<>{}\\|]|://")
_PHONE = re.compile(r"\+?[0-9](?:[0-9 ()/.\-]*[0-9])?|\([0-9][0-9 ()/.\-]*[0-9]")
_TURNING = frozenset("\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")


@dataclass(frozen=True, slots=True, kw_only=True)
class Profile:
    """The fields as typed; `Profile.cleaned` is what is kept. Its names are fields of Account too."""

    salutation: str = ""
    first_name: str = ""
    last_name: str = ""
    company: str = ""
    street: str = ""
    postal_code: str = ""
    city: str = ""
    country: str = ""
    phone: str = ""

    @classmethod
    def read(cls, typed: Mapping[str, Any]) -> "Profile":
        """The fields out of a form, a line of a file or a document; what else stands there is left."""
        return cls(**{name: typed.get(name) or "" for name in FIELDS}).cleaned()

    @property
    def display_name(self) -> str:
        """Name to show and to greet with; the company's when nobody is named."""
        return f"{self.first_name} {self.last_name}".strip() or self.company

    def cleaned(self) -> "Profile":
        """One form for what reads the same: NFC, single blanks, no signs that nobody sees; codes in capitals."""
        tidy = {name: _tidy(value) for name, value in asdict(self).items()}
        for code in ("postal_code", "country"):
            tidy[code] = tidy[code].upper()
        tidy["phone"] = _phone(tidy["phone"])
        return Profile(**tidy)

    def problems(self, required: Collection[str] = ()) -> dict[str, str]:
        """Field → code of what is wrong with it, in the order of the form: `…_missing`, `…_long` or `…_invalid`.

        `required` are the fields that the brand insists on. Expects the cleaned form.
        """
        found = {name: self._problem(name, required) for name in FIELDS}
        return {name: code for name, code in found.items() if code}

    def _problem(self, name: str, required: Collection[str]) -> str | None:
        value = getattr(self, name)
        if not value:
            return f"{name}_missing" if name in required and not self._without(name) else None
        if len(value) > LONGEST.get(name, len(value)):
            return f"{name}_long"
        return None if self._fits(name, value) else f"{name}_invalid"

    def _without(self, name: str) -> bool:
        return name == "postal_code" and self.country in WITHOUT_POSTAL_CODES

    def _fits(self, name: str, value: str) -> bool:
        match name:
            case "salutation":
                return value in set(Salutation)
            case "country":
                return value in COUNTRIES
            case "postal_code":
                return postal_code_fits(value, self.country)
            case "phone":
                return _is_phone(value)
            case "first_name" | "last_name":
                return _NOT_IN_NAMES.search(value) is None and _has_letter(value)
            case _:
                return _NOT_IN_LINES.search(value) is None


FIELDS = tuple(field.name for field in fields(Profile))
"""In the order of the form."""


def _tidy(text: str) -> str:
    seen = (" " if unicodedata.category(sign) in {"Cc", "Zl", "Zp"} else sign for sign in text)
    return " ".join(unicodedata.normalize("NFC", "".join(sign for sign in seen if sign not in _TURNING)).split())


def _phone(typed: str) -> str:
    """`0043 …` and `+43 (0) …` as they are dialled from abroad (ITU-T E.164, E.123); grouping stays as typed."""
    number = "+" + typed[2:].lstrip() if typed.startswith("00") else typed
    return " ".join(number.replace("(0)", " ").split()) if number.startswith("+") else number


def _is_phone(number: str) -> bool:
    digits = sum(sign in "0123456789" for sign in number)
    return _PHONE.fullmatch(number) is not None and _SHORTEST_NUMBER <= digits <= _LONGEST_NUMBER


def _has_letter(name: str) -> bool:
    return any(sign.isalpha() for sign in name)
