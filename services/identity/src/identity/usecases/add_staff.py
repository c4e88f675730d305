"""Add a member of staff: an invited account with roles and a second factor; the first password comes by mail."""

import os
from dataclasses import dataclass

from chassis.errors import DomainError, ErrorKind
from identity.domain.account import Account, AccountState
from identity.usecases.factor_ports import FactorKeys, SecondFactor
from identity.usecases.ports import Clock, NewId, Records

_SECRET_BYTES = 20


@dataclass(frozen=True, slots=True, kw_only=True)
class NewStaff:
    """Who is to be added."""

    username: str
    email: str
    display_name: str
    language: str
    roles: frozenset[str]


async def add_staff(person: NewStaff, *, records: Records, sealer: FactorKeys, clock: Clock, new_id: NewId) -> bytes:
    """The TOTP secret, to be handed over in person.

    Raises:
        DomainError: CONFLICT `account_exists` when user name or address is taken.
    """
    account = await add_staff_account(person, records=records, clock=clock, new_id=new_id)
    return await ensure_second_factor(account, records=records, sealer=sealer)


async def add_staff_account(person: NewStaff, *, records: Records, clock: Clock, new_id: NewId) -> Account:
    """The invited account, without a second factor.

    Raises:
        DomainError: CONFLICT `account_exists` when user name or address is taken.
    """
    account = Account(
        id=new_id(),
        username=person.username,
        email=person.email,
        display_name=person.display_name,
        language=person.language,
        state=AccountState.INVITED,
        created_at=clock(),
        roles=person.roles,
    )
    if not await records.accounts.add(account):
        raise DomainError(ErrorKind.CONFLICT, "account_exists", "User name or mail address is taken.")
    await records.announcements.account_registered(account.id, invited=True)
    return account


async def ensure_second_factor(account: Account, *, records: Records, sealer: FactorKeys) -> bytes:
    """The TOTP secret of the account, made if there is none yet.

    Raises:
        DomainError: INTERNAL `second_factor_sealed` when its key is not among ours.
    """
    if await records.second_factors.get(account.id) is None:
        sealed = sealer.seal(os.urandom(_SECRET_BYTES), account.id.bytes)
        await records.second_factors.add(SecondFactor(account.id, sealer.current, sealed, last_step=0))
    factor = await records.second_factors.get(account.id)
    secret = sealer.unseal(factor.key_id, factor.sealed, account.id.bytes) if factor else None
    if secret is None:
        raise DomainError(ErrorKind.INTERNAL, "second_factor_sealed", "The key of this second factor is missing.")
    return secret
