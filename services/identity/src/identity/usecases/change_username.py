"""Change one's user name, where people choose one. "Taken" may be said (DESIGN 4.21), but not to a list."""

from uuid import UUID

from chassis.errors import DomainError, ErrorKind
from identity.domain.normal_form import username_problem
from identity.domain.security_change import SecurityChange
from identity.domain.throttle import NAMES
from identity.usecases.count_attempt import account_key, count_attempt
from identity.usecases.ports import Clock, Records
from identity.usecases.start_session import SessionRules
from identity.usecases.tell_change import tell_change


async def count_wish(account_id: UUID, *, records: Records, clock: Clock) -> None:
    """Counts that somebody wants another name; it stays counted, whatever comes of it.

    Raises:
        DomainError: RATE_LIMITED.
    """
    await count_attempt(account_key("username", account_id), NAMES, throttles=records.throttles, now=clock())


async def change_username(account_id: UUID, wanted: str, *, records: Records, rules: SessionRules) -> None:
    """Gives the account the name; another spelling of the own name is a change too. Sessions stay.

    Raises:
        DomainError: INVALID with the field `username`; CONFLICT `username_taken`; UNAUTHENTICATED when it is gone.
    """
    account = await records.accounts.get(account_id, lock=True)
    if account is None:
        raise DomainError(ErrorKind.UNAUTHENTICATED, "account_gone")
    username = wanted.strip()
    problem = "username_same" if username == account.username else username_problem(username)
    if problem:
        raise DomainError(ErrorKind.INVALID, problem, fields={"username": problem})
    if not await records.accounts.change_address(account_id, email=account.email, username=username):
        raise DomainError(ErrorKind.CONFLICT, "username_taken", fields={"username": "username_taken"})
    await records.announcements.account_changed(account_id)
    await tell_change(account_id, SecurityChange.USERNAME_CHANGED, records=records, rules=rules)
