import asyncio
from typing import Any

import httpx
import pytest

import chassis.health
from chassis.health import Health
from chassis.metrics import Metrics


async def _fine() -> None:
    return None


async def _no() -> bool:
    return False


async def _fails() -> None:
    raise OSError("connection refused")


async def _hangs() -> None:
    await asyncio.Event().wait()


async def _ask(health: Health, path: str) -> httpx.Response:
    async with httpx.AsyncClient(transport=httpx.ASGITransport(health), base_url="http://management") as client:
        return await client.get(path)


@pytest.mark.parametrize(("check", "status"), [(_fine, 200), (_no, 503), (_fails, 503), (_hangs, 503)])
async def test_ready_is_what_the_checks_say(check: Any, status: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(chassis.health, "_CHECK_SECONDS", 0.05)
    health = Health({"database": check}, Metrics())
    health.accepting = True
    answer = await _ask(health, "/health/ready")
    assert answer.status_code == status
    assert answer.json() == {
        "status": "UP" if status == 200 else "DOWN",
        "checks": [
            {"name": "accepting", "status": "UP"},
            {"name": "database", "status": "UP" if status == 200 else "DOWN"},
        ],
    }


async def test_live_asks_nothing_and_nobody() -> None:
    health = Health({"database": _hangs}, Metrics())
    assert (await _ask(health, "/health/live")).json() == {"status": "UP", "checks": []}


async def test_started_and_ready_follow_the_process() -> None:
    health = Health({}, Metrics())
    assert (await _ask(health, "/health/started")).status_code == 503
    assert (await _ask(health, "/health/ready")).status_code == 503
    health.started = health.accepting = True
    assert (await _ask(health, "/health/started")).status_code == 200
    assert (await _ask(health, "/health/ready")).status_code == 200


async def test_metrics_are_shown_and_nothing_else() -> None:
    metrics = Metrics()
    metrics.http_answered("GET", "/tickets/{ticket_id}", 200, 0.01)
    answer = await _ask(Health({}, metrics), "/metrics")
    assert (
        'kundenportal_http_request_seconds_count{method="GET",route="/tickets/{ticket_id}",status="200"} 1.0'
        in answer.text
    )
    assert "process_resident_memory_bytes" in answer.text
    assert (await _ask(Health({}, metrics), "/")).status_code == 404
