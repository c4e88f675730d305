"""Close every way to a new password that is on its way by mail: it has been chosen, or the address is another's."""

from datetime import datetime
from uuid import UUID

from identity.domain.challenge import RESETS
from identity.usecases.ports import Records


async def close_resets(account_id: UUID, *, records: Records, now: datetime) -> None:
    """Links and generated passwords mailed so far no longer work (A05)."""
    for purpose in RESETS:
        await records.challenges.replace_open(account_id, purpose, now)
