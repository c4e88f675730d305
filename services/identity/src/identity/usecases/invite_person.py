"""Another system makes an account for a person, who sets the first password with a mailed link."""

from dataclasses import asdict, dataclass
from uuid import UUID

from chassis.errors import DomainError, ErrorKind
from identity.domain.account import Account, AccountState
from identity.domain.challenge import Purpose
from identity.domain.history import HistoryAction
from identity.domain.profile import Profile
from identity.usecases.issue_challenge import issue_challenge
from identity.usecases.ports import Records
from identity.usecases.record_history import record_by_client
from identity.usecases.start_session import SessionRules


@dataclass(frozen=True, slots=True, kw_only=True)
class InvitedPerson:
    """Who is to have an account, without problems. `notify` mails the link at once."""

    username: str
    email: str
    display_name: str
    language: str
    profile: Profile
    notify: bool


async def invite_person(
    person: InvitedPerson, client_id: UUID, *, records: Records, rules: SessionRules, key_id: str
) -> Account:
    """The invited account.

    Raises:
        DomainError: CONFLICT `account_exists` when user name or address is taken.
    """
    account = Account(
        id=rules.new_id(),
        username=person.username,
        email=person.email,
        display_name=person.display_name,
        language=person.language,
        state=AccountState.INVITED,
        created_at=rules.clock(),
        **asdict(person.profile),
    )
    if not await records.accounts.add(account):
        raise DomainError(ErrorKind.CONFLICT, "account_exists", "User name or mail address is taken.")
    await records.announcements.account_registered(account.id, invited=True)
    await record_by_client(account.id, client_id, HistoryAction.INVITED, records=records, rules=rules)
    if person.notify:
        await issue_challenge(
            account.id,
            Purpose.RESET_PASSWORD,
            records=records,
            key_id=key_id,
            clock=rules.clock,
            new_id=rules.new_id,
        )
    return account
