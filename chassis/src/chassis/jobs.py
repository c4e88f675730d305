"""Work that is done after a commit and until it succeeds; procrastinate inside (ADR 0003)."""

import asyncio
import random
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any, TypeAlias

import structlog
from procrastinate import App, BaseRetryStrategy, PsycopgConnector, RetryDecision
from procrastinate.jobs import DeleteJobCondition, Job
from sqlalchemy import bindparam, text
from sqlalchemy.dialects.postgresql import JSONB

from chassis import telemetry
from chassis.background import being_cancelled, end
from chassis.database import Transaction
from chassis.job_repairs import PromptPool, RepairedJobManager
from chassis.job_stalls import take_up_stalled
from chassis.request_context import handling, request_id

log = structlog.get_logger(__name__)

JSON: TypeAlias = "bool | int | float | str | Sequence[JSON] | Mapping[str, JSON] | None"
JobHandler: TypeAlias = Callable[[Mapping[str, Any]], Awaitable[None]]

_NAME_LENGTH = 40  # NOTIFY channels have 63 bytes, and the queue's name is part of one
_TRACE, _REQUEST = "_traceparent", "_request_id"
_LONGEST_PAUSE = 600.0
_STALLED_SECONDS = 20.0
_POLL = 1.0
_DRAIN = 12.0

# A queue per job name: a replica of an older version leaves the jobs alone that it does not know.
_ENQUEUE = text(
    """
    SELECT procrastinate_defer_jobs_v1(ARRAY[
        ROW(:name, :name, 0, :lock, NULL, :payload, :at)::procrastinate_job_to_defer_v1
    ])
    """
).bindparams(bindparam("payload", type_=JSONB))


class GiveUp(Exception):  # noqa: N818 - an order to the queue
    """The job can never succeed; it is kept as failed and not tried again."""


@dataclass(frozen=True, slots=True)
class Periodic:
    """A job that is enqueued by the clock (cron syntax, UTC), once however many replicas run."""

    name: str
    cron: str
    payload: Mapping[str, str | int] = field(default_factory=dict)


async def enqueue(
    tx: Transaction,
    name: str,
    payload: Mapping[str, JSON],
    *,
    lock: str | None = None,
    at: datetime | None = None,
) -> None:
    """The job runs when the transaction has committed, not before `at`.

    Jobs of one lock run one at a time and in order; a failing one keeps the others of its lock waiting.
    """
    await tx.execute(_ENQUEUE, _job(name, payload, lock, at))


async def enqueue_all(tx: Transaction, name: str, jobs: Mapping[str, Mapping[str, JSON]]) -> None:
    """Many of one name, by their locks, in one round trip."""
    if jobs:
        await tx.execute(_ENQUEUE, [_job(name, payload, lock, None) for lock, payload in jobs.items()])


def _job(name: str, payload: Mapping[str, JSON], lock: str | None, at: datetime | None) -> dict[str, Any]:
    if len(name) > _NAME_LENGTH:
        raise ValueError(f"A job's name has at most {_NAME_LENGTH} characters: {name}")
    origin = {_TRACE: telemetry.inject(), _REQUEST: request_id.get()}
    carried = {**payload, **{key: value for key, value in origin.items() if value}}
    return {"name": name, "lock": lock, "payload": carried, "at": at}


class Jobs:
    """Runs the jobs of one service in this replica; at least once, so handlers bear repetition.

    A job whose replica died is taken up again by another one after 20 s.
    """

    name = "jobs"

    def __init__(
        self,
        dsn: str,
        handlers: Mapping[str, JobHandler],
        *,
        periodic: Sequence[Periodic] = (),
        concurrency: int = 4,
        stalled_seconds: float = _STALLED_SECONDS,
    ) -> None:
        """Takes `postgresql://…` of the service's database; an exception but GiveUp means: later again."""
        self._dsn = dsn
        self._handlers = dict(handlers)
        self._periodic = tuple(periodic)
        self._concurrency = concurrency
        self._stalled = stalled_seconds
        self._heartbeat = stalled_seconds / 4
        self._tasks: list[asyncio.Task[None]] = []
        self._manager: RepairedJobManager | None = None

    async def start(self) -> None:
        """Starts in the background; a database that is away is waited for."""
        if self._handlers:
            self._tasks = [asyncio.create_task(self._work(), name="jobs")]

    async def stop(self) -> None:
        """Takes no more jobs, gives those under way 12 s, then leaves them for later."""
        if self._manager is not None:
            self._manager.closing = True
        await end(self._tasks, patience=_DRAIN + 2)

    async def _work(self) -> None:
        while not being_cancelled():
            try:
                await self._run_worker()
            except Exception as error:  # noqa: BLE001 - whatever ended the worker, another one is started
                log.warning("jobs_interrupted", cause=repr(error))
            await asyncio.sleep(_POLL)

    async def _run_worker(self) -> None:
        connector = PsycopgConnector(
            conninfo=self._dsn,
            min_size=1,
            max_size=self._concurrency + 3,
            timeout=5.0,
            name="jobs",
            pool_factory=PromptPool,
        )
        app = self._app(connector)
        async with app.open_async(), asyncio.TaskGroup() as group:
            sweep = group.create_task(take_up_stalled(connector, self._stalled, self._heartbeat))
            await app.run_worker_async(
                queues=list(self._handlers),
                concurrency=self._concurrency,
                install_signal_handlers=False,
                fetch_job_polling_interval=_POLL,
                shutdown_graceful_timeout=_DRAIN,
                delete_jobs=DeleteJobCondition.SUCCESSFUL,
                update_heartbeat_interval=self._heartbeat,
                stalled_worker_timeout=self._stalled,
            )
            sweep.cancel()

    def _app(self, connector: PsycopgConnector) -> App:
        app = App(connector=connector)
        app.job_manager = self._manager = RepairedJobManager(connector)
        for name, handler in self._handlers.items():
            app.task(name=name, queue=name, retry=_Backoff())(_task(name, handler))
        for number, periodic in enumerate(self._periodic):
            app.periodic(
                cron=periodic.cron, periodic_id=f"{periodic.name}-{number}", task_kwargs=dict(periodic.payload)
            )(app.tasks[periodic.name])
        return app


def _task(name: str, handler: JobHandler) -> Callable[..., Awaitable[None]]:
    async def run(**payload: Any) -> None:
        with (
            telemetry.extract(payload.pop(_TRACE, None)),
            telemetry.span(f"job {name}", kind="consumer"),
            handling(payload.pop(_REQUEST, None)),
        ):
            await handler(payload)

    return run


class _Backoff(BaseRetryStrategy):
    """1 s doubling to 10 min with jitter; a job ended by a shutdown is tried again at once."""

    def get_retry_decision(self, *, exception: BaseException, job: Job) -> RetryDecision | None:
        if isinstance(exception, GiveUp):
            return None
        if not isinstance(exception, Exception):
            return RetryDecision(retry_at=datetime.now(UTC))
        return RetryDecision(retry_at=datetime.now(UTC) + timedelta(seconds=self.pause(job.attempts)))

    def pause(self, attempts: int) -> float:
        """Seconds until the next try after so many."""
        return min(2.0 ** min(attempts, 10), _LONGEST_PAUSE) * random.uniform(0.8, 1.2)  # noqa: S311 - no secret
