"""Import accounts of an older system, many at once (A4, S6): their owners simply log in, and no mail is sent.

A line that is known by its external id is left as it is, so that the same file can come again. A dry run looks at the
same things and writes nothing.
"""

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass, field
from uuid import UUID

from identity.domain.account import Account, AccountState
from identity.domain.challenge import Purpose
from identity.domain.foreign_hash import is_known_hash
from identity.domain.history import ActorKind, HistoryAction, HistoryEntry
from identity.domain.normal_form import normal_key, username_problem
from identity.domain.profile import FIELDS, Profile
from identity.usecases.import_ports import Taken
from identity.usecases.issue_challenge import issue_challenge
from identity.usecases.ports import Clock, NewId, ReadMail, Records

IMPORT_COLUMNS = ("external_id", "username", "email", "display_name", "language", "password_hash", *FIELDS)
"""Of a file, in the order of its empty template."""
IMPORT_BATCH = 200
"""Lines that are imported in one transaction."""
_LONGEST_EXTERNAL_ID = 100
_LONGEST_NAME = 200


@dataclass(frozen=True, slots=True)
class BadLine:
    """One thing that is wrong with a line: which column, and a code."""

    line: int
    column: str
    problem: str


@dataclass(frozen=True, slots=True)
class FileLine:
    """One line of a file as it was read; `problem` when it could not be."""

    line: int
    values: Mapping[str, str] = field(default_factory=dict)
    problem: str = ""


@dataclass(slots=True)
class ImportReport:
    """What became of the lines."""

    active: int = 0
    """Can log in with their old password."""
    invited: int = 0
    """Have no password yet."""
    known: int = 0
    """Were there already, by their external id."""
    refused: int = 0
    """Lines with something wrong."""
    bad: list[BadLine] = field(default_factory=list)

    def refuse(self, line: int, problems: Mapping[str, str]) -> None:
        """Notes what is wrong with one line."""
        self.refused += 1
        self.bad += [BadLine(line, column, problem) for column, problem in problems.items()]


@dataclass(frozen=True, slots=True, kw_only=True)
class OldAccount:
    """One good line. The profile may have gaps: older systems knew less, and nobody is kept out for it."""

    line: int
    external_id: str
    username: str
    email: str
    display_name: str
    language: str
    password_hash: str
    profile: Profile


@dataclass(frozen=True, slots=True)
class ImportAuthor:
    """Who imports, for the histories of the accounts that are made."""

    kind: ActorKind
    id: UUID | None = None
    reason: str = ""


BY_SYSTEM = ImportAuthor(ActorKind.SYSTEM)
"""By a command of operations."""


@dataclass(frozen=True, slots=True)
class ImportRules:
    """How lines are read."""

    language: str
    languages: Collection[str]
    read_mail: ReadMail


@dataclass(slots=True)
class AccountImport:
    """One run over a file. Keeps a hash of each name that it met, so that a file cannot contradict itself."""

    rules: ImportRules
    clock: Clock
    new_id: NewId
    key_id: str
    dry_run: bool = False
    notify: bool = False
    author: ImportAuthor = field(default_factory=lambda: BY_SYSTEM)
    report: ImportReport = field(default_factory=ImportReport)
    _met: set[int] = field(default_factory=set)

    async def take(self, lines: Sequence[FileLine], records: Records) -> None:
        """Imports some lines; the caller commits."""
        good = [old for line in lines if (old := self._read(line))]
        taken = await records.imports.taken(
            [old.external_id for old in good if old.external_id],
            [normal_key(old.username) for old in good],
            [normal_key(old.email) for old in good],
        )
        for old in good:
            if old.external_id in taken.external_ids:
                self.report.known += 1
            elif problems := dict(self._conflicts(old, taken)):
                self.report.refuse(old.line, problems)
            elif self.dry_run or await self._add(old, records):
                self._count(old)
        self.report.bad.sort(key=lambda bad: bad.line)

    def _read(self, line: FileLine) -> OldAccount | None:
        if line.problem:
            self.report.refuse(line.line, {"": line.problem})
            return None
        old, problems = _read_line(line, self.rules)
        if problems:
            self.report.refuse(line.line, problems)
            return None
        return old

    def _conflicts(self, old: OldAccount, taken: Taken) -> Iterator[tuple[str, str]]:
        username, email = normal_key(old.username), normal_key(old.email)
        named = {"external_id": old.external_id, "username": username, "email": email}
        for column, value in named.items():
            key = hash((column, value))
            if value and key in self._met:
                yield column, f"{column}_twice"
            self._met.add(key)
        if username in taken.usernames:
            yield "username", "username_taken"
        if email in taken.emails:
            yield "email", "email_taken"

    async def _add(self, old: OldAccount, records: Records) -> bool:
        account = Account(
            id=self.new_id(),
            username=old.username,
            email=old.email,
            display_name=old.display_name,
            language=old.language,
            state=AccountState.ACTIVE if old.password_hash else AccountState.INVITED,
            created_at=self.clock(),
            password_hash=old.password_hash or None,
            **asdict(old.profile),
        )
        if not await records.accounts.add(account):
            self.report.refuse(old.line, {"username": "username_taken"})  # somebody came between
            return False
        if old.external_id:
            await records.imports.link(old.external_id, account.id)
        await self._announce(account, records)
        await records.history.add(self._entry(account))
        return True

    def _entry(self, account: Account) -> HistoryEntry:
        return HistoryEntry(
            id=self.new_id(),
            account_id=account.id,
            at=account.created_at,
            actor_kind=self.author.kind,
            actor_id=self.author.id,
            action=HistoryAction.IMPORTED,
            reason=self.author.reason,
            details={"after": account.state.value},
        )

    async def _announce(self, account: Account, records: Records) -> None:
        invited = account.state is AccountState.INVITED
        await records.announcements.account_registered(account.id, invited=invited)
        if not invited:
            await records.announcements.account_confirmed(account.id)
        elif self.notify:
            await issue_challenge(
                account.id,
                Purpose.RESET_PASSWORD,
                records=records,
                key_id=self.key_id,
                clock=self.clock,
                new_id=self.new_id,
            )

    def _count(self, old: OldAccount) -> None:
        if old.password_hash:
            self.report.active += 1
        else:
            self.report.invited += 1


def _read_line(line: FileLine, rules: ImportRules) -> tuple[OldAccount, dict[str, str]]:
    values = {name: line.values.get(name, "").strip() for name in IMPORT_COLUMNS}
    email, profile = rules.read_mail(values["email"]), Profile.read(values)
    old = OldAccount(
        line=line.line,
        external_id=values["external_id"],
        username=values["username"] or email or "",
        email=email or "",
        display_name=values["display_name"] or profile.display_name or email or "",
        language=values["language"] or rules.language,
        password_hash=values["password_hash"],
        profile=profile,
    )
    return old, _problems(old, values, rules) | profile.problems()


def _problems(old: OldAccount, values: Mapping[str, str], rules: ImportRules) -> dict[str, str]:
    named_otherwise = old.username != old.email
    found = {
        "external_id": "external_id_invalid" if not _is_line(old.external_id, _LONGEST_EXTERNAL_ID) else None,
        "username": username_problem(values["username"]) if values["username"] and named_otherwise else None,
        "email": None if old.email else ("email_invalid" if values["email"] else "email_missing"),
        "display_name": None if _is_line(old.display_name, _LONGEST_NAME) else "display_name_invalid",
        "language": None if old.language in rules.languages else "language_unknown",
        "password_hash": "password_hash_unknown"
        if old.password_hash and not is_known_hash(old.password_hash)
        else None,
    }
    return {column: problem for column, problem in found.items() if problem}


def _is_line(text: str, longest: int) -> bool:
    return len(text) <= longest and (not text or text.isprintable())
