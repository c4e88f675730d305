"""A portal without an administrator says in its log how to make one."""

from typing import Any, cast

import structlog

from identity.entrypoints.jobs import SWEEP, job_handlers
from identity.usecases.collect_export import Collecting
from identity_harness import Portal


async def warnings(portal: Portal) -> list[Any]:
    """What the sweep says about administrators."""
    core = portal.core
    nobody = cast("Collecting", None)  # the sweep collects nothing
    sweep = job_handlers(core.database, core.records, portal.clock, nobody)[SWEEP]
    with structlog.testing.capture_logs() as logs:
        await sweep({})
    return [entry["remedy"] for entry in logs if entry["event"] == "no administrator yet"]


async def test_it_is_said_until_there_is_an_administrator(portal: Portal) -> None:
    await portal.add_staff("agent")
    assert await warnings(portal) == ["./portal admin identity add-staff USERNAME EMAIL NAME admin"]
    await portal.add_staff("admin", roles=frozenset({"admin"}))
    assert await warnings(portal) == []
