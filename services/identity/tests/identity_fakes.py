"""Stores in memory; each passes the contract suite of its port (contract/), as the real ones do."""

import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from uuid import UUID

from identity.domain.account import CLAIMING, Account, AccountState, given_up_name
from identity.domain.account_search import AccountPage, AccountQuery, SearchTerm, search_form, without_digraphs
from identity.domain.api_client import AccessToken, ApiClient
from identity.domain.challenge import OBJECTIONS, Challenge, ChallengeState, Purpose
from identity.domain.closing import Closing
from identity.domain.history import HistoryAction, HistoryEntry, HistoryPage, HistoryRange
from identity.domain.normal_form import normal_key
from identity.domain.personal_export import PersonalExport, SealedFile
from identity.domain.security_change import SecurityChange
from identity.domain.session import Session
from identity.domain.throttle import Tally
from identity.usecases.ports import Records
from identity_factor_fakes import FakeCeremonyStore, FakePasskeyStore, FakeRecoveryCodeStore, FakeSecondFactorStore
from identity_import_fakes import FakeImportStore


@dataclass
class FakeAccountStore:
    rows: dict[UUID, Account] = field(default_factory=dict)

    async def get(self, account_id: UUID, *, lock: bool = False) -> Account | None:
        return self.rows.get(account_id)

    async def lock_staff(self, role: str) -> list[Account]:
        found = [row for row in self.rows.values() if role in row.roles and row.state is AccountState.ACTIVE]
        return sorted(found, key=lambda row: row.id)

    async def set_unconfirmed_email(self, account_id: UUID, email: str) -> None:
        row = self.rows.get(account_id)
        if row and row.state is AccountState.UNCONFIRMED:
            self.rows[account_id] = replace(row, email=email)

    async def get_many(self, account_ids: Sequence[UUID]) -> list[Account]:
        return [self.rows[account_id] for account_id in account_ids if account_id in self.rows]

    async def find_for_login(self, login: str) -> Account | None:
        return self._by_name(login) or await self.find_claiming(login)

    async def find_for_reset(self, login: str) -> Account | None:
        named = await self.find_for_login(login)
        pending = [row for row in self._by_mail(login) if row.state is AccountState.UNCONFIRMED]
        return named or max(pending, key=lambda row: row.created_at, default=None)

    async def find_claiming(self, email: str) -> Account | None:
        return next((row for row in self._by_mail(email) if row.state in CLAIMING), None)

    async def add(self, account: Account) -> bool:
        if account.state in CLAIMING:
            if await self.find_claiming(account.email):
                return False
            self._free_name(account)
        if account.id in self.rows or self._by_name(account.username):
            return False
        self.rows[account.id] = account
        return True

    async def save(self, account: Account) -> bool:
        owner = await self.find_claiming(account.email)
        if account.state in CLAIMING:
            if owner and owner.id != account.id:
                return False
            self._free_name(account)
        kept = self.rows[account.id]
        self.rows[account.id] = replace(account, username=kept.username, email=kept.email, created_at=kept.created_at)
        return True

    async def change_address(self, account_id: UUID, *, email: str, username: str) -> bool:
        owner, before = await self.find_claiming(email), dict(self.rows)
        self._free_name(replace(self.rows[account_id], email=email))
        named = self._by_name(username)
        if any(other is not None and other.id != account_id for other in (owner, named)):
            self.rows = before
            return False
        self.rows[account_id] = replace(self.rows[account_id], email=email, username=username)
        return True

    async def delete_unconfirmed(self, account_id: UUID) -> bool:
        row = self.rows.get(account_id)
        if row is None or row.state is not AccountState.UNCONFIRMED:
            return False
        del self.rows[account_id]
        return True

    async def stale_registrations(self, before: datetime, limit: int) -> list[UUID]:
        stale = [row for row in self.rows.values() if row.state is AccountState.UNCONFIRMED and row.created_at < before]
        return [row.id for row in sorted(stale, key=lambda row: row.created_at)][:limit]

    def _free_name(self, claimer: Account) -> None:
        named = self._by_name(claimer.email)
        if named and named.state is AccountState.CLOSED and named.id != claimer.id:
            self.rows[named.id] = replace(named, username=given_up_name(named.id))

    def _by_name(self, name: str) -> Account | None:
        return next((row for row in self.rows.values() if normal_key(row.username) == normal_key(name)), None)

    def _by_mail(self, email: str) -> list[Account]:
        return [row for row in self.rows.values() if normal_key(row.email) == normal_key(email)]


@dataclass
class FakeAccountDirectory:
    accounts: FakeAccountStore

    async def find(self, query: AccountQuery) -> AccountPage:
        fitting = [row for row in self.accounts.rows.values() if _fits(row, query)]
        fitting.sort(key=lambda row: (row.created_at, row.id), reverse=True)
        return AccountPage.cut(fitting[: query.size + 1], query.size)


def _fits(row: Account, query: AccountQuery) -> bool:
    named = bool(query.terms) and all(_has(row, term) for term in query.terms)
    wanted = named or row.id in query.also or not (query.terms or query.also)
    kinds = {"": True, "staff": row.staff, "customer": not row.staff}
    in_role = kinds.get(query.role, query.role in row.roles)
    after = query.after is None or (row.created_at, row.id) < (query.after.created_at, query.after.id)
    return wanted and in_role and after and query.state in {None, row.state}


def _has(row: Account, term: SearchTerm) -> bool:
    parts = (row.username, row.email, row.display_name, row.company, row.street, row.postal_code, row.city)
    form = search_form(" ".join(parts))
    digits = "".join(sign for sign in row.phone if sign.isdigit())
    words = f"{form} {without_digraphs(form)} {digits}".split()
    return any(word.startswith(form) or (len(form) > 2 and form in word) for form in term.forms for word in words)


@dataclass
class FakeChallengeStore:
    rows: dict[UUID, Challenge] = field(default_factory=dict)

    async def add(self, challenge: Challenge) -> None:
        self.rows[challenge.id] = challenge

    async def get(self, challenge_id: UUID) -> Challenge | None:
        return self.rows.get(challenge_id)

    async def latest(self, account_id: UUID | None, purpose: Purpose) -> Challenge | None:
        mine = [row for row in self.rows.values() if (row.account_id, row.purpose) == (account_id, purpose)]
        return max(mine, key=lambda row: row.issued_at, default=None) if account_id else None

    async def replace_objections(self, account_id: UUID, since: datetime, now: datetime) -> None:
        for row in list(self.rows.values()):
            later = row.account_id == account_id and row.purpose in OBJECTIONS and row.issued_at >= since
            if later and row.used_at is None and row.replaced_at is None:
                self.rows[row.id] = replace(row, replaced_at=now)

    async def replace_open(
        self, account_id: UUID | None, purpose: Purpose, now: datetime, *, email: str | None = None
    ) -> None:
        for row in list(self.rows.values()):
            same = account_id is not None and (row.account_id, row.purpose) == (account_id, purpose)
            if same and email in {None, row.email} and row.used_at is None and row.replaced_at is None:
                self.rows[row.id] = replace(row, replaced_at=now)

    async def use(self, challenge_id: UUID, now: datetime) -> bool:
        row = self.rows.get(challenge_id)
        if row is None or row.state(now) is not ChallengeState.OPEN:
            return False
        self.rows[challenge_id] = replace(row, used_at=now)
        return True

    async def delete_older(self, before: datetime) -> int:
        old = [row.id for row in self.rows.values() if row.expires_at < before]
        for challenge_id in old:
            del self.rows[challenge_id]
        return len(old)


@dataclass
class FakeSessionStore:
    accounts: FakeAccountStore
    rows: dict[UUID, Session] = field(default_factory=dict)

    async def add(self, session: Session) -> None:
        self.rows[session.id] = session

    async def find(self, token_hash: bytes) -> tuple[Session, Account] | None:
        session = next((row for row in self.rows.values() if row.token_hash == token_hash), None)
        return (session, self.accounts.rows[session.account_id]) if session else None

    async def of_account(self, account_id: UUID) -> list[Session]:
        mine = [row for row in self.rows.values() if row.account_id == account_id]
        return sorted(mine, key=lambda row: row.seen_at, reverse=True)

    async def touch(self, session_id: UUID, seen_at: datetime, idle_until: datetime) -> None:
        self.rows[session_id] = replace(self.rows[session_id], seen_at=seen_at, idle_until=idle_until)

    async def rename(self, session_id: UUID, device_name: str) -> None:
        self.rows[session_id] = replace(self.rows[session_id], device_name=device_name)

    async def delete(self, account_id: UUID, session_ids: Sequence[UUID] | None = None) -> list[UUID]:
        ended = [
            row.id
            for row in self.rows.values()
            if row.account_id == account_id and (session_ids is None or row.id in session_ids)
        ]
        for session_id in ended:
            del self.rows[session_id]
        return ended

    async def delete_expired(self, now: datetime) -> int:
        over = [row.id for row in self.rows.values() if row.idle_until < now or row.expires_at < now]
        for session_id in over:
            del self.rows[session_id]
        return len(over)


@dataclass
class FakeThrottleStore:
    rows: dict[str, Tally] = field(default_factory=dict)

    async def lock(self, key: str, now: datetime) -> Tally | None:
        return self.rows.get(key)

    async def save(self, key: str, tally: Tally) -> None:
        self.rows[key] = tally

    async def clear(self, keys: Sequence[str]) -> None:
        for key in keys:
            self.rows.pop(key, None)

    async def clear_account(self, account_id: UUID) -> None:
        await self.clear([key for key in self.rows if key.startswith(f"{account_id}:")])

    async def delete_idle(self, before: datetime, now: datetime) -> int:
        idle = [key for key, tally in self.rows.items() if tally.last_at < before and tally.paused_until <= now]
        await self.clear(idle)
        return len(idle)


@dataclass
class FakeHistoryStore:
    rows: list[HistoryEntry] = field(default_factory=list)

    async def add(self, entry: HistoryEntry) -> None:
        self.rows.append(entry)

    async def of_account(self, account_id: UUID, page: HistoryRange) -> HistoryPage:
        mine = sorted((row for row in self.rows if row.account_id == account_id), key=_moment, reverse=True)
        place = page.older_than
        older = [row for row in mine if place is None or _moment(row) < (place.at, place.id)]
        return HistoryPage.cut(older[: page.size + 1], page.size)

    async def last_by(
        self, account_id: UUID, actor_id: UUID, action: HistoryAction, since: datetime
    ) -> HistoryEntry | None:
        wanted = (account_id, actor_id, action)
        done = [row for row in self.rows if (row.account_id, row.actor_id, row.action) == wanted and row.at > since]
        return max(done, key=_moment, default=None)

    async def delete_older(self, before: datetime) -> int:
        kept = [row for row in self.rows if row.at >= before]
        gone, self.rows = len(self.rows) - len(kept), kept
        return gone


def _moment(entry: HistoryEntry) -> tuple[datetime, UUID]:
    return entry.at, entry.id


@dataclass
class FakeClientStore:
    rows: dict[UUID, ApiClient] = field(default_factory=dict)
    tokens: dict[bytes, AccessToken] = field(default_factory=dict)

    async def get(self, client_id: UUID) -> ApiClient | None:
        return self.rows.get(client_id)

    async def all(self) -> Sequence[ApiClient]:
        return sorted(self.rows.values(), key=lambda row: (row.created_at, row.id))

    async def add(self, client: ApiClient) -> bool:
        if any(row.live and row.name == client.name for row in self.rows.values()):
            return False
        self.rows[client.id] = client
        return True

    async def save(self, client: ApiClient) -> None:
        kept = self.rows[client.id]
        self.rows[client.id] = replace(kept, secret_hash=client.secret_hash, ended_at=client.ended_at)

    async def add_token(self, token: AccessToken) -> None:
        self.tokens[token.token_hash] = token

    async def find_token(self, token_hash: bytes) -> tuple[AccessToken, ApiClient] | None:
        token = self.tokens.get(token_hash)
        return (token, self.rows[token.client_id]) if token else None

    async def delete_tokens(self, client_id: UUID) -> None:
        self.tokens = {key: token for key, token in self.tokens.items() if token.client_id != client_id}

    async def delete_expired_tokens(self, now: datetime) -> int:
        left = {key: token for key, token in self.tokens.items() if token.expires_at > now}
        gone = len(self.tokens) - len(left)
        self.tokens = left
        return gone


@dataclass
class FakeExportStore:
    rows: dict[UUID, PersonalExport] = field(default_factory=dict)
    said: dict[UUID, dict[str, SealedFile]] = field(default_factory=dict)
    files: dict[UUID, SealedFile] = field(default_factory=dict)

    async def begin(self, export: PersonalExport) -> bool:
        old = await self.of_account(export.account_id)
        if old and old.ready_at is None:
            return False
        if old:
            del self.rows[old.id]
        self.rows[export.id] = export
        self.said[export.id] = {}
        return True

    async def find(self, export_id: UUID) -> PersonalExport | None:
        row = self.rows.get(export_id)
        return replace(row, collected=len(self.said[export_id])) if row else None

    async def of_account(self, account_id: UUID) -> PersonalExport | None:
        row = next((row for row in self.rows.values() if row.account_id == account_id), None)
        return await self.find(row.id) if row else None

    async def add_part(self, export_id: UUID, source: str, part: SealedFile) -> None:
        if export_id in self.rows:
            self.said[export_id].setdefault(source, part)

    async def parts(self, export_id: UUID) -> Mapping[str, SealedFile]:
        return dict(self.said.get(export_id, {}))

    async def finish(self, export_id: UUID, at: datetime, file: SealedFile, size: int) -> bool:
        row = self.rows.get(export_id)
        if row is None or row.ready_at:
            return False
        self.rows[export_id] = replace(row, ready_at=at, size=size)
        self.said[export_id] = {}
        self.files[export_id] = file
        return True

    async def file(self, account_id: UUID) -> SealedFile | None:
        export = await self.of_account(account_id)
        return self.files.get(export.id) if export else None

    async def delete_expired(self, now: datetime) -> int:
        over = [row.id for row in self.rows.values() if row.over(now)]
        for export_id in over:
            del self.rows[export_id]
        return len(over)


@dataclass
class FakeClosingStore:
    rows: dict[UUID, Closing] = field(default_factory=dict)
    done: set[UUID] = field(default_factory=set)

    async def add(self, new: Closing) -> None:
        self.rows[new.account_id] = new

    async def get(self, account_id: UUID) -> Closing | None:
        return self.rows.get(account_id)

    async def remove(self, account_id: UUID) -> None:
        self.rows.pop(account_id, None)

    async def due(self, now: datetime, limit: int) -> list[Closing]:
        waiting = [row for key, row in self.rows.items() if key not in self.done and row.erase_at <= now]
        return sorted(waiting, key=lambda row: row.erase_at)[:limit]

    async def add_receipt(self, account_id: UUID, source: str, erased: int) -> None:
        row = self.rows[account_id]
        self.rows[account_id] = replace(row, receipts={**row.receipts, source: erased})

    async def finish(self, account_id: UUID, at: datetime) -> None:
        self.done.add(account_id)


@dataclass
class FakeAnnouncements:
    """`said` has one tuple an event: its name, its subject, what it says."""

    said: list[tuple[object, ...]] = field(default_factory=list)

    @property
    def names(self) -> list[object]:
        return [entry[0] for entry in self.said]

    async def account_registered(self, account_id: UUID, *, invited: bool) -> None:
        self.said.append(("account.registered", account_id, invited))

    async def account_confirmed(self, account_id: UUID) -> None:
        self.said.append(("account.confirmed", account_id))

    async def account_changed(self, account_id: UUID) -> None:
        self.said.append(("account.changed", account_id))

    async def account_closed(self, account_id: UUID) -> None:
        self.said.append(("account.closed", account_id))

    async def challenge_issued(self, challenge: Challenge) -> None:
        self.said.append(("challenge.issued", challenge.id))

    async def password_changed(self, account_id: UUID, *, by_reset: bool) -> None:
        self.said.append(("password.changed", account_id, by_reset))

    async def security_changed(self, account_id: UUID, change: SecurityChange) -> None:
        self.said.append(("account.security_changed", account_id, change))

    async def session_revoked(self, account_id: UUID, session_ids: Sequence[UUID]) -> None:
        self.said.append(("session.revoked", account_id, tuple(session_ids)))

    async def client_revoked(self, client_id: UUID) -> None:
        self.said.append(("client.revoked", client_id))

    async def export_wanted(self, export_id: UUID) -> None:
        self.said.append(("export.wanted", export_id))


class FakeRecords(Records):
    """Records in memory, with the types of the fakes."""

    accounts: FakeAccountStore
    directory: FakeAccountDirectory
    challenges: FakeChallengeStore
    sessions: FakeSessionStore
    throttles: FakeThrottleStore
    second_factors: FakeSecondFactorStore
    recovery_codes: FakeRecoveryCodeStore
    passkeys: FakePasskeyStore
    ceremonies: FakeCeremonyStore
    history: FakeHistoryStore
    clients: FakeClientStore
    exports: FakeExportStore
    imports: FakeImportStore
    closings: FakeClosingStore
    announcements: FakeAnnouncements


def fake_records() -> FakeRecords:
    accounts, recovery_codes, passkeys = FakeAccountStore(), FakeRecoveryCodeStore(), FakePasskeyStore()
    return FakeRecords(
        accounts=accounts,
        directory=FakeAccountDirectory(accounts),
        challenges=FakeChallengeStore(),
        sessions=FakeSessionStore(accounts),
        throttles=FakeThrottleStore(),
        second_factors=FakeSecondFactorStore(recovery_codes, passkeys),
        recovery_codes=recovery_codes,
        passkeys=passkeys,
        ceremonies=FakeCeremonyStore(),
        history=FakeHistoryStore(),
        clients=FakeClientStore(),
        exports=FakeExportStore(),
        imports=FakeImportStore(accounts),
        closings=FakeClosingStore(),
        announcements=FakeAnnouncements(),
    )


@dataclass
class FakePasswords:
    """Remembers what it hashed; `work` counts hashes and comparisons."""

    known: dict[str, str] = field(default_factory=dict)
    work: int = 0

    async def hash(self, password: str) -> str:
        self.work += 1
        made = f"hash {self.work}"
        self.known[made] = unicodedata.normalize("NFC", password)
        return made

    async def matches(self, password_hash: str | None, password: str) -> bool:
        self.work += 1
        known = self.known.get(password_hash or "")
        return known is not None and known == unicodedata.normalize("NFC", password)

    def outdated(self, password_hash: str) -> bool:
        return password_hash not in self.known
