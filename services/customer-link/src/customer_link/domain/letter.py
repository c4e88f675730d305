"""The letter that carries a code to its customer."""

from dataclasses import dataclass
from datetime import datetime
from urllib.parse import urlencode

from customer_link.domain.activation_code import shown_code

MOST_LETTERS = 500
"""In one PDF: about a second of one core, and some megabytes."""


@dataclass(frozen=True, slots=True)
class Letter:
    """What differs from one letter to the next. Without address lines the address on file is not known here."""

    number: str
    type: str
    recipient: str
    address_lines: tuple[str, ...]
    secret: str
    valid_until: datetime

    @property
    def code(self) -> str:
        """As it is printed."""
        return shown_code(self.secret)

    def link(self, base_url: str) -> str:
        """What the QR code opens; number and code stand in the fragment, which no server and no log ever sees."""
        return f"{base_url}/customers#{urlencode({'nummer': self.number, 'code': self.code})}"
