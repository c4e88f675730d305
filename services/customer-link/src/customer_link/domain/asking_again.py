"""When a backend is asked again for the data of a customer number."""

from datetime import timedelta

_PAUSES = (
    timedelta(seconds=30),
    timedelta(minutes=5),
    timedelta(minutes=30),
    timedelta(hours=2),
    timedelta(hours=6),
)
USUAL = timedelta(minutes=1)
"""Data that take longer than this are said to be late."""


def pause_after(asks: int) -> timedelta:
    """How long to wait for an answer after having asked so many times (at least once)."""
    return _PAUSES[min(asks, len(_PAUSES)) - 1]
