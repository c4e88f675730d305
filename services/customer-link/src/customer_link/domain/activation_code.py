"""Activation codes: twelve symbols, of which the last checks the others (DESIGN 6, ADR 0012).

The weights 1 to 12 over a prime alphabet catch every single wrong symbol and every swap of two.
"""

import re
from collections.abc import Callable, Sequence

ALPHABET = "346789BCDFGHJKMPQRTVWXY"
"""23 symbols that cannot be taken for one another, and without vowels, so that no words arise."""
LENGTH = 12
_GROUP = 4
_IGNORED = frozenset(" -\t\u00a0\u200b\u2010\u2011\u2012\u2013\u2014\u202f\u2212\ufeff")
# What stands before the code on a letter and is copied with it. "Code" is no word that symbols of a code could make.
_LABEL = re.compile(r"\s*(?:freischalt-?\s?code|activation\s+code|code)\s*[:=]?\s*", re.IGNORECASE)
_INVERSE_OF_LAST_WEIGHT = pow(LENGTH, -1, len(ALPHABET))

RandomBelow = Callable[[int], int]
"""A number from 0 to below the argument, unguessable."""


class MistypedCodeError(ValueError):
    """The text cannot be a code.

    Attributes:
        reason: missing, symbol, length or check.
        symbol: the one that no code has, for the reason symbol.
    """

    def __init__(self, reason: str, symbol: str = "") -> None:
        super().__init__(reason)
        self.reason = reason
        self.symbol = symbol


def make_code(random_below: RandomBelow) -> str:
    """A new code, without dashes."""
    values = [random_below(len(ALPHABET)) for _ in range(LENGTH - 1)]
    return "".join(ALPHABET[value] for value in [*values, _check_value(values)])


def read_code(typed: str) -> str:
    """The code that was typed; case, blanks, dashes and the label that was pasted with it do not matter.

    Raises:
        MistypedCodeError: it is a typo, which says nothing about any code and is told as such.
    """
    label = _LABEL.match(typed)
    bare = typed[label.end() :] if label else typed
    code = "".join(symbol for symbol in bare.upper() if symbol not in _IGNORED)
    if not code:
        raise MistypedCodeError("missing")
    foreign = next((symbol for symbol in code if symbol not in ALPHABET), None)
    if foreign is not None:
        raise MistypedCodeError("symbol", foreign)
    if len(code) != LENGTH:
        raise MistypedCodeError("length")
    if _weighted_sum([ALPHABET.index(symbol) for symbol in code]) != 0:
        raise MistypedCodeError("check")
    return code


def shown_code(code: str) -> str:
    """As it stands on a letter: XXXX-XXXX-XXXX."""
    return "-".join(code[start : start + _GROUP] for start in range(0, LENGTH, _GROUP))


def _weighted_sum(values: Sequence[int]) -> int:
    return sum(weight * value for weight, value in enumerate(values, start=1)) % len(ALPHABET)


def _check_value(values: Sequence[int]) -> int:
    return -_weighted_sum(values) * _INVERSE_OF_LAST_WEIGHT % len(ALPHABET)
