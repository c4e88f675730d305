"""Add a passkey: the device has made a key pair, its public half is kept under a name."""

from dataclasses import dataclass

from chassis.errors import DomainError, ErrorKind
from identity.domain.account import Account
from identity.domain.passkey import Passkey, passkey_name_problem
from identity.domain.security_change import SecurityChange
from identity.usecases.enrol_app import Enrolled, begin_with_factor
from identity.usecases.factor_ports import FactorKeys
from identity.usecases.log_in import Visitor
from identity.usecases.passkey_ceremony import passkey_refused
from identity.usecases.passkey_ports import NewCredential
from identity.usecases.ports import Records
from identity.usecases.start_session import SessionRules
from identity.usecases.tell_change import tell_change


@dataclass(frozen=True, slots=True)
class NamedCredential:
    """A verified key pair and what its owner calls it."""

    made: NewCredential | None
    name: str


async def add_passkey(
    account: Account,
    new: NamedCredential,
    visitor: Visitor,
    *,
    at_login: bool,
    records: Records,
    rules: SessionRules,
    keys: FactorKeys,
) -> Enrolled:
    """The session that begins with it, and recovery codes with the first factor.

    Raises:
        DomainError: INVALID `passkey_refused` when it was not verified or is known, whosever it is.
    """
    passkey = _passkey(account, new, rules)
    if passkey is None or not await records.passkeys.add(passkey):
        raise passkey_refused()
    await tell_change(account.id, SecurityChange.PASSKEY_ADDED, records=records, rules=rules)
    return await begin_with_factor(account, visitor, at_login=at_login, records=records, rules=rules, keys=keys)


def check_name(name: str) -> None:
    """Judges the name before the device is asked.

    Raises:
        DomainError: INVALID.
    """
    problem = passkey_name_problem(name)
    if problem:
        raise DomainError(ErrorKind.INVALID, problem, fields={"name": problem})


def _passkey(account: Account, new: NamedCredential, rules: SessionRules) -> Passkey | None:
    if new.made is None:
        return None
    return Passkey(
        id=rules.new_id(),
        account_id=account.id,
        credential_id=new.made.credential_id,
        public_key=new.made.public_key,
        sign_count=new.made.sign_count,
        name=new.name.strip(),
        created_at=rules.clock(),
    )
