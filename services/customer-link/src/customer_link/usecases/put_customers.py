"""Take over what another system says of customer numbers: one or many, in a few statements (STEPS M2, S6, A11).

A number keeps its organisation and its type: whoever holds it acts for that organisation. A reference that nobody has
told of makes a new organisation, and never takes one that only has the same name; the number itself may: the
organisation of a known number gets the reference it lacked.
"""

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import timedelta
from uuid import UUID

from customer_link.domain.customer import Customer, name_key
from customer_link.domain.customer_data import CustomerData
from customer_link.domain.customer_entry import (
    SKEW,
    CustomerEntry,
    KnownNumber,
    KnownOrganisation,
    NamedOrganisation,
    Outcome,
    PutAnswer,
)
from customer_link.domain.customer_number import LONGEST, number_key
from customer_link.usecases.ports import Clock, NewId, Records


@dataclass(frozen=True, slots=True)
class PutRules:
    """How entries are read."""

    types: Collection[str]
    clock: Clock
    new_id: NewId
    refresh_after: timedelta


async def put_customers(
    entries: Sequence[CustomerEntry], *, records: Records, rules: PutRules, dry_run: bool = False
) -> list[PutAnswer]:
    """What became of each; a bad one is refused with what is wrong by field, and the others are done all the same."""
    known = await claim_numbers(entries, records)
    named = {one.organisation for one in entries if one.organisation}
    owners = {one.customer.organisation_id for one in known.values()}
    organisations = _Organisations(await records.book.organisations(named, owners), rules.new_id)
    plan = _Plan(rules, known, organisations)
    answers = [plan.take(entry) for entry in entries]
    return answers if dry_run else await plan.write(answers, records)


async def claim_numbers(entries: Sequence[CustomerEntry], records: Records) -> Mapping[str, KnownNumber]:
    """Those of the numbers that are known, locked.

    Whoever tells of organisations goes first one after another, as imports do: a new number needs one, and another name
    changes all numbers of its organisation, which two could hold from each other.
    """
    if any(one.organisation for one in entries):
        await records.imports.begin()
    return await records.book.numbers({number_key(one.number) for one in entries})


class _Refused(Exception):  # noqa: N818 - no error of the program
    def __init__(self, field_name: str, problem: str) -> None:
        super().__init__(field_name, problem)
        self.problems = {field_name: problem}


@dataclass(slots=True)
class _Organisations:
    """Those that may be meant, with what the entries so far made of them."""

    found: Sequence[KnownOrganisation]
    new_id: NewId
    by_id: dict[UUID, KnownOrganisation] = field(init=False)
    added: set[UUID] = field(default_factory=set)
    changed: set[UUID] = field(default_factory=set)

    def __post_init__(self) -> None:
        self.by_id = {one.id: one for one in self.found}

    def meant(self, named: NamedOrganisation) -> KnownOrganisation | None:
        """The one that is meant, if it is known."""
        if named.id:
            if named.id not in self.by_id:
                raise _Refused("organisation", "organisation_unknown")
            return self.by_id[named.id]
        if named.reference:
            return next((one for one in self.by_id.values() if one.reference == named.reference), None)
        called = [one for one in self.by_id.values() if name_key(one.name) == name_key(named.name)]
        if len(called) > 1:
            raise _Refused("organisation", "organisation_ambiguous")
        return called[0] if called else None

    def owner_of_new(self, named: NamedOrganisation) -> KnownOrganisation | None:
        """Of a number that is new: known, or None for one to be made."""
        found = self.meant(named)
        if found is None and not named.name:
            raise _Refused("organisation/name", "name_missing")
        return found

    def owner_of_known(self, named: NamedOrganisation, owner: KnownOrganisation) -> KnownOrganisation:
        """The organisation that has the number, or a refusal when another one is meant."""
        # The number says whose it is, where a name is not one organisation's alone.
        if not named.id and not named.reference and name_key(named.name) == name_key(owner.name):
            return owner
        found = self.meant(named)
        adopts = found is None and bool(named.reference) and not owner.reference
        if not adopts and (found is None or found.id != owner.id):
            raise _Refused("organisation", "number_of_another")
        return owner

    def told(self, owner: KnownOrganisation, named: NamedOrganisation) -> KnownOrganisation:
        """The organisation as it is to be: a name alone only finds it, beside an id or a reference it renames."""
        identified = bool(named.id or named.reference)
        reference = named.reference or owner.reference
        others = (one for one in self.by_id.values() if one.id != owner.id)
        if named.reference and any(one.reference == named.reference for one in others):
            raise _Refused("organisation/reference", "reference_of_another")
        return replace(owner, name=named.name or owner.name if identified else owner.name, reference=reference)

    def add(self, named: NamedOrganisation) -> KnownOrganisation:
        """A new one."""
        made = KnownOrganisation(self.new_id(), named.name, named.reference)
        self.by_id[made.id] = made
        self.added.add(made.id)
        return made

    def change(self, wanted: KnownOrganisation) -> bool:
        """Whether it was another before."""
        if self.by_id[wanted.id] == wanted:
            return False
        self.by_id[wanted.id] = wanted
        self.changed.add(wanted.id)
        return True


@dataclass(slots=True)
class _Plan:
    """What is to be written."""

    rules: PutRules
    known: Mapping[str, KnownNumber]
    organisations: _Organisations
    met: set[str] = field(default_factory=set)
    customers: list[Customer] = field(default_factory=list)
    data: dict[UUID, CustomerData] = field(default_factory=dict)

    def take(self, entry: CustomerEntry) -> PutAnswer:
        """Plans one entry."""
        key = number_key(entry.number)
        there = self.known.get(key)
        problems = dict(self._problems(entry, key, there))
        self.met.add(key)
        if problems:
            return PutAnswer(Outcome.REFUSED, problems=problems)
        try:
            return self._change(entry, there) if there else self._create(entry)
        except _Refused as refused:
            return PutAnswer(Outcome.REFUSED, problems=refused.problems)

    def _problems(self, entry: CustomerEntry, key: str, there: KnownNumber | None) -> Iterator[tuple[str, str]]:
        if not key or len(entry.number) > LONGEST or not entry.number.isprintable():
            yield "number", "number_invalid"
        elif key in self.met:
            yield "number", "number_twice"
        if entry.data and entry.data.as_of > self.rules.clock() + SKEW:
            yield "data/as_of_time", "data_from_the_future"
        if there and entry.type and entry.type != there.customer.type:
            yield "type", "type_differs"
        if there is None and key not in self.met:
            yield from self._missing(entry)

    def _missing(self, entry: CustomerEntry) -> Iterator[tuple[str, str]]:
        if entry.type not in self.rules.types:
            yield "type", "type_unknown" if entry.type else "type_missing"
        if entry.organisation is None:
            yield "organisation", "organisation_missing"

    def _create(self, entry: CustomerEntry) -> PutAnswer:
        named = entry.organisation or NamedOrganisation()
        owner = self.organisations.owner_of_new(named)
        if owner is None:
            owner = self.organisations.add(named)
        else:
            self.organisations.change(self.organisations.told(owner, named))
        customer = Customer(self.rules.new_id(), entry.number, entry.type, owner.id)
        self.customers.append(customer)
        if entry.data:
            self.data[customer.id] = entry.data
        return PutAnswer(Outcome.CREATED, customer.id)

    def _change(self, entry: CustomerEntry, there: KnownNumber) -> PutAnswer:
        changed, customer = False, there.customer
        if entry.organisation:
            owner = self.organisations.by_id[customer.organisation_id]
            owner = self.organisations.owner_of_known(entry.organisation, owner)
            changed = self.organisations.change(self.organisations.told(owner, entry.organisation))
        if entry.data:
            self.data[customer.id] = entry.data
            changed = changed or there.as_of is None or there.as_of < entry.data.as_of
        return PutAnswer(Outcome.CHANGED if changed else Outcome.UNCHANGED, customer.id)

    async def write(self, answers: list[PutAnswer], records: Records) -> list[PutAnswer]:
        """Does it, in a statement for each kind of thing; the answers as before."""
        now, by_id = self.rules.clock(), self.organisations.by_id
        await records.book.add_organisations([by_id[one] for one in sorted(self.organisations.added)])
        changed = self.organisations.changed - self.organisations.added
        await records.book.change_organisations([by_id[one] for one in sorted(changed)])
        await records.imports.add([], self.customers)
        if self.data:
            newer = await records.book.put_data(self.data, now)
            await records.book.refresh(self.data.keys(), now + self.rules.refresh_after)
            await records.announcements.customers_changed(newer)
        return answers
