"""Load the demo accounts of a brand pack: once, and again without effect."""

from dataclasses import asdict, dataclass
from uuid import UUID

from identity.domain.account import Account, AccountState
from identity.domain.profile import Profile
from identity.usecases.add_staff import ensure_second_factor
from identity.usecases.factor_ports import FactorKeys
from identity.usecases.ports import Clock, Records


@dataclass(frozen=True, slots=True, kw_only=True)
class DemoPerson:
    """One person of demo.toml; staff have roles."""

    id: UUID
    username: str
    display_name: str
    email: str
    language: str
    password_hash: str
    roles: frozenset[str]
    profile: Profile


async def load_demo_person(person: DemoPerson, *, records: Records, sealer: FactorKeys, clock: Clock) -> bytes | None:
    """Adds the account if it is not there; gives the TOTP secret of staff, the same at every load."""
    account = Account(
        id=person.id,
        username=person.username,
        email=person.email,
        display_name=person.display_name,
        language=person.language,
        state=AccountState.ACTIVE,
        created_at=clock(),
        password_hash=person.password_hash,
        roles=person.roles,
        **asdict(person.profile),
    )
    if await records.accounts.add(account):
        await records.announcements.account_registered(account.id, invited=False)
        await records.announcements.account_confirmed(account.id)
    return await ensure_second_factor(account, records=records, sealer=sealer) if account.staff else None
