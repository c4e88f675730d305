"""Work that is done after a commit and until it succeeds; procrastinate inside (ADR 0003)."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import bindparam, text
from sqlalchemy.dialects.postgresql import JSONB

from chassis.database import Transaction

_NAME_LENGTH = 40  # NOTIFY channels have 63 bytes, and the queue's name is part of one

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


async def enqueue(
    tx: Transaction,
    name: str,
    payload: Mapping[str, Any],
    *,
    lock: str | None = None,
    at: datetime | None = None,
) -> None:
    """The job runs when the transaction has committed, not before `at`.

    Jobs of one lock run one at a time and in order; a failing one keeps the others of its lock waiting.
    """
    if len(name) > _NAME_LENGTH:
        raise ValueError(f"A job's name has at most {_NAME_LENGTH} characters: {name}")
    await tx.execute(_ENQUEUE, {"name": name, "lock": lock, "payload": dict(payload), "at": at})
