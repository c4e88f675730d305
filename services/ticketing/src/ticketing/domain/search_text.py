"""What a person means by what stands in the search field."""

import re

from ticketing.domain.ticket_number import TicketNumber

SEARCH_LENGTH = 200
_PREFIX_LENGTH = 3
_YEARS_BACK = 9
_WORD = re.compile(r"\w+")
_SERIAL = re.compile(r"\d{1,9}")


def words_of(search: str) -> list[str]:
    """Give the words to look for, in lower case, without signs that mean something to the database."""
    return [word.replace("_", "").lower() for word in _WORD.findall(search[:SEARCH_LENGTH]) if word.strip("_")]


def prefixes_of(words: list[str]) -> list[str]:
    """Give the words again if all of them can begin longer ones: Buchung finds Buchungslauf."""
    return words if words and min(map(len, words)) >= _PREFIX_LENGTH else []


def numbers_of(search: str, year: int) -> list[TicketNumber]:
    """Give the tickets that may be meant: one for T-2026-01482, one a year for a mere 1482."""
    text = search.strip()[:SEARCH_LENGTH]
    if number := TicketNumber.parse(text):
        return [number]
    if not _SERIAL.fullmatch(text) or int(text) == 0:
        return []
    return [TicketNumber(past, int(text)) for past in range(year - _YEARS_BACK, year + 1)]
