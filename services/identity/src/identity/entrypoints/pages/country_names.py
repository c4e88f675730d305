"""What countries are called, from the Unicode CLDR."""

import unicodedata
from functools import lru_cache

from babel import Locale

from identity.domain.countries import COUNTRIES


@lru_cache
def country_names(language: str) -> tuple[tuple[str, str], ...]:
    """Code and name of every country, sorted as people look them up: Ägypten stands at A, Österreich at O."""
    names = Locale.parse(language).territories
    return tuple(sorted(((code, names[code]) for code in COUNTRIES), key=lambda each: _without_marks(each[1])))


def _without_marks(name: str) -> str:
    plain = unicodedata.normalize("NFD", name).casefold()
    return "".join(sign for sign in plain if not unicodedata.combining(sign))
