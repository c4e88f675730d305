"""Slots: a limit of n is n places, so that unique indexes can hold it (DESIGN 18)."""

from collections.abc import Collection


def free_slot(taken: Collection[int], limit: int) -> int | None:
    """The lowest free place of 1 to limit; None when so many are taken, wherever they stand.

    Staff grant places beyond a limit, and lowering a limit ends no link: a gap below them is no place.
    """
    if len(taken) >= limit:
        return None
    return next((slot for slot in range(1, limit + 1) if slot not in taken), None)
