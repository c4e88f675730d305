"""Take a request, give it back, withdraw it; and end those on which nobody decided (STEPS A15, S3)."""

from customer_link.domain.link_request import DECIDED_WITHIN, Act, LinkRequest, Step
from customer_link.usecases.ports import Clock, Records

_BATCH = 100


async def handle_request(step: Step, *, records: Records) -> LinkRequest | None:
    """The request after the step; None when it cannot be done (any more). An end is told to others."""
    request = await records.requests.move(step)
    if request is not None and not request.waits:
        await records.announcements.request_decided(request)
    return request


async def expire_requests(*, records: Records, clock: Clock) -> int:
    """Ends a batch of the requests that waited for too long; how many."""
    now = clock()
    ended = 0
    for request_id in await records.requests.overdue(now - DECIDED_WITHIN, _BATCH):
        ended += await handle_request(Step(request_id, Act.EXPIRE, now), records=records) is not None
    return ended
