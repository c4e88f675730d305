"""Customer numbers as people type them."""

import unicodedata

_IGNORED = frozenset(" -./\t\u00a0\u2010\u2011\u2013")
LONGEST = 40


def number_key(typed: str) -> str:
    """The form in which numbers are compared: without blanks, dashes, dots and slashes, in capitals."""
    text = unicodedata.normalize("NFKC", typed).upper()
    return "".join(symbol for symbol in text if symbol not in _IGNORED)
