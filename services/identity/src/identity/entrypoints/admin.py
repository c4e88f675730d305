"""`python -m identity admin …`: what operations do by hand. Each command gives what is to be printed."""

from collections.abc import AsyncIterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from chassis.database import Database
from chassis.errors import DomainError, ErrorKind
from identity.domain.normal_form import normal_key, username_problem
from identity.domain.one_time_code import otpauth_uri, secret_text
from identity.domain.profile import Profile
from identity.entrypoints.account_file import csv_lines
from identity.entrypoints.import_run import Importer
from identity.usecases.add_staff import NewStaff, add_staff
from identity.usecases.factor_ports import FactorKeys
from identity.usecases.load_demo import DemoPerson, load_demo_person
from identity.usecases.ports import Clock, NewId, Passwords, ReadMail, RecordsOn
from identity.usecases.remove_lost_factor import reset_factor
from identity.usecases.reopen_account import reopen_account
from ui.brand import Brand, demo_id

_CHUNK = 64 * 1024


@dataclass(frozen=True, slots=True)
class Admin:
    """The commands and what they need."""

    brand: Brand
    database: Database
    records: RecordsOn
    passwords: Passwords
    sealer: FactorKeys
    clock: Clock
    new_id: NewId
    read_mail: ReadMail
    importer: Importer

    async def load_demo(self) -> dict[str, Any]:
        """Accounts of the pack's demo.toml; the answer is this service's part of demo.json."""
        demo = self.brand.demo()
        staff = [await self._load_person(entry) for entry in demo.get("staff", ())]
        customers = [await self._load_person(entry) for entry in demo.get("account", ())]
        return {"staff": staff, "customers": customers}

    async def add_staff(self, *, username: str, email: str, name: str, roles: Sequence[str]) -> dict[str, Any]:
        """A member of staff; the secret goes into the authenticator app, the password is set by mail.

        Raises:
            DomainError: INVALID for a bad address or user name, CONFLICT when one of them is taken.
        """
        address = self.read_mail(email)
        if address is None:
            raise DomainError(ErrorKind.INVALID, "email_invalid", "This is not a mail address.")
        username = _username(username, address)
        person = NewStaff(
            username=username,
            email=address,
            display_name=name,
            language=self.brand.language,
            roles=frozenset(roles),
        )
        async with self.database.transaction() as tx:
            secret = await add_staff(
                person, records=self.records(tx), sealer=self.sealer, clock=self.clock, new_id=self.new_id
            )
        return {"username": username, "otpauth": otpauth_uri(secret, username, self.brand.name)}

    async def reopen_account(self, username: str, reason: str) -> dict[str, Any]:
        """Opens a closed account again, within the two weeks; the person reads the reason.

        Raises:
            DomainError: NOT_FOUND when there is no such closed account, CONFLICT when its address is taken by now.
        """
        async with self.database.transaction() as tx:
            records = self.records(tx)
            account = await records.accounts.find_for_login(username)
            if account is None:
                raise DomainError(ErrorKind.NOT_FOUND, "account_not_closed", "There is no such closed account.")
            await reopen_account(account.id, reason, records=records, clock=self.clock, new_id=self.new_id)
        return {"username": account.username}

    async def reset_factor(self, username: str, reason: str) -> dict[str, Any]:
        """Removes app, passkeys and recovery codes of whoever has lost them; staff set up a new factor at the login.

        Raises:
            DomainError: NOT_FOUND when there is no such account or it has no factor.
        """
        async with self.database.transaction() as tx:
            records = self.records(tx)
            account = await records.accounts.find_for_login(username)
            if account is None:
                raise DomainError(ErrorKind.NOT_FOUND, "account_unknown", "There is no such account.")
            await reset_factor(account.id, reason, records=records, clock=self.clock, new_id=self.new_id)
        return {"username": account.username}

    async def import_accounts(self, file: Path, *, dry_run: bool) -> dict[str, Any]:
        """Accounts of a CSV file; each good line is imported, every bad one is named with its column and a code.

        Raises:
            DomainError: INVALID when the file as a whole is none.
        """
        report = await self.importer.run(csv_lines(_chunks(file)), dry_run=dry_run)
        counts = {name: getattr(report, name) for name in ("active", "invited", "known", "refused")}
        return {"dry_run": dry_run, **counts, "bad_lines": [asdict(bad) for bad in report.bad]}

    async def _load_person(self, entry: Mapping[str, Any]) -> dict[str, Any]:
        person = DemoPerson(
            id=demo_id("account", entry["key"]),
            username=entry["username"],
            display_name=entry["display_name"],
            email=entry["email"],
            language=entry.get("language", self.brand.language),
            password_hash=await self.passwords.hash(entry["password"]),
            roles=frozenset(entry.get("roles", ())),
            profile=Profile.read(entry),
        )
        async with self.database.transaction() as tx:
            secret = await load_demo_person(person, records=self.records(tx), sealer=self.sealer, clock=self.clock)
        shown = {"key": entry["key"], "username": person.username, "password": entry["password"]}
        if secret is None:
            return shown
        return shown | {"totp_secret": secret_text(secret), "roles": sorted(person.roles)}


def _username(typed: str, address: str) -> str:
    """The user name, which is the address itself or holds none."""
    if normal_key(typed) == normal_key(address):
        return address
    problem = username_problem(typed)
    if problem:
        raise DomainError(ErrorKind.INVALID, problem, "This is neither a user name nor the mail address.")
    return typed.strip()


async def _chunks(file: Path) -> AsyncIterator[bytes]:
    with file.open("rb") as source:
        while chunk := source.read(_CHUNK):
            yield chunk
