"""The stores of customer-link in memory; the contract suite holds them to the real ones."""

import itertools
from collections import defaultdict
from collections.abc import Callable, Collection, Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any
from uuid import UUID

from chassis.errors import DomainError, ErrorKind
from customer_link.domain.code_batch import CodeBatch, FaultyLine, LineFault, NewBatch
from customer_link.domain.code_listing import FIGURES_OF, CodeEntry, CodeFigures, CodePage, CodeQuery, CodeTrail
from customer_link.domain.code_order import ORDER_AGAIN_AFTER, CodeOrder, OpenOrder
from customer_link.domain.code_state import OPEN, WITHDRAWABLE, ActivationCode, CodeState, Handover, Reason
from customer_link.domain.contact import Contact, email_key
from customer_link.domain.customer import Customer, HeldNumber, Link, LinkedCustomer, Membership, Organisation
from customer_link.domain.customer_data import CustomerData
from customer_link.domain.customer_number import number_key
from customer_link.domain.guesses import DAY, HOUR, GuessAlert, Guessed, Guesses
from customer_link.domain.invitation import Invitation
from customer_link.domain.link_request import LIFE, Act, LinkRequest, Step, allowed
from customer_link.domain.member import Holding, Member
from customer_link.domain.request_listing import HistoryStep, RequestEntry, RequestPage, RequestQuery, Shown
from customer_link.usecases.code_ports import SealedCode
from customer_link.usecases.ports import KeptCode, Records, WaitingCustomer
from customer_link_book_fakes import FakeCustomerBook
from customer_link_directory_fakes import FakeCustomerDirectory
from customer_link_document_fakes import FakeInvoiceDocuments, FakeRequestDocuments
from customer_link_import_fakes import FakeCustomerImports, FakeImportAnnouncements, FakeImportFiles
from customer_link_member_fakes import FakeInvitations


@dataclass
class _Asking:
    asks: int = 0
    asked_at: datetime | None = None
    next_ask_at: datetime | None = None


@dataclass
class FakeLinks:
    held: list[Link] = field(default_factory=list)
    ended: list[tuple[Link, datetime]] = field(default_factory=list)
    show: Callable[[Link], LinkedCustomer] = field(init=False)

    async def active_of(self, account_id: UUID, customer_id: UUID) -> list[Link]:
        return [one for one in self.held if one.account_id == account_id or one.customer_id == customer_id]

    async def add(self, link: Link) -> bool:
        for one in self.held:
            same_number, same_account = one.customer_id == link.customer_id, one.account_id == link.account_id
            type_taken = same_account and (one.type, one.type_slot) == (link.type, link.type_slot)
            if (same_number and (same_account or one.holder_slot == link.holder_slot)) or type_taken:
                return False
        self.held.append(link)
        return True

    async def end(self, account_id: UUID, customer_id: UUID, at: datetime) -> Link | None:
        for one in self.held:
            if (one.account_id, one.customer_id) == (account_id, customer_id):
                self.held.remove(one)
                self.ended.append((one, at))
                return one
        return None

    async def holds(self, link_id: UUID) -> Customer | None:
        return next((self.show(one).customer for one in self.held if one.id == link_id), None)

    async def linked(self, account_id: UUID) -> list[LinkedCustomer]:
        mine = [self.show(one) for one in self.held if one.account_id == account_id]
        return sorted(mine, key=lambda one: (one.linked_at, one.customer.number))

    async def linked_one(self, account_id: UUID, customer_id: UUID) -> LinkedCustomer | None:
        return next((one for one in await self.linked(account_id) if one.customer.id == customer_id), None)

    async def ever_held(self, account_id: UUID, limit: int) -> list[HeldNumber]:
        links = [(one, None) for one in self.held] + self.ended
        found = [
            HeldNumber(self.show(one).customer, one.created_at, ended)
            for one, ended in links
            if one.account_id == account_id
        ]
        return sorted(found, key=lambda one: (-one.linked_at.timestamp(), one.customer.number))[:limit]

    async def holders(self, number_key: str) -> list[UUID]:
        return [one.account_id for one in self.held if _key(self.show(one).customer) == number_key]


@dataclass
class FakeCustomers:
    links: FakeLinks
    known: dict[UUID, Customer] = field(default_factory=dict)
    owners: dict[UUID, Organisation] = field(default_factory=dict)
    data: dict[UUID, CustomerData] = field(default_factory=dict)
    asking: dict[UUID, _Asking] = field(default_factory=dict)

    def show(self, link: Link) -> LinkedCustomer:
        since = self.asking[link.customer_id].asked_at
        asked_at = max(since, link.created_at) if since else link.created_at
        return LinkedCustomer(self.known[link.customer_id], link.created_at, asked_at, self.data.get(link.customer_id))

    async def add_organisation(self, organisation: Organisation) -> bool:
        new = organisation.id not in self.owners
        self.owners.setdefault(organisation.id, organisation)
        return new

    async def organisations(self, ids: Collection[UUID]) -> list[Organisation]:
        return [one for one in self.owners.values() if one.id in ids]

    async def organisations_named(self, name: str) -> list[Organisation]:
        wanted = name.strip().casefold()
        return [one for one in self.owners.values() if one.name.casefold() == wanted]

    async def add(self, customer: Customer) -> bool:
        numbers = {number_key(one.number) for one in self.known.values()}
        if customer.id in self.known or number_key(customer.number) in numbers:
            return False
        self.known[customer.id], self.asking[customer.id] = customer, _Asking()
        return True

    async def get(self, customer_id: UUID) -> Customer | None:
        return self.known.get(customer_id)

    async def numbered(self, number_key: str) -> Customer | None:
        return next((one for one in self.known.values() if _key(one) == number_key), None)

    async def has_data(self, customer_id: UUID) -> bool:
        return customer_id in self.data

    async def put_data(self, customer_id: UUID, data: CustomerData, received_at: datetime) -> bool:
        present = self.data.get(customer_id)
        if present is not None and present.as_of >= data.as_of:
            return False
        self.data[customer_id] = data
        return True

    async def note_ask(self, customer_id: UUID, *, at: datetime, again_at: datetime, asks: int) -> None:
        before = self.asking[customer_id]
        first = at if before.asks == 0 else before.asked_at
        self.asking[customer_id] = _Asking(asks, first, again_at)

    async def note_rest(self, customer_id: UUID, *, again_at: datetime | None) -> None:
        self.asking[customer_id] = _Asking(next_ask_at=again_at)

    async def due(self, now: datetime, limit: int) -> list[WaitingCustomer]:
        held = {one.customer_id for one in self.links.held}
        due = [
            (asking.next_ask_at, WaitingCustomer(id_, asking.asks, id_ in held))
            for id_, asking in self.asking.items()
            if asking.next_ask_at and asking.next_ask_at <= now
        ]
        return [waiting for _, waiting in sorted(due, key=lambda one: one[0])][:limit]


@dataclass
class FakeCodes:
    customers: FakeCustomers
    kept: dict[UUID, tuple[ActivationCode, KeptCode]] = field(default_factory=dict)
    opened: set[UUID] = field(default_factory=set)
    trails: dict[UUID, CodeTrail] = field(default_factory=lambda: defaultdict(CodeTrail))

    async def match(self, macs: Sequence[bytes], number_key: str) -> tuple[ActivationCode, Customer] | None:
        for code, kept in self.kept.values():
            customer = self.customers.known[code.customer_id]
            if kept.mac in macs and _key(customer) == number_key:
                return code, customer
        return None

    async def add(self, code: ActivationCode, kept: KeptCode) -> bool:
        new = code.id not in self.kept
        self.kept.setdefault(code.id, (code, kept))
        return new

    async def supersede(self, customer_id: UUID, at: datetime) -> None:
        for code, _ in list(self.kept.values()):
            if code.customer_id == customer_id and code.state in OPEN:
                self.put(replace(code, state=CodeState.SUPERSEDED, superseded_at=at))

    async def use(self, code: ActivationCode, account_id: UUID, at: datetime) -> None:
        self.put(replace(code, state=CodeState.USED, used_at=at))
        for other, _ in list(self.kept.values()):
            if other.customer_id == code.customer_id and other.state is CodeState.SUPERSEDED:
                self.put(replace(other, state=CodeState.WITHDRAWN))
                self.note(other.id, withdrawn_at=at, reason=Reason.REPLACED)

    async def sealed(self, code_id: UUID) -> tuple[ActivationCode, KeptCode] | None:
        return None if code_id in self.opened else self.kept.get(code_id)

    async def erase_sealed(self, issued_before: datetime, now: datetime) -> int:
        old = {
            code.id for code, _ in self.kept.values() if code.issued_at <= issued_before or code.valid_until <= now
        } - self.opened
        self.opened |= old
        return len(old)

    def note(self, code_id: UUID, **changes: Any) -> None:
        self.trails[code_id] = replace(self.trails[code_id], **changes)

    def put(self, code: ActivationCode) -> None:
        self.kept[code.id] = (code, self.kept[code.id][1])
        self.opened.add(code.id)


@dataclass
class FakeCodeRegister:
    codes: FakeCodes
    customers: FakeCustomers
    failures: "FakeFailures"

    async def page(self, query: CodeQuery, now: datetime) -> CodePage:
        def place(entry: CodeEntry) -> tuple[datetime, UUID]:
            stands = entry.place(query.standing)
            return stands.at, stands.id

        found = [self._entry(code) for code, _ in self.codes.kept.values()]
        fitting = [
            one
            for one in sorted(found, key=place, reverse=True)
            if (query.standing is None or one.code.standing(now) is query.standing)
            and _key(one.customer).startswith(query.number_key)
            and (query.below is None or place(one) < (query.below.at, query.below.id))
        ]
        shown = tuple(fitting[: query.size])
        return CodePage(shown, shown[-1].place(query.standing) if len(fitting) > query.size else None)

    async def get(self, code_id: UUID) -> CodeEntry | None:
        return self._entry(self.codes.kept[code_id][0]) if code_id in self.codes.kept else None

    async def figures(self, now: datetime) -> CodeFigures:
        codes, since = [code for code, _ in self.codes.kept.values()], now - FIGURES_OF
        return CodeFigures(
            issued=sum(code.issued_at > since for code in codes),
            used=sum(code.used_at is not None and code.used_at > since for code in codes),
            expired=sum(code.state in OPEN and since < code.valid_until <= now for code in codes),
            failures=sum(at > now - DAY for *_, at in self.failures.tries),
        )

    async def sealed(self, code_ids: Sequence[UUID]) -> list[SealedCode]:
        kept = [self.codes.kept[one] for one in code_ids if one in self.codes.kept and one not in self.codes.opened]
        return sorted(map(self._sealed, *zip(*kept, strict=True)) if kept else [], key=lambda one: _key(one.customer))

    async def mark_printed(self, code_ids: Sequence[UUID], at: datetime) -> int:
        return sum([self._print(code_id, at) for code_id in code_ids])

    async def hand_over(self, code_ids: Sequence[UUID], how: Handover, by: UUID, at: datetime) -> int:
        return sum([self._hand_over(code_id, how, at) for code_id in code_ids])

    async def withdraw(self, code_id: UUID, reason: Reason, by: UUID, at: datetime) -> ActivationCode | None:
        code = self.codes.kept[code_id][0] if code_id in self.codes.kept else None
        if code is None or code.state not in WITHDRAWABLE:
            return None
        ended = replace(code, state=CodeState.WITHDRAWN)
        self.codes.put(ended)
        self.codes.note(code_id, withdrawn_at=at, reason=reason)
        return ended

    def _print(self, code_id: UUID, at: datetime) -> bool:
        code, kept = self.codes.kept[code_id]
        if code.state is not CodeState.ISSUED:
            return False
        self.codes.kept[code_id] = (replace(code, state=CodeState.PRINTED), kept)
        self.codes.note(code_id, printed_at=at)
        return True

    def _hand_over(self, code_id: UUID, how: Handover, at: datetime) -> bool:
        if self.codes.kept[code_id][0].state not in OPEN or self.codes.trails[code_id].handed_over_at:
            return False
        self.codes.opened.add(code_id)
        self.codes.note(code_id, handed_over_at=at, handover=how)
        return True

    def _entry(self, code: ActivationCode) -> CodeEntry:
        customer = self.customers.known[code.customer_id]
        trail = replace(self.codes.trails[code.id], sealed=code.id not in self.codes.opened)
        return CodeEntry(code, customer, self.customers.owners[customer.organisation_id].name, trail)

    def _sealed(self, code: ActivationCode, kept: KeptCode) -> SealedCode:
        entry, data = self._entry(code), self.customers.data.get(code.customer_id)
        name, lines = (data.name, tuple(data.address_lines)) if data else ("", ())
        return SealedCode(code, entry.customer, entry.organisation, name, lines, kept)


def _key(customer: Customer) -> str:
    return number_key(customer.number)


@dataclass
class FakeContacts:
    named: dict[UUID, Contact] = field(default_factory=dict)

    async def add(self, contact: Contact) -> bool:
        if contact.id in self.named or await self.find(contact.organisation_id, contact.email):
            return False
        self.named[contact.id] = contact
        return True

    async def get(self, contact_id: UUID) -> Contact | None:
        return self.named.get(contact_id)

    async def find(self, organisation_id: UUID, email: str) -> Contact | None:
        wanted = (organisation_id, email_key(email))
        active = (one for one in self.named.values() if one.active)
        return next((one for one in active if (one.organisation_id, email_key(one.email)) == wanted), None)

    async def without_account(self, limit: int) -> list[Contact]:
        bare = [one for one in self.named.values() if one.active and one.account_id is None]
        return sorted(bare, key=lambda one: one.id)[:limit]

    async def give_account(self, contact_id: UUID, account_id: UUID) -> bool:
        contact = self.named[contact_id]
        if not contact.active or contact.account_id == account_id:
            return False
        self.named[contact_id] = replace(contact, account_id=account_id)
        return True

    async def remove(self, contact_id: UUID, at: datetime) -> bool:
        contact = self.named[contact_id]
        self.named[contact_id] = replace(contact, active=False)
        return contact.active

    async def of_account(self, account_id: UUID) -> list[Contact]:
        return [one for one in self.named.values() if one.active and one.account_id == account_id]


@dataclass
class FakeMemberships:
    customers: FakeCustomers
    links: FakeLinks
    contacts: FakeContacts
    invitations: FakeInvitations

    async def of(self, account_id: UUID) -> Membership:
        mine = [self.customers.known[one.customer_id] for one in self.links.held if one.account_id == account_id]
        ids = {one.organisation_id for one in mine}
        ids |= {one.organisation_id for one in await self.contacts.of_account(account_id)}
        ids |= {one.organisation_id for one in self.invitations.accepted() if one.account_id == account_id}
        organisations = sorted(await self.customers.organisations(ids), key=lambda one: one.name)
        return Membership(tuple(organisations), tuple(sorted(mine, key=lambda one: one.number)))

    async def members(self, organisation_id: UUID) -> list[UUID]:
        accounts = {one.account_id for one in self.links.held} | {
            one.account_id for one in self.contacts.named.values() if one.active and one.account_id
        }
        accounts |= {one.account_id for one in self.invitations.accepted() if one.account_id}
        belong = [one for one in accounts if any(o.id == organisation_id for o in (await self.of(one)).organisations)]
        return sorted(belong)


@dataclass
class FakeMembers:
    customers: FakeCustomers
    links: FakeLinks
    contacts: FakeContacts
    invitations: FakeInvitations
    administrators: set[tuple[UUID, UUID]] = field(default_factory=set)

    async def of(self, organisation_id: UUID) -> list[Member]:
        holdings: dict[UUID, list[Holding]] = defaultdict(list)
        for link in sorted(
            self.links.held, key=lambda one: (one.created_at, _key(self.customers.known[one.customer_id]))
        ):
            customer = self.customers.known[link.customer_id]
            if customer.organisation_id == organisation_id:
                holdings[link.account_id].append(Holding(customer.id, customer.number, link.created_at))
        contacts = {
            one.account_id
            for one in self.contacts.named.values()
            if one.active and one.account_id and one.organisation_id == organisation_id
        }
        accepted = [one for one in self.invitations.accepted() if one.organisation_id == organisation_id]
        invited = {one.account_id: one for one in accepted if one.account_id}
        return [
            Member(
                one,
                tuple(holdings.get(one, ())),
                one in contacts,
                invited.get(one),
                (organisation_id, one) in self.administrators,
            )
            for one in sorted(holdings.keys() | contacts | invited.keys(), key=lambda one: (one not in holdings, one))
        ]

    async def hold_still(self, organisation_id: UUID) -> None:
        """Nobody else is here."""

    async def name(self, organisation_id: UUID, account_id: UUID, by: UUID, at: datetime) -> None:
        self.administrators.add((organisation_id, account_id))

    async def unname(self, organisation_id: UUID, account_id: UUID) -> None:
        self.administrators.discard((organisation_id, account_id))


@dataclass
class FakeFailures:
    tries: list[tuple[UUID, str, str, datetime]] = field(default_factory=list)
    told: dict[int, GuessAlert] = field(default_factory=dict)
    numbers: Iterator[int] = field(default_factory=lambda: itertools.count(1))

    async def count(self, account_id: UUID, source: str, number_key: str, now: datetime) -> Guesses:
        mine = [at for who, _, _, at in self.tries if who == account_id and at > now - DAY]
        here = [at for _, where, _, at in self.tries if where == source and at > now - HOUR]
        of_number = [at for _, _, number, at in self.tries if number == number_key and at > now - DAY]
        return Guesses(len(mine), min(mine, default=None), len(here), min(here, default=None), len(of_number))

    async def add(self, account_id: UUID, source: str, number_key: str, at: datetime) -> None:
        self.tries.append((account_id, source, number_key, at))

    async def alert(self, kind: Guessed, subject: str, failures: int, at: datetime) -> bool:
        for number, one in self.told.items():
            if (one.kind, one.subject) == (kind, subject):
                self.told[number] = replace(one, failures=failures, last_at=at)
                return False
        number = next(self.numbers)
        self.told[number] = GuessAlert(number, kind, subject, failures, at, at)
        return True

    async def alerts(self) -> list[GuessAlert]:
        return sorted(self.told.values(), key=lambda one: one.last_at, reverse=True)

    async def see(self, alert_id: int, by: UUID, at: datetime) -> None:
        self.told.pop(alert_id, None)

    async def forget(self, before: datetime) -> int:
        left = [one for one in self.tries if one[3] >= before]
        gone = len(self.tries) - len(left)
        self.tries = left
        return gone


@dataclass
class _Line:
    number: str
    customer_id: UUID | None
    code_id: UUID | None = None
    fault: LineFault | None = None


@dataclass
class FakeBatches:
    customers: FakeCustomers
    links: FakeLinks
    kept: FakeCodes
    made: dict[UUID, CodeBatch] = field(default_factory=dict)
    lines: dict[UUID, list[_Line]] = field(default_factory=dict)

    async def add(self, batch: NewBatch, numbers: Sequence[str]) -> None:
        seen: set[str] = set()
        lines = []
        for number in numbers:
            customer = await self.customers.numbered(number_key(number))
            fault = None if customer else LineFault.UNKNOWN
            fault = LineFault.TWICE if number_key(number) in seen else fault
            seen.add(number_key(number))
            lines.append(_Line(number, customer.id if customer and not fault else None, fault=fault))
        self._add(batch, lines)

    async def add_type(self, batch: NewBatch, type_id: str, now: datetime) -> None:
        taken = {one.customer_id for one in self.links.held}
        codes = [code for code, _ in self.kept.kept.values()]
        taken |= {code.customer_id for code in codes if code.state in OPEN and code.valid_until > now}
        free = [one for one in self.customers.known.values() if one.type == type_id and one.id not in taken]
        self._add(batch, [_Line(one.number, one.id) for one in sorted(free, key=_key)])

    async def get(self, batch_id: UUID) -> CodeBatch | None:
        return self._counted(batch_id) if batch_id in self.made else None

    async def recent(self, limit: int) -> list[CodeBatch]:
        counted = [self._counted(batch_id) for batch_id in self.made]
        return sorted(counted, key=lambda one: one.created_at, reverse=True)[:limit]

    async def faulty(self, batch_id: UUID, limit: int) -> list[FaultyLine]:
        lines = enumerate(self.lines[batch_id], start=1)
        return [FaultyLine(place, one.number, one.fault) for place, one in lines if one.fault][:limit]

    async def waiting(self, batch_id: UUID, limit: int) -> list[tuple[int, UUID]]:
        lines = enumerate(self.lines[batch_id], start=1)
        return [(place, one.customer_id) for place, one in lines if one.customer_id and not one.code_id][:limit]

    async def note_code(self, batch_id: UUID, position: int, code_id: UUID) -> None:
        self.lines[batch_id][position - 1].code_id = code_id

    async def finish(self, batch_id: UUID, at: datetime) -> None:
        if self.made[batch_id].finished_at is None:
            self.made[batch_id] = replace(self.made[batch_id], finished_at=at)

    async def codes(self, batch_id: UUID, after: int, limit: int) -> list[tuple[int, UUID]]:
        lines = enumerate(self.lines[batch_id], start=1)
        return [(place, one.code_id) for place, one in lines if one.code_id and place > after][:limit]

    async def hand_over(self, batch_id: UUID, at: datetime) -> bool:
        batch = self.made[batch_id]
        if batch.finished_at is None or batch.handed_over_at is not None:
            return False
        self.made[batch_id] = replace(batch, handed_over_at=at)
        return True

    def _add(self, new: NewBatch, lines: list[_Line]) -> None:
        self.lines[new.id] = lines
        self.made[new.id] = CodeBatch(
            new.id, new.source, new.created_by, new.created_at, new.valid_until, None, None, 0, 0, 0
        )

    def _counted(self, batch_id: UUID) -> CodeBatch:
        lines = self.lines[batch_id]
        issued, faulty = sum(one.code_id is not None for one in lines), sum(one.fault is not None for one in lines)
        return replace(self.made[batch_id], total=len(lines), issued=issued, faulty=faulty)


@dataclass
class FakeOrders:
    customers: FakeCustomers
    made: dict[UUID, CodeOrder] = field(default_factory=dict)
    states: dict[UUID, str] = field(default_factory=dict)

    async def today(self, account_id: UUID, now: datetime) -> int:
        return sum(one.account_id == account_id and one.ordered_at > now - DAY for one in self.made.values())

    async def add(self, order: CodeOrder) -> CodeOrder:
        recent = [
            one
            for one in self.made.values()
            if one.number_key == order.number_key and one.ordered_at > order.ordered_at - ORDER_AGAIN_AFTER
        ]
        mine = [one for one in recent if one.account_id == order.account_id]
        if mine:
            return max(mine, key=lambda one: one.ordered_at)
        known = await self.customers.numbered(order.number_key)
        sent = any(self.states[one.id] != "void" for one in recent) or self._is_open(order.number_key)
        self.made[order.id], self.states[order.id] = order, "open" if known and not sent else "void"
        return order

    async def mine(self, account_id: UUID, order_id: UUID) -> CodeOrder | None:
        found = self.made.get(order_id)
        return found if found and found.account_id == account_id else None

    async def open(self, limit: int) -> list[OpenOrder]:
        waiting = [one for one in self.made.values() if self.states[one.id] == "open"]
        return [await self._shown(one) for one in sorted(waiting, key=lambda one: one.ordered_at)][:limit]

    async def done(self, customer_ids: Sequence[UUID]) -> None:
        for order in self.made.values():
            customer = await self.customers.numbered(order.number_key)
            if customer and customer.id in customer_ids and self.states[order.id] == "open":
                self.states[order.id] = "done"

    async def forget(self, before: datetime) -> int:
        gone = [one.id for one in self.made.values() if one.ordered_at < before and self.states[one.id] != "open"]
        for order_id in gone:
            del self.made[order_id], self.states[order_id]
        return len(gone)

    def _is_open(self, number: str) -> bool:
        return any(one.number_key == number and self.states[one.id] == "open" for one in self.made.values())

    async def _shown(self, order: CodeOrder) -> OpenOrder:
        customer = await self.customers.numbered(order.number_key)
        assert customer is not None
        name = self.customers.owners[customer.organisation_id].name
        return OpenOrder(customer.id, customer.number, name, order.ordered_at, order.due_at)


@dataclass
class FakeLinkRequests:
    customers: FakeCustomers
    asked: dict[UUID, LinkRequest] = field(default_factory=dict)
    steps: list[Step] = field(default_factory=list)

    async def add(self, request: LinkRequest) -> bool:
        if await self.waiting_of(request.account_id, request.customer_id):
            return False
        self.asked[request.id] = request
        return True

    async def waiting_of(self, account_id: UUID, customer_id: UUID) -> LinkRequest | None:
        wanted = (account_id, customer_id)
        waiting = (one for one in self.asked.values() if one.waits)
        return next((one for one in waiting if (one.account_id, one.customer_id) == wanted), None)

    async def waiting_for(self, account_id: UUID) -> list[UUID]:
        return [one.id for one in self.asked.values() if one.account_id == account_id and one.waits]

    async def of_account(self, account_id: UUID, limit: int) -> list[RequestEntry]:
        return self._newest([one for one in self.asked.values() if one.account_id == account_id], limit)

    async def of_customer(self, customer_id: UUID, limit: int) -> list[RequestEntry]:
        return self._newest([one for one in self.asked.values() if one.customer_id == customer_id], limit)

    def _newest(self, asked: Sequence[LinkRequest], limit: int) -> list[RequestEntry]:
        newest = sorted(asked, key=lambda one: (one.opened_at, one.id), reverse=True)
        return [self._entry(one) for one in newest[:limit]]

    async def mine(self, account_id: UUID, request_id: UUID) -> RequestEntry | None:
        found = await self.get(request_id)
        return found if found and found.request.account_id == account_id else None

    async def page(self, query: RequestQuery) -> RequestPage:
        ended = query.shown is Shown.ENDED
        fitting = [
            entry
            for entry in sorted(map(self._entry, self.asked.values()), key=_turn, reverse=ended)
            if entry.request.waits is not ended
            and query.kind in {None, entry.request.kind}
            and (query.shown is not Shown.MINE or entry.request.assignee == query.by)
        ]
        if query.after is not None:
            place = (query.after.at, query.after.id)
            fitting = [one for one in fitting if (_turn(one) < place if ended else _turn(one) > place)]
        shown = tuple(fitting[: query.size])
        return RequestPage(shown, shown[-1].cursor if len(fitting) > query.size else None)

    async def get(self, request_id: UUID) -> RequestEntry | None:
        return self._entry(self.asked[request_id]) if request_id in self.asked else None

    async def claim(self, request_id: UUID) -> RequestEntry | None:
        return await self.get(request_id)

    async def history(self, request_id: UUID) -> list[HistoryStep]:
        return [HistoryStep(one.act, one.at, one.by) for one in self.steps if one.request_id == request_id]

    async def move(self, step: Step) -> LinkRequest | None:
        request = self.asked.get(step.request_id)
        if request is None or not allowed(request, step):
            return None
        moved = replace(request, state=LIFE[step.act][1])
        if step.act in {Act.TAKE, Act.GIVE_BACK}:
            moved = replace(moved, assignee=step.by if step.act is Act.TAKE else None)
        if not moved.waits:
            moved = replace(moved, decided_at=step.at, answer=step.answer, former_holders=step.former_holders)
        self.asked[request.id] = moved
        self.steps.append(step)
        return moved

    async def overdue(self, opened_before: datetime, limit: int) -> list[UUID]:
        old = [one for one in self.asked.values() if one.waits and one.opened_at <= opened_before]
        return [one.id for one in sorted(old, key=lambda one: (one.opened_at, one.id))][:limit]

    def _entry(self, request: LinkRequest) -> RequestEntry:
        customer = self.customers.known[request.customer_id]
        return RequestEntry(request, customer, self.customers.owners[customer.organisation_id].name)


def _turn(entry: RequestEntry) -> tuple[datetime, UUID]:
    return entry.cursor.at, entry.cursor.id


@dataclass
class FakeAnnouncements(FakeImportAnnouncements):
    async def link_created(self, link: Link) -> None:
        self.said.append(("link_created", link.customer_id))

    async def link_ended(self, link: Link) -> None:
        self.said.append(("link_ended", link.customer_id))

    async def membership_changed(self, account_id: UUID) -> None:
        self.said.append(("membership_changed", account_id))

    async def code_issued(self, code: ActivationCode) -> None:
        self.said.append(("code_issued", code.id))

    async def code_withdrawn(self, code: ActivationCode) -> None:
        self.said.append(("code_withdrawn", code.id))

    async def code_used(self, code: ActivationCode) -> None:
        self.said.append(("code_used", code.id))

    async def data_requested(self, customer_id: UUID) -> None:
        self.said.append(("data_requested", customer_id))

    async def customer_changed(self, customer_id: UUID) -> None:
        self.said.append(("customer_changed", customer_id))

    async def customers_changed(self, customer_ids: Collection[UUID]) -> None:
        self.said += [("customer_changed", one) for one in sorted(customer_ids)]

    async def contact_changed(self, contact_id: UUID, *, active: bool) -> None:
        self.said.append(("contact_named" if active else "contact_removed", contact_id))

    async def request_opened(self, request: LinkRequest) -> None:
        self.said.append(("request_opened", request.id))

    async def request_decided(self, request: LinkRequest) -> None:
        self.said.append((f"request_{request.state.value}", request.id))

    async def batch_wanted(self, batch_id: UUID) -> None:
        self.said.append(("batch_wanted", batch_id))

    async def files_unwanted(self, keys: Collection[UUID]) -> None:
        self.said += [("file_unwanted", key) for key in keys]

    async def account_wanted(self, contact_id: UUID) -> None:
        self.said.append(("account_wanted", contact_id))

    async def invitee_wanted(self, invitation_id: UUID) -> None:
        self.said.append(("invitee_wanted", invitation_id))

    async def invitation_issued(self, invitation: Invitation) -> None:
        self.said.append(("invitation_issued", invitation.id))

    async def invitation_closed(self, invitation: Invitation) -> None:
        self.said.append(("invitation_closed", invitation.id))

    async def access_granted(self, invitation: Invitation) -> None:
        self.said.append(("access_granted", invitation.id))

    async def access_ended(self, invitation: Invitation) -> None:
        self.said.append(("access_ended", invitation.id))


@dataclass
class FakeIdentity:
    """Knows accounts by address, and who was asked for."""

    accounts: dict[str, UUID] = field(default_factory=dict)
    asked: list[UUID] = field(default_factory=list)

    async def ensure_accounts(self, contacts: Sequence[Contact]) -> list[UUID | None]:
        self.asked += [contact.id for contact in contacts]
        return [self._account(contact) for contact in contacts]

    def _account(self, contact: Contact) -> UUID | None:
        if "@" not in contact.email:
            return None
        return self.accounts.setdefault(email_key(contact.email), UUID(int=8000 + len(self.accounts)))


@dataclass
class FakeDirectory:
    """Names of accounts; `away` is identity that does not answer."""

    known: dict[UUID, str] = field(default_factory=dict)
    away: bool = False

    async def names(self, account_ids: Collection[UUID]) -> dict[UUID, str]:
        if self.away:
            raise DomainError(ErrorKind.UNAVAILABLE, "neighbour_unavailable", "Identity does not answer.")
        return {one: self.known[one] for one in account_ids if one in self.known}


@dataclass
class FakeStores:
    """The same stores, typed as what they are; `records` is what use cases get."""

    links: FakeLinks
    customers: FakeCustomers
    directory: FakeCustomerDirectory
    imports: FakeCustomerImports
    book: FakeCustomerBook
    import_files: FakeImportFiles
    codes: FakeCodes
    register: FakeCodeRegister
    batches: FakeBatches
    orders: FakeOrders
    contacts: FakeContacts
    memberships: FakeMemberships
    members: FakeMembers
    invitations: FakeInvitations
    failures: FakeFailures
    requests: FakeLinkRequests
    documents: FakeRequestDocuments
    invoices: FakeInvoiceDocuments
    announcements: FakeAnnouncements

    @property
    def records(self) -> Records:
        return Records(
            customers=self.customers,
            directory=self.directory,
            imports=self.imports,
            book=self.book,
            import_files=self.import_files,
            links=self.links,
            codes=self.codes,
            register=self.register,
            batches=self.batches,
            orders=self.orders,
            contacts=self.contacts,
            memberships=self.memberships,
            members=self.members,
            invitations=self.invitations,
            failures=self.failures,
            requests=self.requests,
            documents=self.documents,
            invoices=self.invoices,
            announcements=self.announcements,
        )


def fake_stores() -> FakeStores:
    """Stores that know of one another, as those of one transaction do."""
    links = FakeLinks()
    customers, contacts, failures = FakeCustomers(links), FakeContacts(), FakeFailures()
    invitations = FakeInvitations()
    links.show = customers.show
    codes = FakeCodes(customers)
    members = FakeMembers(customers, links, contacts, invitations)
    requests = FakeLinkRequests(customers)
    return FakeStores(
        links=links,
        customers=customers,
        directory=FakeCustomerDirectory(customers, links, contacts),
        imports=FakeCustomerImports(customers, contacts, members),
        import_files=FakeImportFiles(),
        book=FakeCustomerBook(customers, contacts),
        codes=codes,
        register=FakeCodeRegister(codes, customers, failures),
        batches=FakeBatches(customers, links, codes),
        orders=FakeOrders(customers),
        contacts=contacts,
        memberships=FakeMemberships(customers, links, contacts, invitations),
        members=members,
        invitations=invitations,
        failures=failures,
        requests=requests,
        documents=FakeRequestDocuments(requests.asked),
        invoices=FakeInvoiceDocuments(customers.data),
        announcements=FakeAnnouncements(),
    )
