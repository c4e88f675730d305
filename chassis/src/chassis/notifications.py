"""PostgreSQL's NOTIFY on a connection of its own. A hint that saves waiting, never the truth."""

import asyncio
from collections.abc import Callable

import asyncpg
import structlog

from chassis.background import being_cancelled, happens
from chassis.database import LOST

log = structlog.get_logger(__name__)

_PAUSE = 0.5
_PROBE = 2.0


async def hear(
    url: str, channel: str, heard: Callable[[str], None], on_connected: Callable[[bool], None] = lambda _up: None
) -> None:
    """Calls `heard` with each payload until cancelled; connects again whenever the connection is lost.

    `on_connected(True)` is called when listening has begun, `on_connected(False)` when it was lost: a server
    that hangs without hanging up is noticed within four seconds.
    """
    while not being_cancelled():
        try:
            await _hear_once(url, channel, heard, on_connected)
        except LOST as error:
            log.debug("notifications_lost", channel=channel, cause=repr(error))
        await asyncio.sleep(_PAUSE)


async def _hear_once(
    url: str, channel: str, heard: Callable[[str], None], on_connected: Callable[[bool], None]
) -> None:
    connection = await asyncpg.connect(url, timeout=_PROBE)
    lost = asyncio.Event()
    connection.add_termination_listener(lambda _connection: lost.set())
    try:
        await connection.add_listener(channel, lambda *notice: heard(str(notice[3])))
        on_connected(True)
        try:
            while not await happens(lost, _PROBE):
                await connection.execute("SELECT 1", timeout=_PROBE)
        finally:
            on_connected(False)
    finally:
        connection.terminate()
