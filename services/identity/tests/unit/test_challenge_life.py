"""The life of what is mailed to one account: whatever is asked, pressed, left lying or objected to in whatever order,
each link and password is good exactly as long as a plain model says.
"""

import asyncio
from collections.abc import Coroutine
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule, run_state_machine_as_test

from chassis.errors import DomainError
from identity.domain.challenge import LIFETIMES, OBJECTIONS, RESETS, ChallengeState, Purpose
from identity.usecases.change_email import cancel_email_change, confirm_email, start_email_change
from identity.usecases.link_for_mail import link_for_mail
from identity.usecases.mail_password import mail_password
from identity.usecases.object_to_email_change import object_to_email_change
from identity.usecases.open_link import OpenedLink, link_token, open_link
from identity.usecases.request_reset import request_reset
from identity.usecases.set_new_password import set_new_password
from identity.usecases.use_mailed_password import use_mailed_password
from identity_builders import KEYS, VISITOR, an_account
from identity_world import World

ADDRESSES = st.sampled_from([f"{name}@beispiel.at" for name in "abc"])
ANY = st.integers(min_value=0, max_value=9)
"""Which of the mails that there are, the newest first."""


@dataclass
class Mailed:
    """A mail as the model has it."""

    purpose: Purpose
    email: str
    at: datetime
    state: ChallengeState = ChallengeState.OPEN


class ChallengeLife(RuleBasedStateMachine):
    """What the owner and a thief do with one account, each beside what the model makes of it."""

    def __init__(self) -> None:
        super().__init__()
        self.world = World()
        self.account = self.world.has(an_account("anna", email="a@beispiel.at"))
        self.email, self.password = self.account.email, self.account.password_hash
        self.mails: dict[UUID, Mailed] = {}

    @rule()
    def forget_the_password(self) -> None:
        self.world.records.throttles.rows.clear()
        self.do(request_reset(self.email, **self.world.issuing))
        self.mailed({Purpose.RESET_PASSWORD: ""})

    @rule(which=ANY)
    def choose_a_password(self, which: int) -> None:
        if link := self.opened(which, Purpose.RESET_PASSWORD):
            works = self.do(set_new_password(link, "chosen", records=self.world.records, rules=self.world.rules))
            if self.used(link, works=works):
                self.password = "chosen"
                self.close(*RESETS)

    @rule(which=ANY)
    def have_one_mailed(self, which: int) -> None:
        link = self.opened(which, Purpose.RESET_PASSWORD)
        if link and self.used(link, works=self.do(mail_password(link, **self.world.issuing))):
            self.mailed({Purpose.MAILED_PASSWORD: ""})

    @rule(which=ANY)
    def log_in_with_a_mailed_one(self, which: int) -> None:
        found = [key for key, mail in self.mails.items() if mail.purpose is Purpose.MAILED_PASSWORD]
        if not found:
            return
        key = found[::-1][which % len(found)]
        works = self.mails[key].state is ChallengeState.OPEN
        password = self.password_of(key) if works else "7777-7777-7777-7777-7777"
        doing: dict[str, Any] = {"records": self.world.records, "rules": self.world.rules, "signer": KEYS}
        result = asyncio.run(use_mailed_password(self.email, password, VISITOR, **doing))
        assert (result is not None) == works
        if works:
            self.mails[key].state, self.password = ChallengeState.USED, None
            self.close(*RESETS)

    @rule(email=ADDRESSES)
    def enter_another_address(self, email: str) -> None:
        self.world.records.throttles.rows.clear()
        doing = {"records": self.world.records, "rules": self.world.rules, "key_id": "k1"}
        works = self.do(start_email_change(self.account.id, email, **doing))
        assert works == (email != self.email)
        if works:
            self.mailed({Purpose.CONFIRM_EMAIL: email, Purpose.EMAIL_CHANGE_STARTED: self.email})

    @rule()
    def think_better_of_it(self) -> None:
        self.do(cancel_email_change(self.account.id, records=self.world.records, rules=self.world.rules))
        self.close(Purpose.CONFIRM_EMAIL)

    @rule(which=ANY)
    def confirm_the_address(self, which: int) -> None:
        if link := self.opened(which, Purpose.CONFIRM_EMAIL):
            doing = {"records": self.world.records, "rules": self.world.rules, "key_id": "k1"}
            if self.used(link, works=self.do(confirm_email(link, **doing))):
                self.close(*RESETS)
                self.close(Purpose.EMAIL_CHANGE_STARTED, email=self.email)
                old, self.email = self.email, link.challenge.email
                self.mailed({Purpose.EMAIL_CHANGE_DONE: old})

    @rule(which=ANY)
    def say_that_it_was_not_me(self, which: int) -> None:
        if link := self.opened(which, *OBJECTIONS):
            doing = {"records": self.world.records, "rules": self.world.rules, "key_id": "k1"}
            if self.used(link, works=self.do(object_to_email_change(link, **doing))):
                self.close(Purpose.CONFIRM_EMAIL, *RESETS)
                self.close(*OBJECTIONS, since=link.challenge.issued_at)
                self.email, self.password = link.challenge.email, None
                self.mailed({Purpose.RESET_PASSWORD: ""})

    @rule(minutes=st.sampled_from([1, 29, 31, 24 * 60, 7 * 24 * 60]))
    def wait(self, minutes: int) -> None:
        self.world.clock.forward(minutes=minutes)
        for mail in self.mails.values():
            over = self.world.clock() >= mail.at + LIFETIMES[mail.purpose]
            if over and mail.state is ChallengeState.OPEN:
                mail.state = ChallengeState.EXPIRED

    @precondition(lambda self: self.mails)
    @invariant()
    def each_mail_is_worth_what_the_model_says(self) -> None:
        rows, now = self.world.records.challenges.rows, self.world.clock()
        works = {key: rows[key].state(now) is ChallengeState.OPEN for key in self.mails}
        assert works == {key: mail.state is ChallengeState.OPEN for key, mail in self.mails.items()}

    @invariant()
    def the_account_is_what_the_model_says(self) -> None:
        account = self.world.now_has(self.account)
        assert (account.email, account.password_hash) == (self.email, self.password)

    def do(self, work: Coroutine[Any, Any, None]) -> bool:
        """Whether it was not refused."""
        try:
            asyncio.run(work)
        except DomainError:
            return False
        finally:
            self.world.clock.forward(microseconds=1)
        return True

    def mailed(self, mails: dict[Purpose, str]) -> None:
        """Enters the challenges that were just issued; each replaces those before it of its kind (and address)."""
        for purpose, email in mails.items():
            self.close(purpose, email=email if purpose in OBJECTIONS else None)
        rows = list(self.world.records.challenges.rows.values())[-len(mails) :]
        assert [(row.purpose, row.email) for row in rows] == list(mails.items())
        for row in rows:
            self.mails[row.id] = Mailed(row.purpose, row.email, row.issued_at)

    def close(self, *purposes: Purpose, email: str | None = None, since: datetime | None = None) -> None:
        for mail in self.mails.values():
            meant = mail.purpose in purposes and email in {None, mail.email} and (since is None or mail.at >= since)
            if meant and mail.state is ChallengeState.OPEN:
                mail.state = ChallengeState.REPLACED

    def opened(self, which: int, *purposes: Purpose) -> OpenedLink | None:
        found = [key for key, mail in self.mails.items() if mail.purpose in purposes]
        if not found:
            return None
        token = link_token(self.world.records.challenges.rows[found[::-1][which % len(found)]], KEYS)
        assert token is not None
        return asyncio.run(open_link(token, records=self.world.records, signer=KEYS, clock=self.world.clock))

    def used(self, link: OpenedLink, *, works: bool) -> bool:
        """A link works exactly while the model says so, and then no more."""
        mail = self.mails[link.challenge.id]
        assert works == (mail.state is ChallengeState.OPEN)
        mail.state = ChallengeState.USED if works else mail.state
        return works

    def password_of(self, key: UUID) -> str:
        doing: dict[str, Any] = {"records": self.world.records, "signer": KEYS, "clock": self.world.clock}
        return asyncio.run(link_for_mail(key, **doing)).password


def test_whatever_is_mailed_is_good_as_long_as_the_model_says() -> None:
    run_state_machine_as_test(ChallengeLife, settings=settings(max_examples=100, stateful_step_count=30))
