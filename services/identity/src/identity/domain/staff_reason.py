"""Why staff look at an account or change it: an occasion, and words if there is more to say."""

from dataclasses import dataclass
from enum import StrEnum

REASON_LENGTH = 150


class Occasion(StrEnum):
    """What made it necessary."""

    CALL = "call"
    MAIL = "mail"
    REQUEST = "request"
    REVIEW = "review"


@dataclass(frozen=True, slots=True)
class StaffReason:
    """A reason as it is kept in the history and shown to the person."""

    occasion: Occasion
    text: str = ""

    def __str__(self) -> str:
        """The form in which the history keeps it."""
        return f"{self.occasion.value}: {self.text}" if self.text else self.occasion.value

    @classmethod
    def parse(cls, kept: str) -> "StaffReason | None":
        """The reason that is kept; None for one that was given in another way, such as by a command."""
        occasion, _, text = kept.partition(": ")
        return cls(Occasion(occasion), text) if occasion in set(Occasion) else None

    @classmethod
    def read(cls, occasion: str, text: str) -> "StaffReason | str":
        """The reason that was typed, or the code of what is wrong with it."""
        if occasion not in set(Occasion):
            return "reason_missing"
        words = " ".join(text.split())
        return cls(Occasion(occasion), words) if len(words) <= REASON_LENGTH else "reason_long"
