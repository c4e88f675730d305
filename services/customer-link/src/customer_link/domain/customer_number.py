"""Customer numbers as people type them."""

import unicodedata

LONGEST = 40


def number_key(typed: str) -> str:
    """The form in which numbers are compared: letters and digits, in capitals, without blanks, dashes and the like."""
    return "".join(symbol for symbol in unicodedata.normalize("NFKC", typed).upper() if symbol.isalnum())
