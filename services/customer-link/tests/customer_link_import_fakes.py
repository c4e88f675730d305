"""What imports ask, change and keep, in memory; the contract suites hold them to the real ones."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import TYPE_CHECKING, Any
from uuid import UUID

from customer_link.domain.contact import Contact, email_key
from customer_link.domain.customer import Customer, Organisation
from customer_link.domain.customer_data import CustomerData
from customer_link.domain.customer_import import CustomerImportFile, ImportPhase
from customer_link.domain.customer_number import number_key
from customer_link.usecases.import_lines import BadLine, FileLine

if TYPE_CHECKING:
    from customer_link_fakes import FakeContacts, FakeCustomers, FakeMembers


@dataclass
class FakeCustomerImports:
    stock: "FakeCustomers"
    contacted: "FakeContacts"
    members: "FakeMembers"

    async def begin(self) -> None:
        """Nobody else imports here."""

    async def organisations(self, name_keys: Collection[str]) -> dict[str, list[UUID]]:
        owners = self.stock.owners.values()
        return {
            key: found
            for key in name_keys
            if (found := [one.id for one in owners if one.name.strip().casefold() == key])
        }

    async def customers(self, number_keys: Collection[str]) -> dict[str, Customer]:
        known = {number_key(one.number): one for one in self.stock.known.values()}
        return {key: one for key, one in known.items() if key in number_keys}

    async def contacts(self, email_keys: Collection[str]) -> dict[tuple[UUID, str], UUID]:
        active = [one for one in self.contacted.named.values() if one.active and email_key(one.email) in email_keys]
        return {(one.organisation_id, email_key(one.email)): one.id for one in active}

    async def hold_still(self, customer_ids: Collection[UUID]) -> None:
        """Nobody else is here."""

    async def data(self, customer_ids: Collection[UUID]) -> dict[UUID, CustomerData]:
        return {one: data for one, data in self.stock.data.items() if one in customer_ids}

    async def add(self, organisations: Sequence[Organisation], customers: Sequence[Customer]) -> None:
        for organisation in organisations:
            await self.stock.add_organisation(organisation)
        for customer in customers:
            await self.stock.add(customer)

    async def name(self, contacts: Sequence[Contact]) -> set[UUID]:
        return {one.id for one in contacts if await self.contacted.add(one)}

    async def unname(self, contact_ids: Collection[UUID], at: datetime) -> list[Contact]:
        gone = [one for one in contact_ids if await self.contacted.remove(one, at)]
        left = [self.contacted.named[one] for one in gone]
        for one in left:
            if one.account_id:
                await self.members.unname(one.organisation_id, one.account_id)
        return left

    async def put_data(self, data: Mapping[UUID, CustomerData], *, at: datetime, refresh_at: datetime) -> set[UUID]:
        held = self.stock.data
        changed = {
            one
            for one, new in data.items()
            if one in self.stock.known and (one not in held or held[one].as_of <= new.as_of)
        }
        for one in changed:
            held[one] = data[one]
            holders = [link for link in self.stock.links.held if link.customer_id == one]
            await self.stock.note_rest(one, again_at=refresh_at if holders else None)
        return changed


@dataclass
class FakeImportAnnouncements:
    """What was said, as (what, id), in order."""

    said: list[tuple[str, UUID]] = field(default_factory=list)

    async def contacts_named(self, contacts: Sequence[Contact]) -> None:
        self.said += [("contact_named", one.id) for one in contacts] + [("account_wanted", one.id) for one in contacts]

    async def contacts_removed(self, contacts: Sequence[Contact]) -> None:
        self.said += [("membership_changed", one.account_id) for one in contacts if one.account_id]
        self.said += [("contact_removed", one.id) for one in contacts]

    async def import_wanted(self, import_id: UUID) -> None:
        self.said.append(("import_wanted", import_id))


@dataclass
class _Part:
    lines: list[FileLine]
    bad: list[BadLine] = field(default_factory=list)


@dataclass
class FakeImportFiles:
    files: dict[UUID, CustomerImportFile] = field(default_factory=dict)
    parts: dict[UUID, dict[int, _Part]] = field(default_factory=dict)

    async def add(self, file: CustomerImportFile) -> None:
        self.files[file.id], self.parts[file.id] = file, {}

    async def add_lines(self, import_id: UUID, position: int, lines: Sequence[FileLine]) -> None:
        self.parts[import_id][position] = _Part(list(lines))

    async def count(self, import_id: UUID, lines: int) -> None:
        self._change(import_id, lines=lines)

    async def get(self, import_id: UUID) -> CustomerImportFile | None:
        file = self.files.get(import_id)
        return replace(file, has_lines=bool(self.parts[import_id])) if file else None

    async def lock(self, import_id: UUID) -> CustomerImportFile | None:
        return await self.get(import_id)

    async def recent(self, limit: int) -> list[CustomerImportFile]:
        found = [one for each in self.files if (one := await self.get(each))]
        return sorted(found, key=lambda one: one.created_at, reverse=True)[:limit]

    async def lines(self, import_id: UUID, position: int) -> tuple[list[FileLine], list[BadLine]]:
        part = self.parts.get(import_id, {}).get(position, _Part([]))
        return list(part.lines), list(part.bad)

    async def first_bad(self, import_id: UUID, limit: int) -> list[BadLine]:
        parts = sorted(self.parts.get(import_id, {}).items())
        return [bad for _, part in parts for bad in part.bad][:limit]

    async def bad_lines(self, import_id: UUID, after: int) -> tuple[int, list[FileLine], list[BadLine]] | None:
        later = sorted(place for place, part in self.parts.get(import_id, {}).items() if place > after and part.bad)
        return (later[0], *await self.lines(import_id, later[0])) if later else None

    async def note(self, import_id: UUID, position: int, bad: Sequence[BadLine]) -> None:
        self.parts[import_id][position].bad = list(bad)

    async def keep_only_bad(self, import_id: UUID, position: int, bad: Sequence[BadLine]) -> None:
        numbers = {one.line for one in bad}
        left = [one for one in self.parts[import_id].pop(position).lines if one.line in numbers]
        if left:
            self.parts[import_id][position] = _Part(left, list(bad))

    async def progress(self, import_id: UUID, done: int, counts: Mapping[str, int]) -> None:
        self._change(import_id, done=done, counts=dict(counts))

    async def begin_import(self, import_id: UUID, by: UUID) -> bool:
        file = self.files.get(import_id)
        if file is None or file.phase is not ImportPhase.CHECKED:
            return False
        counts = {"refused": file.counts.get("refused", 0)}
        self._change(import_id, phase=ImportPhase.IMPORTING, done=0, counts=counts, imported_by=by)
        return True

    async def finish(self, import_id: UUID, phase: ImportPhase, at: datetime) -> bool:
        before_import = {ImportPhase.CHECKING, ImportPhase.CHECKED}
        if phase is ImportPhase.DROPPED and self.files[import_id].phase not in before_import:
            return False
        if phase is ImportPhase.DROPPED:
            self.parts[import_id] = {}
        self._change(import_id, phase=phase, finished_at=at)
        return True

    async def erase_lines(self, before: datetime) -> int:
        old = [one for one in self.files.values() if one.created_at < before and self.parts[one.id]]
        for one in old:
            self.parts[one.id] = {}
            if one.phase is not ImportPhase.DONE:
                self._change(one.id, phase=ImportPhase.DROPPED)
        return len(old)

    async def forget(self, before: datetime) -> int:
        old = [one.id for one in self.files.values() if one.created_at < before]
        for one in old:
            del self.files[one], self.parts[one]
        return len(old)

    def _change(self, import_id: UUID, **values: Any) -> None:
        self.files[import_id] = replace(self.files[import_id], **values)
