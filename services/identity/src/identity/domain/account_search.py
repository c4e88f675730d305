"""How staff find an account by any part of what stands in it, however it is spelled."""

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from identity.domain.account import Account, AccountState

SEARCH_LENGTH = 80
_MOST_TERMS = 6
_GRAM = 3
_COMBINING = re.compile("[\u0300-\u036f]")
_LETTERS = str.maketrans({"ß": "ss", "ø": "o", "ł": "l", "đ": "d"})
_NUMBER = re.compile(r"[+0-9][0-9 ()/.\-]*")
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
    """The words of a search; a telephone number, however it is grouped, is one word of digits."""
    text = search_form(typed[:SEARCH_LENGTH]).strip()
    if _NUMBER.fullmatch(text):
        digits = "".join(sign for sign in text if sign.isdigit()).lstrip("0")
        return (SearchTerm((digits,)),) if digits else ()
    return tuple(SearchTerm(_forms(word)) for word in text.split()[:_MOST_TERMS])


def grams(form: str) -> list[str]:
    """What an index entry must contain for the form to be in it: its groups of three, or a word's beginning.

    Groups side by side are enough, since the text itself decides; with all that overlap the database would take every
    frequent word for a rare one, and read all its rows instead of the newest few.
    """
    if len(form) < _GRAM:
        return [f"^{form}"]
    side_by_side = {form[start : start + _GRAM] for start in range(0, len(form) - _GRAM + 1, _GRAM)}
    return sorted(side_by_side | {form[-_GRAM:]})


def _forms(word: str) -> Sequence[str]:
    return tuple(dict.fromkeys((word, without_digraphs(word))))


@dataclass(frozen=True, slots=True)
class AccountPlace:
    """A place between two accounts of a list, which goes on with older ones."""

    created_at: datetime
    id: UUID


@dataclass(frozen=True, slots=True)
class AccountQuery:
    """Which accounts are wanted; newest first. Everything empty means all."""

    terms: Sequence[SearchTerm] = ()
    also: frozenset[UUID] = frozenset()
    """Accounts that the words mean in another way: holders of a customer number."""
    state: AccountState | None = None
    role: str = ""
    """One role, `staff` for any, or `customer` for none."""
    size: int = 25
    after: AccountPlace | None = None


@dataclass(frozen=True, slots=True)
class AccountPage:
    """A part of a list, and where the next one begins; None at its end."""

    accounts: Sequence[Account]
    next: AccountPlace | None = None

    @classmethod
    def cut(cls, found: Sequence[Account], size: int) -> "AccountPage":
        """The page of up to `size` accounts from a search for one more than that."""
        accounts = found[:size]
        more = len(found) > size
        return cls(accounts, AccountPlace(accounts[-1].created_at, accounts[-1].id) if more else None)
