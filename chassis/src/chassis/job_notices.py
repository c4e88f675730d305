"""Keeps procrastinate from losing a notice that comes while it looks for a job."""

from collections.abc import Iterable
from typing import Any

from procrastinate.jobs import Job
from procrastinate.manager import JobManager, NotificationCallback


class AttentiveJobManager(JobManager):
    """Looks again when a notice came during a look that found nothing.

    The worker of procrastinate 3.10 forgets such a notice and waits for its next poll; with short jobs that
    share a lock that is the rule rather than the exception.
    """

    _notices = 0

    async def fetch_job(self, queues: Iterable[str] | None, worker_id: int) -> Job | None:
        """The next job that may run now."""
        while True:
            before = self._notices
            job = await super().fetch_job(queues, worker_id)
            if job is not None or self._notices == before:
                return job

    async def listen_for_jobs(
        self, *, on_notification: NotificationCallback, queues: Iterable[str] | None = None
    ) -> None:
        """Passes notices on, and counts them."""

        async def counted(**notice: Any) -> None:
            self._notices += 1
            await on_notification(**notice)

        await super().listen_for_jobs(on_notification=counted, queues=queues)
