"""What procrastinate 3.10 needs to outlive its database and to miss no notice (ADR 0003)."""

import asyncio
from collections.abc import Awaitable, Callable, Iterable
from datetime import datetime
from functools import partial
from typing import Any

import structlog
from procrastinate.exceptions import ConnectorException
from procrastinate.jobs import Job, Status
from procrastinate.manager import JobManager, NotificationCallback
from psycopg import OperationalError
from psycopg_pool import AsyncConnectionPool

from chassis.background import being_cancelled

log = structlog.get_logger(__name__)

_PAUSE = 1.0


class PromptPool(AsyncConnectionPool[Any]):
    """Gives up opening after 5 s; whoever wants it makes another one.

    The library's own waits 30 s and tries ever more seldom: after a crash of the database jobs would begin that much
    later.
    """

    async def open(self, wait: bool = False, timeout: float = 5.0) -> None:  # noqa: ASYNC109 - the library's signature
        await super().open(wait, timeout)


class RepairedJobManager(JobManager):
    """The library's, with four repairs; each method says which."""

    closing = False
    _notices = 0

    async def fetch_job(self, queues: Iterable[str] | None, worker_id: int) -> Job | None:
        """Looks again when a notice came during a look that found nothing.

        The worker forgets such a notice and waits for its next poll; with short jobs that share a lock this is
        the rule rather than the exception.
        """
        while True:
            before = self._notices
            job = await super().fetch_job(queues, worker_id)
            if job is not None or self._notices == before:
                return job

    async def listen_for_jobs(
        self, *, on_notification: NotificationCallback, queues: Iterable[str] | None = None
    ) -> None:
        """Listens again after a lost connection; the worker itself would go on without notices."""

        async def counted(**notice: Any) -> None:
            self._notices += 1
            await on_notification(**notice)

        while True:
            try:
                await super().listen_for_jobs(on_notification=counted, queues=queues)
            except ConnectorException as error:
                if being_cancelled():
                    raise
                log.info("job_notices_interrupted", cause=str(error.__cause__))
            await asyncio.sleep(_PAUSE)

    async def update_heartbeat(self, worker_id: int) -> None:
        """Misses a beat when the database is away; the worker itself would never beat again, and lose its jobs."""
        try:
            await super().update_heartbeat(worker_id)
        except ConnectorException as error:
            if being_cancelled():
                raise
            log.info("job_heartbeat_missed", cause=str(error.__cause__))

    async def finish_job(self, job: Job, status: Status, delete_job: bool) -> None:
        """Waits for a database that is away; the job would else be "doing" as long as this process lives."""
        await self._write(partial(super().finish_job, job, status, delete_job))

    async def retry_job(
        self,
        job: Job,
        retry_at: datetime | None = None,
        priority: int | None = None,
        queue: str | None = None,
        lock: str | None = None,
    ) -> None:
        """The same for a job that failed."""
        await self._write(partial(super().retry_job, job, retry_at, priority, queue, lock))

    async def _write(self, write: Callable[[], Awaitable[None]]) -> None:
        repeated = False
        while True:
            try:
                return await write()
            except ConnectorException as error:
                absent = isinstance(error.__cause__, OperationalError)
                if repeated and not absent:
                    return None  # an earlier try had arrived after all
                if self.closing or not absent:
                    raise
            repeated = True
            await asyncio.sleep(_PAUSE)
