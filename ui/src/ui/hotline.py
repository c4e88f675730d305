"""The direct line: number, mail and hours, and who answers when nobody is there (STEPS M17)."""

from collections.abc import Iterator
from datetime import date, datetime, time, timedelta
from typing import Annotated

from pydantic import AfterValidator, BaseModel, ConfigDict, Field

_DAYS_AHEAD = 15  # longer than any run of weekend and holidays

Localised = dict[str, str]


def _ordered(days: tuple[int, ...]) -> tuple[int, ...]:
    return tuple(sorted(set(days)))


class Hours(BaseModel):
    """One row of the table of hours: on these ISO weekdays (1 is Monday) from `opens` to `closes`, local time."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    days: Annotated[tuple[Annotated[int, Field(ge=1, le=7)], ...], AfterValidator(_ordered)]
    opens: time
    closes: time

    def cover(self, moment: datetime) -> bool:
        """Whether somebody answers at this local moment."""
        return moment.isoweekday() in self.days and self.opens <= moment.time() < self.closes


class Hotline(BaseModel):
    """How to reach a person."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    number: str
    """As a person reads it, such as 050 717-0."""
    dial: Annotated[str, Field(pattern=r"^\+?\d+$")]
    """As a phone dials it."""
    mail: str
    label: Localised
    hours_text: Localised
    hours: tuple[Hours, ...]
    closed: tuple[Annotated[str, Field(pattern=r"^\d\d-\d\d$")], ...] = ()
    """Public holidays as month-day, on which nobody answers."""

    def open_at(self, moment: datetime) -> bool:
        """Whether somebody answers at this local moment."""
        return not self._holiday(moment.date()) and any(hours.cover(moment) for hours in self.hours)

    def next_opening(self, moment: datetime) -> datetime | None:
        """The first moment after this one when somebody answers; None when the table of hours is empty."""
        return min((start for start in self._openings(moment) if start > moment), default=None)

    def _openings(self, moment: datetime) -> Iterator[datetime]:
        for ahead in range(_DAYS_AHEAD):
            day = moment.date() + timedelta(days=ahead)
            if not self._holiday(day):
                yield from (
                    datetime.combine(day, hours.opens, moment.tzinfo)
                    for hours in self.hours
                    if day.isoweekday() in hours.days
                )

    def _holiday(self, day: date) -> bool:
        return f"{day:%m-%d}" in self.closed
