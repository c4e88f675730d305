"""Import an account of an older system with its password hash (A4): its owner simply logs in."""

from dataclasses import dataclass

from identity.domain.account import Account, AccountState
from identity.domain.normal_form import username_problem
from identity.usecases.ports import Clock, NewId, Records


@dataclass(frozen=True, slots=True, kw_only=True)
class OldAccount:
    """One line of the export. `password_hash` is Argon2id; without one the account is invited."""

    username: str
    email: str
    display_name: str
    language: str
    password_hash: str


async def import_account(old: OldAccount, *, records: Records, clock: Clock, new_id: NewId) -> str | None:
    """None when it is imported, else a code that says why not."""
    if username_problem(old.username) and old.username != old.email:
        return username_problem(old.username)
    account = Account(
        id=new_id(),
        username=old.username,
        email=old.email,
        display_name=old.display_name,
        language=old.language,
        state=AccountState.ACTIVE if old.password_hash else AccountState.INVITED,
        created_at=clock(),
        password_hash=old.password_hash or None,
    )
    if not await records.accounts.add(account):
        return "account_exists"
    await records.announcements.account_registered(account.id, invited=not old.password_hash)
    if old.password_hash:
        await records.announcements.account_confirmed(account.id)
    return None
