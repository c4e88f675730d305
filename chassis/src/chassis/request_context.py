"""What belongs to the request, call or event being handled; it follows the task and the tasks it starts."""

import re
import time
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from uuid import uuid4

_WELL_FORMED = re.compile(r"[A-Za-z0-9-]{8,64}", re.ASCII)

request_id: ContextVar[str] = ContextVar("request_id", default="")
"""Names the request in logs, metadata and error pages; empty outside of one."""

deadline: ContextVar[float | None] = ContextVar("deadline", default=None)
"""When the caller stops waiting, on the clock of time.monotonic; None if it did not say."""


def accepted_request_id(offered: str | None) -> str:
    """The offered id if it is well formed (it comes to stand in logs), else a new one."""
    if offered is not None and _WELL_FORMED.fullmatch(offered):
        return offered
    return uuid4().hex


@contextmanager
def handling(offered_request_id: str | None, *, seconds_left: float | None = None) -> Iterator[str]:
    """Sets request id and deadline for a block and gives the id."""
    identifier = accepted_request_id(offered_request_id)
    id_token = request_id.set(identifier)
    deadline_token = deadline.set(None if seconds_left is None else time.monotonic() + seconds_left)
    try:
        yield identifier
    finally:
        request_id.reset(id_token)
        deadline.reset(deadline_token)


def within_deadline(seconds: float) -> float:
    """The given timeout in seconds, cut to what is left of the present request's deadline (at least 0)."""
    until = deadline.get()
    return seconds if until is None else max(0.0, min(seconds, until - time.monotonic()))
