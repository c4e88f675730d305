"""Delete what has served its time (GDPR Art. 5(1)(e)): sessions, challenges, registrations, counters, tokens."""

from dataclasses import dataclass
from datetime import timedelta

from identity.domain.factors import ENROLMENT_LIFETIME
from identity.domain.history import HISTORY_KEPT
from identity.usecases.ports import Clock, Records

REGISTRATION_KEPT = timedelta(days=7)
CHALLENGE_KEPT = timedelta(days=7)
COUNTER_KEPT = timedelta(days=2)
_BATCH = 200


@dataclass(frozen=True, slots=True)
class Swept:
    """How many rows went."""

    sessions: int
    challenges: int
    registrations: int
    counters: int
    history: int
    tokens: int
    exports: int


async def sweep_expired(*, records: Records, clock: Clock) -> Swept:
    """One round, of at most 200 registrations."""
    now = clock()
    sessions = await records.sessions.delete_expired(now)
    challenges = await records.challenges.delete_older(now - CHALLENGE_KEPT)
    tokens = await records.clients.delete_expired_tokens(now)
    counters = await records.throttles.delete_idle(now - COUNTER_KEPT, now)
    await records.second_factors.delete_enrolments(now - ENROLMENT_LIFETIME)
    await records.ceremonies.delete_expired(now)
    history = await records.history.delete_older(now - HISTORY_KEPT)
    exports = await records.exports.delete_expired(now)
    stale = await records.accounts.stale_registrations(now - REGISTRATION_KEPT, _BATCH)
    registrations = 0
    for account_id in stale:
        if await records.accounts.delete_unconfirmed(account_id):
            registrations += 1
            await records.announcements.account_closed(account_id)
    return Swept(sessions, challenges, registrations, counters, history, tokens, exports)
