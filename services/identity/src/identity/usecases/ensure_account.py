"""Give the account of a person whom staff named as a contact, and make one if there is none (M2)."""

from dataclasses import dataclass

from identity.domain.account import Account, AccountState
from identity.usecases.ports import Clock, NewId, Records


@dataclass(frozen=True, slots=True, kw_only=True)
class NamedPerson:
    """Who was named. The mail address is the user name too."""

    email: str
    display_name: str
    language: str


async def ensure_account(person: NamedPerson, *, records: Records, clock: Clock, new_id: NewId) -> Account:
    """The account that claims the address, new or old. Two callers at once get the same one.

    A pending registration with the address is left alone: whoever reads the mail decides.
    """
    existing = await records.accounts.find_claiming(person.email)
    if existing:
        return existing
    account = Account(
        id=new_id(),
        username=person.email,
        email=person.email,
        display_name=person.display_name,
        language=person.language,
        state=AccountState.INVITED,
        created_at=clock(),
    )
    if await records.accounts.add(account):
        await records.announcements.account_registered(account.id, invited=True)
        return account
    winner = await records.accounts.find_claiming(person.email)
    if winner is None:
        raise LookupError("an account was in the way and is gone; the caller tries again")
    return winner
