"""How staff find a customer number by any part of what stands behind it, however it is spelled (STEPS S4)."""

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

SEARCH_LENGTH = 80
_MOST_TERMS = 6
_GRAM = 3
_COMBINING = re.compile("[\u0300-\u036f]")
_LETTERS = str.maketrans({"ß": "ss", "ø": "o", "ł": "l", "đ": "d"})
_DIGRAPHS = (("ae", "a"), ("oe", "o"), ("ue", "u"))


def search_form(text: str) -> str:
    """Small letters without accents: `Müller` is `muller`. The database's function of this name does the same."""
    folded = unicodedata.normalize("NFD", unicodedata.normalize("NFKC", text).lower())
    return _COMBINING.sub("", folded).translate(_LETTERS)


def without_digraphs(form: str) -> str:
    """`mueller` as `muller`, so that both spellings of an umlaut meet."""
    for digraph, letter in _DIGRAPHS:
        form = form.replace(digraph, letter)
    return form


@dataclass(frozen=True, slots=True)
class SearchTerm:
    """One word that was typed, in the forms of which one must be there."""

    forms: Sequence[str]


def search_terms(typed: str) -> tuple[SearchTerm, ...]:
    """The words of a search; one with a digit may be a customer number, with or without its dashes."""
    words = search_form(typed[:SEARCH_LENGTH]).split()[:_MOST_TERMS]
    return tuple(SearchTerm(_forms(word)) for word in words)


def grams(form: str) -> list[str]:
    """What an index entry must contain for the form to be in it: its groups of three, or a word's beginning."""
    if len(form) < _GRAM:
        return [f"^{form}"]
    side_by_side = {form[start : start + _GRAM] for start in range(0, len(form) - _GRAM + 1, _GRAM)}
    return sorted(side_by_side | {form[-_GRAM:]})


def _forms(word: str) -> Sequence[str]:
    forms = [word, without_digraphs(word)]
    if any(sign.isdigit() for sign in word):
        forms.append("".join(sign for sign in word if sign.isalnum()))
    return tuple(dict.fromkeys(forms))


class Holding(StrEnum):
    """Whether an account holds a number."""

    HELD = "held"
    FREE = "free"


@dataclass(frozen=True, slots=True)
class CustomerQuery:
    """Which customer numbers, in the order of the numbers. Everything empty means all."""

    terms: Sequence[SearchTerm] = ()
    type: str = ""
    holding: Holding | None = None
    after: str = ""
    """The compared form of the last number of the page before."""
    size: int = 25
