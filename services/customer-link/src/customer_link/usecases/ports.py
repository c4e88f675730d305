"""What the use cases need of the world; adapters keep these promises, and one contract suite holds them to it."""

from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Protocol
from uuid import UUID

from customer_link.domain.code_state import ActivationCode
from customer_link.domain.contact import Contact
from customer_link.domain.customer import Customer, HeldNumber, Link, LinkedCustomer, Membership, Organisation
from customer_link.domain.customer_data import CustomerData
from customer_link.domain.guesses import GuessAlert, Guessed, Guesses
from customer_link.usecases.document_ports import FileAnnouncements, RequestDocuments
from customer_link.usecases.import_announcements import ImportAnnouncements
from customer_link.usecases.member_ports import InvitationAnnouncements
from customer_link.usecases.request_ports import LinkRequests, RequestAnnouncements

if TYPE_CHECKING:
    from customer_link.usecases.code_ports import CodeBatches, CodeOrders, CodeRegister
    from customer_link.usecases.customer_book_ports import CustomerBook
    from customer_link.usecases.directory_ports import CustomerDirectory
    from customer_link.usecases.import_ports import CustomerImports, ImportFiles
    from customer_link.usecases.invoice_ports import InvoiceDocuments
    from customer_link.usecases.member_ports import Invitations, Members

Clock = Callable[[], datetime]
NewId = Callable[[], UUID]
ReadMail = Callable[[str], str | None]
"""The address as it is written, or None if it is none."""


@dataclass(frozen=True, slots=True)
class KeptCode:
    """A code as it is kept: its MAC to be found by, and itself, sealed, until it is handed over."""

    key_id: str
    mac: bytes
    sealed: bytes


@dataclass(frozen=True, slots=True)
class WaitingCustomer:
    """A customer whose backend is to be asked now, after having been asked so many times."""

    id: UUID
    asks: int
    held: bool


class CodeKeeper(Protocol):
    """Turns codes into what may be kept, and back while that is possible."""

    def keep(self, code_id: UUID, code: str) -> KeptCode:
        """MAC and sealed copy under the current key."""
        ...

    def macs(self, code: str) -> Sequence[bytes]:
        """Its MACs under every key."""
        ...

    def open(self, code_id: UUID, kept: KeptCode) -> str | None:
        """The code; None when its key is gone."""
        ...


class Customers(Protocol):
    """Organisations, their customer numbers, and the data behind them."""

    async def add_organisation(self, organisation: Organisation) -> bool:
        """False when there is one with this id."""
        ...

    async def organisations(self, ids: Collection[UUID]) -> list[Organisation]:
        """Those that exist, in no order."""
        ...

    async def organisations_named(self, name: str) -> list[Organisation]:
        """All of this name; case does not matter."""
        ...

    async def add(self, customer: Customer) -> bool:
        """False when there is one with this id or number."""
        ...

    async def get(self, customer_id: UUID) -> Customer | None: ...

    async def numbered(self, number_key: str) -> Customer | None:
        """The customer of a number in its compared form."""
        ...

    async def has_data(self, customer_id: UUID) -> bool:
        """Whether a backend has told of it."""
        ...

    async def put_data(self, customer_id: UUID, data: CustomerData, received_at: datetime) -> bool:
        """False when the data that are there are as new or newer; they stay then."""
        ...

    async def note_ask(self, customer_id: UUID, *, at: datetime, again_at: datetime, asks: int) -> None:
        """Its backend was asked for the so-manieth time; the first of a row without an answer is remembered."""
        ...

    async def note_rest(self, customer_id: UUID, *, again_at: datetime | None) -> None:
        """Nobody waits any more; the data are to be refreshed then, or never."""
        ...

    async def due(self, now: datetime, limit: int) -> list[WaitingCustomer]:
        """Whose time has come; locked, and passing over those that another replica has."""
        ...


class Links(Protocol):
    """Who holds which number. Every look at data names the account that looks."""

    async def active_of(self, account_id: UUID, customer_id: UUID) -> list[Link]:
        """The active links of the account or of the number."""
        ...

    async def add(self, link: Link) -> bool:
        """False when one of its slots was taken, or the account holds the number already."""
        ...

    async def end(self, account_id: UUID, customer_id: UUID, at: datetime) -> Link | None:
        """Ends the account's link; None when there is none."""
        ...

    async def holds(self, link_id: UUID) -> Customer | None:
        """The number of an active link."""
        ...

    async def linked(self, account_id: UUID) -> list[LinkedCustomer]:
        """The account's numbers, the oldest link first."""
        ...

    async def linked_one(self, account_id: UUID, customer_id: UUID) -> LinkedCustomer | None:
        """One of the account's numbers."""
        ...

    async def ever_held(self, account_id: UUID, limit: int) -> list[HeldNumber]:
        """The numbers that the account holds or held, the newest link first."""
        ...

    async def holders(self, number_key: str) -> list[UUID]:
        """The accounts that hold the number of this key now."""
        ...


class Codes(Protocol):
    """Activation codes, never in the clear."""

    async def match(self, macs: Sequence[bytes], number_key: str) -> tuple[ActivationCode, Customer] | None:
        """The code that was made for the number, usable or not; one statement, whatever is found. Locks the code."""
        ...

    async def add(self, code: ActivationCode, kept: KeptCode) -> bool:
        """False when there is one with this id."""
        ...

    async def supersede(self, customer_id: UUID, at: datetime) -> None:
        """The customer's open code gives way to a newer one; others that issue for the number wait."""
        ...

    async def use(self, code: ActivationCode, account_id: UUID, at: datetime) -> None:
        """The code is used up; its sealed copy goes, and superseded ones of the number are withdrawn."""
        ...

    async def sealed(self, code_id: UUID) -> tuple[ActivationCode, KeptCode] | None:
        """A code whose sealed copy is still there."""
        ...

    async def erase_sealed(self, issued_before: datetime, now: datetime) -> int:
        """Erases the sealed copies of old and of expired codes; how many."""
        ...


class Contacts(Protocol):
    """Persons whom staff named."""

    async def add(self, contact: Contact) -> bool:
        """False when the organisation has an active contact with this address."""
        ...

    async def get(self, contact_id: UUID) -> Contact | None: ...

    async def find(self, organisation_id: UUID, email: str) -> Contact | None:
        """The active contact with this address."""
        ...

    async def without_account(self, limit: int) -> list[Contact]:
        """Active ones that have no account yet, in the order of their ids."""
        ...

    async def give_account(self, contact_id: UUID, account_id: UUID) -> bool:
        """False when the contact was removed or has it already."""
        ...

    async def remove(self, contact_id: UUID, at: datetime) -> bool:
        """False when it was removed before."""
        ...

    async def of_account(self, account_id: UUID) -> list[Contact]:
        """Active ones."""
        ...


class Memberships(Protocol):
    """Who belongs to whom: holders of numbers, contacts, and who accepted an invitation."""

    async def of(self, account_id: UUID) -> Membership: ...

    async def members(self, organisation_id: UUID) -> list[UUID]: ...


class Failures(Protocol):
    """Codes that were tried in vain."""

    async def count(self, account_id: UUID, source: str, number_key: str, now: datetime) -> Guesses:
        """What counts now; others of the same account or source wait until this transaction has ended."""
        ...

    async def add(self, account_id: UUID, source: str, number_key: str, at: datetime) -> None: ...

    async def forget(self, before: datetime) -> int: ...

    async def alert(self, kind: Guessed, subject: str, failures: int, at: datetime) -> bool:
        """Tells staff, once until somebody has looked: later failures only raise the count; False then."""
        ...

    async def alerts(self) -> list[GuessAlert]:
        """At which nobody has looked yet, the latest first; 20 at most."""
        ...

    async def see(self, alert_id: int, by: UUID, at: datetime) -> None:
        """Somebody has looked at it."""
        ...


class Announcements(InvitationAnnouncements, ImportAnnouncements, RequestAnnouncements, FileAnnouncements, Protocol):
    """What others are told, and jobs: both leave when the transaction commits."""

    async def link_created(self, link: Link) -> None: ...

    async def link_ended(self, link: Link) -> None: ...

    async def membership_changed(self, account_id: UUID) -> None:
        """An invalidation: told before anything else."""
        ...

    async def code_issued(self, code: ActivationCode) -> None: ...

    async def code_withdrawn(self, code: ActivationCode) -> None: ...

    async def code_used(self, code: ActivationCode) -> None: ...

    async def data_requested(self, customer_id: UUID) -> None: ...

    async def customer_changed(self, customer_id: UUID) -> None: ...

    async def customers_changed(self, customer_ids: Collection[UUID]) -> None:
        """The same for many at once."""
        ...

    async def contact_changed(self, contact_id: UUID, *, active: bool) -> None: ...

    async def batch_wanted(self, batch_id: UUID) -> None:
        """A job: the codes of a batch are issued."""
        ...

    async def account_wanted(self, contact_id: UUID) -> None:
        """A job: identity is asked for the contact's account."""
        ...


@dataclass(frozen=True, slots=True)
class Records:
    """All that one transaction works on."""

    customers: Customers
    directory: "CustomerDirectory"
    imports: "CustomerImports"
    book: "CustomerBook"
    import_files: "ImportFiles"
    links: Links
    codes: Codes
    register: "CodeRegister"
    batches: "CodeBatches"
    orders: "CodeOrders"
    contacts: Contacts
    memberships: Memberships
    members: "Members"
    invitations: "Invitations"
    failures: Failures
    requests: LinkRequests
    documents: RequestDocuments
    invoices: "InvoiceDocuments"
    announcements: Announcements
