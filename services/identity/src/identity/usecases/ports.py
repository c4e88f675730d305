"""What the use cases need from the outer world. Every implementation passes the contract suite of its port."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol, TypeAlias
from uuid import UUID

from chassis.database import Transaction
from identity.domain.account import Account
from identity.domain.account_search import AccountPage, AccountQuery
from identity.domain.challenge import Challenge, Purpose
from identity.domain.closing import Closing
from identity.domain.history import HistoryAction, HistoryEntry, HistoryPage, HistoryRange
from identity.domain.personal_export import PersonalExport, SealedFile
from identity.domain.security_change import SecurityChange
from identity.domain.session import Session
from identity.domain.throttle import Tally
from identity.usecases.client_ports import ClientStore
from identity.usecases.factor_ports import RecoveryCodeStore, SecondFactorStore
from identity.usecases.import_ports import ImportStore
from identity.usecases.passkey_ports import CeremonyStore, PasskeyStore

Clock: TypeAlias = Callable[[], datetime]
NewId: TypeAlias = Callable[[], UUID]
NewToken: TypeAlias = Callable[[], bytes]
"""32 unguessable bytes."""


class AccountStore(Protocol):
    """Accounts. Names are compared by their normal form.

    Whoever comes to claim an address also has it as a name: a closed account whose name it was gets another, which
    nobody can choose (`given_up_name`).
    """

    async def get(self, account_id: UUID, *, lock: bool = False) -> Account | None:
        """The account of this id; `lock` lets nobody else change it before the transaction ends."""

    async def lock_staff(self, role: str) -> list[Account]:
        """The active accounts with this role, locked in the order of their ids."""

    async def set_unconfirmed_email(self, account_id: UUID, email: str) -> None:
        """Another address for a registration; nothing for an account that is more than that."""

    async def get_many(self, account_ids: Sequence[UUID]) -> list[Account]:
        """Those that exist, in no order."""

    async def find_for_login(self, login: str) -> Account | None:
        """By user name, or by mail address if the account claims it."""

    async def find_for_reset(self, login: str) -> Account | None:
        """By user name, else the one that claims the mail address, else the newest registration with it."""

    async def find_claiming(self, email: str) -> Account | None:
        """The account to which the mail address belongs."""

    async def add(self, account: Account) -> bool:
        """False, and nothing done, when the user name or a claimed mail address is taken."""

    async def save(self, account: Account) -> bool:
        """Writes all but name and address. False when the address is now another's."""

    async def change_address(self, account_id: UUID, *, email: str, username: str) -> bool:
        """Gives the account another address, and the user name that goes with it. False when one is another's."""

    async def delete_unconfirmed(self, account_id: UUID) -> bool:
        """Whether there was such a registration."""

    async def stale_registrations(self, before: datetime, limit: int) -> list[UUID]:
        """Unconfirmed accounts made before that time, oldest first."""


class AccountDirectory(Protocol):
    """The list of all accounts, for staff."""

    async def find(self, query: AccountQuery) -> AccountPage:
        """The accounts that fit, newest first."""


class ChallengeStore(Protocol):
    """Challenges of accounts."""

    async def add(self, challenge: Challenge) -> None:
        """Keeps a new one."""

    async def get(self, challenge_id: UUID) -> Challenge | None:
        """The challenge of this id."""

    async def latest(self, account_id: UUID | None, purpose: Purpose) -> Challenge | None:
        """The one issued last to this account; for nobody, the same work and None."""

    async def replace_open(
        self, account_id: UUID | None, purpose: Purpose, now: datetime, *, email: str | None = None
    ) -> None:
        """Marks the open ones of this account and purpose as replaced; for nobody, the same work without effect.

        With an address, only those whose mail went there.
        """

    async def replace_objections(self, account_id: UUID, since: datetime, now: datetime) -> None:
        """Marks the open objections of this account that were issued at that time or later as replaced."""

    async def use(self, challenge_id: UUID, now: datetime) -> bool:
        """Uses it up if it is open. Of two at once, one gets True."""

    async def delete_older(self, before: datetime) -> int:
        """Deletes those that expired before that time; returns how many."""


class SessionStore(Protocol):
    """Sessions, found by the hash of their cookie."""

    async def add(self, session: Session) -> None:
        """Keeps a new one."""

    async def find(self, token_hash: bytes) -> tuple[Session, Account] | None:
        """The session and its account, whatever their state."""

    async def of_account(self, account_id: UUID) -> list[Session]:
        """All of one account, the last active first."""

    async def touch(self, session_id: UUID, seen_at: datetime, idle_until: datetime) -> None:
        """Notes activity."""

    async def rename(self, session_id: UUID, device_name: str) -> None:
        """Keeps what the person calls the device."""

    async def delete(self, account_id: UUID, session_ids: Sequence[UUID] | None = None) -> list[UUID]:
        """Ends these sessions of the account, or all; returns those that there were."""

    async def delete_expired(self, now: datetime) -> int:
        """Deletes those past a limit; returns how many."""


class ThrottleStore(Protocol):
    """Counters of tries. Between `lock` and the end of the transaction nobody else counts on the same key."""

    async def lock(self, key: str, now: datetime) -> Tally | None:
        """The tally of this key, None when there was none yet."""

    async def save(self, key: str, tally: Tally) -> None:
        """Writes the tally of a key that is locked."""

    async def clear(self, keys: Sequence[str]) -> None:
        """Forgets these keys."""

    async def clear_account(self, account_id: UUID) -> None:
        """Forgets everything counted against one account."""

    async def delete_idle(self, before: datetime, now: datetime) -> int:
        """Deletes those without a try since that time and without a pause; returns how many."""


class HistoryStore(Protocol):
    """What happened to accounts."""

    async def add(self, entry: HistoryEntry) -> None:
        """Keeps a new entry; entries are never changed."""

    async def of_account(self, account_id: UUID, page: HistoryRange) -> HistoryPage:
        """A part of one account's history, newest first."""

    async def last_by(
        self, account_id: UUID, actor_id: UUID, action: HistoryAction, since: datetime
    ) -> HistoryEntry | None:
        """The last time that this actor did this to the account, if it is not longer ago."""

    async def delete_older(self, before: datetime) -> int:
        """Deletes entries from before that time; returns how many."""


class ExportStore(Protocol):
    """Exports of personal data; at most one an account."""

    async def begin(self, export: PersonalExport) -> bool:
        """Keeps a new one in place of a finished one; False, and nothing done, while one is under way."""

    async def find(self, export_id: UUID) -> PersonalExport | None:
        """The export of this id."""

    async def of_account(self, account_id: UUID) -> PersonalExport | None:
        """The account's export."""

    async def add_part(self, export_id: UUID, source: str, part: SealedFile) -> None:
        """Keeps what one service said; nothing when it is there already or the export is gone."""

    async def parts(self, export_id: UUID) -> Mapping[str, SealedFile]:
        """What was said so far, by service."""

    async def finish(self, export_id: UUID, at: datetime, file: SealedFile, size: int) -> bool:
        """Keeps the file and forgets the parts; False when it was finished before or is gone."""

    async def file(self, account_id: UUID) -> SealedFile | None:
        """The account's finished file."""

    async def delete_expired(self, now: datetime) -> int:
        """Deletes those past their time, finished or not; returns how many."""


class ClosingStore(Protocol):
    """Accounts that are closed and wait to be erased, and the proof that they were."""

    async def add(self, new: Closing) -> None:
        """Keeps a closing; an account has at most one."""

    async def get(self, account_id: UUID) -> Closing | None:
        """The closing of this account, done or not."""

    async def remove(self, account_id: UUID) -> None:
        """Forgets it: the account is open again."""

    async def due(self, now: datetime, limit: int) -> list[Closing]:
        """Those to be erased by now, the longest waiting first."""

    async def add_receipt(self, account_id: UUID, source: str, erased: int) -> None:
        """Notes that a service has erased its part."""

    async def finish(self, account_id: UUID, at: datetime) -> None:
        """Notes that nothing is left."""


class Announcements(Protocol):
    """Events and jobs of this service; each goes out when the transaction commits, and only then."""

    async def account_registered(self, account_id: UUID, *, invited: bool) -> None: ...
    async def account_confirmed(self, account_id: UUID) -> None: ...
    async def account_changed(self, account_id: UUID) -> None: ...
    async def account_closed(self, account_id: UUID) -> None: ...
    async def challenge_issued(self, challenge: Challenge) -> None: ...
    async def password_changed(self, account_id: UUID, *, by_reset: bool) -> None: ...
    async def security_changed(self, account_id: UUID, change: SecurityChange) -> None: ...
    async def session_revoked(self, account_id: UUID, session_ids: Sequence[UUID]) -> None: ...
    async def client_revoked(self, client_id: UUID) -> None: ...
    async def export_wanted(self, export_id: UUID) -> None:
        """A job: the export is put together."""


@dataclass(frozen=True, slots=True)
class Records:
    """Everything that one transaction of this service can read and write."""

    accounts: AccountStore
    directory: AccountDirectory
    challenges: ChallengeStore
    sessions: SessionStore
    throttles: ThrottleStore
    second_factors: SecondFactorStore
    recovery_codes: RecoveryCodeStore
    passkeys: PasskeyStore
    ceremonies: CeremonyStore
    history: HistoryStore
    clients: ClientStore
    exports: ExportStore
    imports: ImportStore
    closings: ClosingStore
    announcements: Announcements


RecordsOn: TypeAlias = Callable[[Transaction], Records]
"""The records of a transaction that the entry point has opened and will commit."""


class Passwords(Protocol):
    """Slow hashing, off the event loop."""

    async def hash(self, password: str) -> str:
        """A new hash; the same password gives another one each time."""

    async def matches(self, password_hash: str | None, password: str) -> bool:
        """Whether it is the password. Without a hash: False, after the same work."""

    def outdated(self, password_hash: str) -> bool:
        """Whether it was made with other costs than today's."""


class Signer(Protocol):
    """Keyed MACs; the label separates uses of one key."""

    current: str
    """Id of the key in use for new ones."""

    def mac(self, label: str, message: bytes, *, key_id: str | None = None) -> bytes | None:
        """32 bytes; None when the key is not known here (any more)."""


ReadMail: TypeAlias = Callable[[str], str | None]
"""The normal form of a typed mail address, or None when it cannot be one."""


@dataclass(frozen=True, slots=True)
class EmittedEvent:
    """What is known of an event emitted here: its type and the fields of its payload."""

    id: UUID
    type: str
    data: Mapping[str, object]
