"""`python -m identity admin …`: what operations do by hand. Each command gives what is to be printed."""

import csv
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from chassis.database import Database
from chassis.errors import DomainError, ErrorKind
from identity.domain.one_time_code import otpauth_uri, secret_text
from identity.domain.profile import Profile
from identity.usecases.add_staff import NewStaff, add_staff
from identity.usecases.factor_ports import FactorKeys
from identity.usecases.import_account import OldAccount, import_account
from identity.usecases.load_demo import DemoPerson, load_demo_person
from identity.usecases.ports import Clock, NewId, Passwords, ReadMail, RecordsOn
from ui.brand import Brand, demo_id

_ARGON2ID = "$argon2id$"


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

    async def load_demo(self) -> dict[str, Any]:
        """Accounts of the pack's demo.toml; the answer is this service's part of demo.json."""
        demo = self.brand.demo()
        staff = [await self._load_person(entry) for entry in demo.get("staff", ())]
        customers = [await self._load_person(entry) for entry in demo.get("account", ())]
        return {"staff": staff, "customers": customers}

    async def add_staff(self, *, username: str, email: str, name: str, roles: Sequence[str]) -> dict[str, Any]:
        """A member of staff; the secret goes into the authenticator app, the password is set by mail.

        Raises:
            DomainError: INVALID for a bad address, CONFLICT when name or address is taken.
        """
        address = self.read_mail(email)
        if address is None:
            raise DomainError(ErrorKind.INVALID, "email_invalid", "This is not a mail address.")
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

    async def import_accounts(self, file: Path) -> dict[str, Any]:
        """Accounts of a CSV file with the columns username, email, display_name, language, password_hash.

        The fields of a profile (`domain/profile.py`) are further columns, as far as they are known. Each good line is
        imported, every bad one is named with its number and a code.
        """
        imported, refused = 0, []
        with file.open(encoding="utf-8-sig", newline="") as source:
            lines = list(csv.DictReader(source))
        for number, line in enumerate(lines, start=2):
            problem = await self._import_line(line)
            imported += problem is None
            if problem:
                refused.append({"line": number, "problem": problem})
        return {"imported": imported, "refused": refused}

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

    async def _import_line(self, line: Mapping[str, str | None]) -> str | None:
        email = self.read_mail(line.get("email") or "")
        if email is None:
            return "email_invalid"
        password_hash = line.get("password_hash") or ""
        if password_hash and not password_hash.startswith(_ARGON2ID):
            return "password_hash_unknown"
        profile = Profile.read(line)
        old = OldAccount(
            username=(line.get("username") or email).strip(),
            email=email,
            display_name=line.get("display_name") or profile.display_name or email,
            profile=profile,
            language=line.get("language") or self.brand.language,
            password_hash=password_hash,
        )
        async with self.database.transaction() as tx:
            return await import_account(old, records=self.records(tx), clock=self.clock, new_id=self.new_id)
