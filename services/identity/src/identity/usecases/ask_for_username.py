"""Ask whether a user name can be had, while it is being typed. It may be said (DESIGN 4.21), but not to a list."""

from identity.domain.normal_form import username_problem
from identity.domain.throttle import HINTS
from identity.usecases.count_attempt import attempt_key, count_attempt
from identity.usecases.ports import Clock, Records


async def ask_for_username(username: str, source: str, *, records: Records, clock: Clock) -> str | None:
    """Code of what is wrong with the name, or None. A name has no `@`, so no mail address is ever looked up.

    Raises:
        DomainError: RATE_LIMITED after too many questions from one source.
    """
    problem = username_problem(username)
    if problem:
        return problem
    await count_attempt(attempt_key("hint", source), HINTS, throttles=records.throttles, now=clock())
    return "username_taken" if await records.accounts.find_for_login(username) else None
