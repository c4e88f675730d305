"""Customer numbers as people type them."""

import re
import unicodedata

LONGEST = 40
# What stands before the number on an invoice and is copied with it.
_LABEL = re.compile(r"\s*(?:kunden-?\s?(?:nummer|nr\b\.?)|customer\s+(?:number|no\b\.?))\s*[:=]?\s*", re.IGNORECASE)


def number_key(typed: str) -> str:
    """The form in which numbers are compared: letters and digits, in capitals, without blanks, dashes and the like."""
    return "".join(symbol for symbol in unicodedata.normalize("NFKC", typed).upper() if symbol.isalnum())


def read_number(typed: str) -> str:
    """The compared form of what stands in a form's field; the label that was pasted with it does not matter."""
    label = _LABEL.match(typed)
    return number_key(typed[label.end() :] if label else typed)
