"""Register an account (A3, A6): an unconfirmed one, and a mail to whoever reads the address."""

from dataclasses import asdict

from chassis.errors import DomainError, ErrorKind
from identity.domain.account import Account, AccountState
from identity.domain.registration import Registration
from identity.usecases.issue_challenge import issue_confirmation
from identity.usecases.ports import Clock, NewId, Records


async def register_account(
    registration: Registration,
    password_hash: str,
    *,
    terms_version: str,
    records: Records,
    key_id: str,
    clock: Clock,
    new_id: NewId,
) -> None:
    """Does the same work whether the mail address is known or not; notes which terms were agreed to, and when.

    Raises:
        DomainError: CONFLICT `username_taken`, which may be said.
    """
    account = Account(
        id=new_id(),
        username=registration.username.strip(),
        email=registration.email or "",
        display_name=registration.profile.display_name or registration.username.strip(),
        **asdict(registration.profile),
        terms_version=terms_version,
        terms_accepted_at=clock(),
        language=registration.language,
        state=AccountState.UNCONFIRMED,
        created_at=clock(),
        password_hash=password_hash,
    )
    if not await records.accounts.add(account):
        raise DomainError(ErrorKind.CONFLICT, "username_taken", fields={"username": "username_taken"})
    await records.announcements.account_registered(account.id, invited=False)
    await issue_confirmation(account.id, account.email, records=records, key_id=key_id, clock=clock, new_id=new_id)
