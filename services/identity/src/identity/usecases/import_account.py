"""Import an account of an older system with its password hash (A4): its owner simply logs in."""

from dataclasses import asdict, dataclass, field

from identity.domain.account import Account, AccountState
from identity.domain.normal_form import username_problem
from identity.domain.profile import Profile
from identity.usecases.ports import Clock, NewId, Records


@dataclass(frozen=True, slots=True, kw_only=True)
class OldAccount:
    """One line of the export. `password_hash` is Argon2id; without one the account is invited.

    The profile may have gaps: older systems knew less, and nobody is kept out for it.
    """

    username: str
    email: str
    display_name: str
    language: str
    password_hash: str
    profile: Profile = field(default_factory=Profile)

    def problem(self) -> str | None:
        """Code of what is wrong with the line first, or None."""
        if self.username != self.email and (found := username_problem(self.username)):
            return found
        return next(iter(self.profile.problems().values()), None)


async def import_account(old: OldAccount, *, records: Records, clock: Clock, new_id: NewId) -> str | None:
    """None when it is imported, else a code that says why not."""
    problem = old.problem()
    if problem:
        return problem
    account = Account(
        id=new_id(),
        username=old.username,
        email=old.email,
        display_name=old.display_name,
        language=old.language,
        state=AccountState.ACTIVE if old.password_hash else AccountState.INVITED,
        created_at=clock(),
        password_hash=old.password_hash or None,
        **asdict(old.profile),
    )
    if not await records.accounts.add(account):
        return "account_exists"
    await records.announcements.account_registered(account.id, invited=not old.password_hash)
    if old.password_hash:
        await records.announcements.account_confirmed(account.id)
    return None
