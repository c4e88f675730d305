"""Tasks beside the main one, and waiting in them.

`asyncio.wait_for` is not used: in Python 3.11 it loses a cancellation that comes together with the result
(https://github.com/python/cpython/issues/86296), and the task that lost it runs for ever.
"""

import asyncio
from collections.abc import Awaitable, Callable, Iterable

import structlog

log = structlog.get_logger(__name__)


async def happens(event: asyncio.Event, seconds: float) -> bool:
    """Whether the event is set within the time."""
    try:
        async with asyncio.timeout(seconds):
            await event.wait()
    except TimeoutError:
        return False
    return True


def being_cancelled() -> bool:
    """Whether the present task was asked to end: psycopg may answer a cancellation with an error of its own."""
    task = asyncio.current_task()
    return task is not None and task.cancelling() > 0


async def forever(step: Callable[[], Awaitable[None]], *, expected: type[Exception], pause: float = 1.0) -> None:
    """Repeats a step until cancelled. What it raises costs a pause, never the task; `expected` is no error."""
    name = getattr(step, "__qualname__", repr(step))
    while not being_cancelled():
        try:
            await step()
        except expected as error:
            log.info("step_waits", step=name, cause=str(error))
            await asyncio.sleep(pause)
        except Exception:
            log.exception("step_failed", step=name)
            await asyncio.sleep(pause)


async def end(tasks: Iterable[asyncio.Task[None]], *, patience: float = 8.0) -> None:
    """Cancels and waits; again after `patience` seconds, for a library that swallowed the cancellation."""
    pending = set(tasks)
    while pending:
        for task in pending:
            task.cancel()
        _, pending = await asyncio.wait(pending, timeout=patience)
