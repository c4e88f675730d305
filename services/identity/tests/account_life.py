"""The life of accounts, challenges and sessions as a state machine: whatever people do in whatever order, what is
stored stays what a plain model says. Run on the fakes (unit) and on PostgreSQL (integration).
"""

from collections.abc import Awaitable, Callable
from dataclasses import replace
from typing import Any
from uuid import UUID, uuid4

from hypothesis import strategies as st
from hypothesis.stateful import initialize, invariant, precondition, rule

from account_life_model import AccountModel, Person
from chassis.sessions import token_hash
from identity.domain.account import CLAIMING, AccountState, given_up_name
from identity.domain.challenge import LINKED, ChallengeState, Purpose
from identity.domain.normal_form import normal_key
from identity.domain.profile import Profile
from identity.domain.registration import Registration
from identity.usecases.confirm_account import confirm_account
from identity.usecases.count_attempt import attempt_key
from identity.usecases.disown_registration import disown_registration
from identity.usecases.end_sessions import end_sessions
from identity.usecases.ensure_account import NamedPerson, ensure_account
from identity.usecases.find_session import find_session
from identity.usecases.import_accounts import AccountImport, FileLine, ImportRules
from identity.usecases.log_in import LoginOutcome, LoginResult, finish_login
from identity.usecases.open_link import OpenedLink, link_token, open_link
from identity.usecases.ports import Records
from identity.usecases.register_account import register_account
from identity.usecases.reopen_account import reopen_account
from identity.usecases.request_reset import request_reset
from identity.usecases.set_new_password import set_new_password
from identity.usecases.sweep_expired import REGISTRATION_KEPT, sweep_expired
from identity_builders import KEYS, VISITOR

ACTIVE, UNCONFIRMED, INVITED = AccountState.ACTIVE, AccountState.UNCONFIRMED, AccountState.INVITED
LOCKED, CLOSED = AccountState.LOCKED, AccountState.CLOSED
NAMES = st.sampled_from(["Anna", "anna", "berta"])
MAILS = st.sampled_from(["a@beispiel.at", "A@Beispiel.at", "b@beispiel.at"])
LOGINS = st.one_of(NAMES, MAILS, st.just("clara"))
OLD_HASH = "$2b$10$N9qo8uLOickgx2ZMRZoMyeIjZAgcfl7p92ldGxad68LJZdL17lhWy"
"""A published example of bcrypt."""
PASSWORDS = st.sampled_from(["hash 1", "hash 2"])
ANY = st.integers(min_value=0, max_value=5)
"""Which of those that there are, the newest first."""


class AccountLife(AccountModel):
    """What people do, each beside what the model makes of it."""

    # What people do

    @initialize(name=st.sampled_from(["clara", ""]), email=MAILS)
    def somebody_is_there(self, name: str, email: str) -> None:
        """Most of a life is about an account that is active and used."""
        self.bring_along(name, email, OLD_HASH)
        self.log_in(name or email, right=True)

    @rule(name=NAMES, email=MAILS, password=PASSWORDS)
    def register(self, name: str, email: str, password: str) -> None:
        self.clock.forward(seconds=1)
        typed = Registration(
            username=name,
            profile=Profile(first_name="A", last_name="B"),
            email=email,
            typed_email=email,
            password="long enough",
            consent=True,
            language="de",
        )
        ids = [uuid4(), uuid4()]
        issuing = {"key_id": "k1", "clock": self.clock, "new_id": iter(ids).__next__}
        refusal = self.do(
            lambda records: register_account(typed, password, terms_version="1", records=records, **issuing)
        )
        assert refusal == ("username_taken" if self.named(name) else None)
        if refusal:
            return
        owner = self.owner(email)
        self.people[ids[0]] = Person(name, email, UNCONFIRMED, password, self.clock())
        purpose = Purpose.REGISTRATION_EXISTS if owner else Purpose.CONFIRM_REGISTRATION
        self.learn(self.issued(ids[1], owner or ids[0], purpose))

    @rule(email=MAILS)
    def invite(self, email: str) -> None:
        person = NamedPerson(email=email, display_name="Anna", language="de")
        made = self.do(lambda records: ensure_account(person, records=records, clock=self.clock, new_id=uuid4))
        owner = self.owner(email)
        assert owner in {None, made.id}
        if owner is None:
            self.claim(email)
            self.people[made.id] = Person(email, email, INVITED, None, self.clock())

    @rule(name=NAMES | st.just(""), email=MAILS, password=st.sampled_from(["", OLD_HASH]))
    def bring_along(self, name: str, email: str, password: str) -> None:
        """From an older system; without a name the address is the name."""
        made, rules = uuid4(), ImportRules("de", ["de"], lambda typed: typed)
        line = FileLine(1, {"username": name, "email": email, "display_name": "Anna", "password_hash": password})
        run = AccountImport(rules, self.clock, lambda: made, "k1")
        self.do(lambda records: run.take([line], records))
        taken = self.owner(email) or (self.named(name) if name else None)
        assert run.report.refused == (1 if taken else 0), run.report
        if not taken:
            self.claim(email)
            self.people[made] = Person(
                name or email, email, ACTIVE if password else INVITED, password or None, self.clock()
            )

    @rule(login=LOGINS)
    def forget_password(self, login: str) -> None:
        account, made = self.meant(login), uuid4()

        async def ask(records: Records) -> None:
            await records.throttles.clear([attempt_key("reset", str(account) if account else normal_key(login))])
            await request_reset(login, records=records, key_id="k1", clock=self.clock, new_id=lambda: made)

        assert self.do(ask) is None
        person = self.people[account] if account else None
        if account and person and person.state not in {LOCKED, CLOSED}:
            owner = self.owner(person.email) if person.state is UNCONFIRMED else None
            purpose = Purpose.REGISTRATION_EXISTS if owner else Purpose.RESET_PASSWORD
            self.learn(self.issued(made, owner or account, purpose))

    @precondition(lambda self: self.links)
    @rule(which=ANY)
    def confirm(self, which: int) -> None:
        key = self.one_of(self.links, which)
        account = self.links[key].account
        good = self.is_open(key, Purpose.CONFIRM_REGISTRATION) and self.people[account].state is UNCONFIRMED
        good = good and self.owner(self.people[account].email) is None
        token = self._answer(
            key,
            Purpose.CONFIRM_REGISTRATION,
            lambda link, records: confirm_account(link, VISITOR, records=records, rules=self.rules),
        )
        assert (token != "link_over") == good
        if good:
            self.links[key] = replace(self.links[key], over=True)
            self.claim(self.people[account].email)
            self.people[account] = replace(self.people[account], state=ACTIVE)
            self.sign_in(account, token)

    @precondition(lambda self: self.links)
    @rule(which=ANY)
    def disown(self, which: int) -> None:
        key = self.one_of(self.links, which)
        account = self.links[key].account
        good = self.is_open(key, Purpose.CONFIRM_REGISTRATION) and self.people[account].state is UNCONFIRMED
        refusal = self._answer(
            key,
            Purpose.CONFIRM_REGISTRATION,
            lambda link, records: disown_registration(link, records=records, clock=self.clock),
        )
        assert (refusal is None) == good
        if good:
            del self.people[account]

    @precondition(lambda self: self.links)
    @rule(which=ANY, password=PASSWORDS)
    def choose_password(self, which: int, password: str) -> None:
        key = self.one_of(self.links, which)
        account = self.links[key].account
        person = self.people.get(account)
        good = self.is_open(key, Purpose.RESET_PASSWORD) and person is not None
        good = good and person.state not in {LOCKED, CLOSED} and self.owner(person.email) in {None, account}  # type: ignore[union-attr]
        refusal = self._answer(
            key,
            Purpose.RESET_PASSWORD,
            lambda link, records: set_new_password(link, password, records=records, rules=self.rules),
        )
        assert (refusal is None) == good
        if good:
            self.claim(self.people[account].email)
            self.people[account] = replace(self.people[account], state=ACTIVE, password=password)
            self.end_links(account, Purpose.RESET_PASSWORD, Purpose.CONFIRM_REGISTRATION)
            self.sign_out(account)

    @rule(login=LOGINS, right=st.sampled_from([True, True, False]))
    def log_in(self, login: str, right: bool) -> None:
        key = self.named(login) or self.owner(login)
        right = right and key is not None and self.people[key].password is not None
        password = self.people[key].password if right and key else "hash of something else"

        async def attempt(records: Records) -> LoginResult:
            account = await records.accounts.find_for_login(login)
            return await finish_login(
                account,
                matches=account is not None and account.password_hash == password,
                fresh_hash=None,
                visitor=VISITOR,
                records=records,
                rules=self.rules,
            )

        result: LoginResult = self.do(attempt)
        expected = {ACTIVE: LoginOutcome.SIGNED_IN, UNCONFIRMED: LoginOutcome.UNCONFIRMED}
        state = self.people[key].state if key and right else None
        assert result.outcome is expected.get(state, LoginOutcome.REFUSED)  # type: ignore[arg-type]
        if key and result.token:
            self.sign_in(key, result.token)

    @precondition(lambda self: self.people)
    @rule(which=ANY, locked=st.booleans())
    def lock_or_unlock(self, which: int, locked: bool) -> None:
        key = self.one_of(self.people, which)
        before, after = (ACTIVE, LOCKED) if locked else (LOCKED, ACTIVE)
        if self.people[key].state is before:
            self._becomes(key, after)

    @precondition(lambda self: self.people)
    @rule(which=ANY)
    def close(self, which: int) -> None:
        key = self.one_of(self.people, which)
        if self.people[key].state is ACTIVE:
            self._becomes(key, CLOSED)

    @precondition(lambda self: any(one.state is CLOSED for one in self.people.values()))
    @rule(which=ANY)
    def reopen(self, which: int) -> None:
        key = self.one_of({key: one for key, one in self.people.items() if one.state is CLOSED}, which)
        person, owner = self.people[key], self.owner(self.people[key].email)
        refusal = self.do(
            lambda records: reopen_account(key, "by mistake", records=records, clock=self.clock, new_id=uuid4)
        )
        assert refusal == ("address_taken" if owner else None)
        if refusal is None:
            self.claim(person.email)
            name = person.email if person.name == given_up_name(key) else person.name
            self.people[key] = replace(person, name=name, state=ACTIVE if person.password else INVITED)

    @precondition(lambda self: self.cookies)
    @rule(which=ANY)
    def be_active(self, which: int) -> None:
        token = self.one_of(self.cookies, which)
        account, idle, end = self.cookies[token]
        found = self.do(
            lambda records: find_session(token_hash(token), activity=True, sessions=records.sessions, rules=self.rules)
        )
        alive = self.clock() < min(idle, end) and self.people[account].state is ACTIVE
        assert (found is not None) == alive
        if found is not None:
            self.cookies[token] = (account, found[0].idle_until, end)

    @rule(minutes=st.sampled_from([1, 29, 31, 13 * 60, 25 * 60, 8 * 24 * 60]))
    def wait(self, minutes: int) -> None:
        self.clock.forward(minutes=minutes)

    @rule()
    def sweep(self) -> None:
        before = self.clock() - REGISTRATION_KEPT
        self.do(lambda records: sweep_expired(records=records, clock=self.clock))
        kept = {key: one for key, one in self.people.items() if one.state is not UNCONFIRMED or one.since >= before}
        self.people = kept

    # What is always so

    @invariant()
    def accounts_are_as_the_model_says(self) -> None:
        stored = self.do(lambda records: records.accounts.get_many(list(self.people)))
        seen = {one.id: (one.username, one.email, one.state, one.password_hash) for one in stored}
        assert seen == {key: (one.name, one.email, one.state, one.password) for key, one in self.people.items()}

    @invariant()
    def an_address_belongs_to_one_and_a_name_too(self) -> None:
        claimed = [normal_key(one.email) for one in self.people.values() if one.state in CLAIMING]
        names = [normal_key(one.name) for one in self.people.values()]
        assert len(set(claimed)) == len(claimed)
        assert len(set(names)) == len(names)

    @invariant()
    def sessions_live_as_the_model_says(self) -> None:
        for token, (account, idle, end) in self.cookies.items():
            alive = self.clock() < min(idle, end) and self.people[account].state is ACTIVE
            found = self.do(
                lambda records, token=token: find_session(
                    token_hash(token), activity=False, sessions=records.sessions, rules=self.rules
                )
            )
            assert (found is not None) == alive

    @invariant()
    def links_are_as_the_model_says(self) -> None:
        for key in [key for key, link in self.links.items() if link.account in self.people]:
            link, found = self.links[key], self.do(lambda records, key=key: records.challenges.get(key))
            # What has been over for a week is swept away.
            assert found is not None or link.over or link.until <= self.clock()
            if found is not None:
                open_now = found.state(self.clock()) is ChallengeState.OPEN
                assert (found.account_id, found.purpose) == (link.account, link.purpose)
                assert open_now == (not link.over and self.clock() < link.until)

    def _answer(self, key: UUID, purpose: Purpose, then: Callable[[OpenedLink, Records], Awaitable[Any]]) -> Any:
        """Opens the link as the page does: what is not open, or is for something else, goes no further."""
        link = self.links[key]
        challenge = self.issued(key, link.account, link.purpose)
        token = link_token(challenge, KEYS) if link.purpose in LINKED else None

        async def press(records: Records) -> Any:
            opened = await open_link(token, records=records, signer=KEYS, clock=self.clock) if token else None
            if opened is None or opened.challenge.purpose is not purpose:
                return "link_over"
            return await then(opened, records)

        return self.do(press)

    def _becomes(self, key: UUID, state: AccountState) -> None:
        """What staff or the person do: the state changes and all sessions end."""

        async def change(records: Records) -> None:
            account = await records.accounts.get(key)
            assert account is not None
            assert await records.accounts.save(replace(account, state=state))
            await end_sessions(key, records=records)

        assert self.do(change) is None
        self.people[key] = replace(self.people[key], state=state)
        self.sign_out(key)
