"""Documents of requests go some time after the decision, content and all."""

from datetime import timedelta

from customer_link.usecases.ports import Clock, Records

_BATCH = 500


async def forget_documents(*, records: Records, clock: Clock, kept: timedelta) -> int:
    """How many of a batch were forgotten; their files are deleted by a job."""
    keys = await records.documents.forget(clock() - kept, _BATCH)
    if keys:
        await records.announcements.files_unwanted(keys)
    return len(keys)
