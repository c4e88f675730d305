"""Members and invitations beside a plain model: whatever is done, the service says what the model says (ADR 0018)."""

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from uuid import UUID, uuid4

from chassis.errors import DomainError
from chassis.testing import FakeClock
from customer_link.domain.invitation import Purpose
from customer_link.usecases.answer_invitation import accept_invitation, decline_invitation
from customer_link.usecases.end_access import end_access, end_due_access, withdraw_invitation
from customer_link.usecases.invite_member import Invite, invite_member
from customer_link.usecases.name_administrator import may_give_back, name_administrator
from customer_link.usecases.ports import Records
from customer_link.usecases.unlink_customer import unlink_customer
from customer_link_builders import ANNA, BERND, CLARA, GASTHAUS, INN, a_link

PEOPLE = (ANNA, BERND, CLARA)
ACTS = ("invite", "accept", "decline", "withdraw", "end", "name", "unname", "wait", "unlink", "accept", "invite")
_ANSWER, _DELEGATION = timedelta(days=14), timedelta(days=20)


@dataclass
class ModelInvitation:
    id: UUID
    whose: UUID
    expires: datetime
    ends: datetime | None
    state: str = "open"


@dataclass
class MemberLife:
    """Anna holds the number in the beginning; everybody tries everything."""

    records: Records
    clock: FakeClock = field(default_factory=FakeClock)
    sent: list[ModelInvitation] = field(default_factory=list)
    holders: set[UUID] = field(default_factory=lambda: {ANNA})
    named: set[UUID] = field(default_factory=set)
    ran_out: bool = False
    """Whether the clock took an administrator away; staff help then."""

    async def begin(self) -> None:
        await self.records.links.add(a_link(ANNA, INN))

    async def act(self, name: str, pick: int) -> None:
        by, whom = PEOPLE[pick % 3], PEOPLE[pick // 3 % 3]
        invitation = self.sent[pick % len(self.sent)] if self.sent else None
        if name == "invite":
            await self._invite(by, whom, for_a_time=pick % 2 == 0)
        elif name == "wait":
            self.clock.advance(timedelta(days=pick % 16))
            await self._pass_time()
        elif name == "unlink":
            await self._unlink(by)
        elif name == "end":
            await self._end(by, whom)
        elif name in {"name", "unname"}:
            await self._name(by, whom, named=name == "name")
        elif invitation is not None:
            await self._answer(name, by, invitation)

    async def compare(self) -> None:
        found = {one.account_id: one.administers for one in await self.records.members.of(GASTHAUS.id)}
        assert found == {one: self.administers(one) for one in self.members()}
        assert set(await self.records.memberships.members(GASTHAUS.id)) == self.members()
        if not self.ran_out:
            invited = any(one.state in {"open", "accepted"} for one in self.sent)
            assert not invited or any(found.values()), "nobody is left who could end an access"

    def members(self) -> set[UUID]:
        return self.holders | {one.whose for one in self.sent if one.state == "accepted"}

    def administers(self, account_id: UUID) -> bool:
        return account_id in self.members() and account_id in self.holders | self.named

    def _lasting(self, account_id: UUID) -> bool:
        for_good = any(one.whose == account_id and one.state == "accepted" and not one.ends for one in self.sent)
        return account_id in self.holders or (account_id in self.named and for_good)

    def _may_leave(self, account_id: UUID, *, stays: bool) -> bool:
        invited = any(one.state == "accepted" and (stays or one.whose != account_id) for one in self.sent)
        waiting = any(one.state == "open" for one in self.sent)
        return any(self._lasting(one) for one in PEOPLE if one != account_id) or not (invited or waiting)

    async def _invite(self, by: UUID, whom: UUID, *, for_a_time: bool) -> None:
        now, made = self.clock(), uuid4()
        ends = now + _DELEGATION if for_a_time else None
        purpose = Purpose.AGENCY if for_a_time else Purpose.COLLEAGUE
        wish = Invite(made, GASTHAUS.id, by, f"{whom}@example.com", "Name", "de", purpose, ends)
        is_open = any(one.whose == whom and one.state == "open" for one in self.sent)
        done = await _tried(lambda: invite_member(wish, records=self.records, now=now))
        many = await self.records.invitations.sent_since(GASTHAUS.id, now - timedelta(days=1)) >= 20
        assert done is (self.administers(by) and not is_open) or many
        if done:
            await self.records.invitations.give_account(made, whom)
            self.sent.append(ModelInvitation(made, whom, now + _ANSWER, ends))

    async def _answer(self, name: str, by: UUID, invitation: ModelInvitation) -> None:
        now, records = self.clock(), self.records
        if name == "withdraw":
            call = lambda: withdraw_invitation(GASTHAUS.id, invitation.id, by=by, records=records, now=now)  # noqa: E731
            assert await _tried(call) is (self.administers(by) and invitation.state != "accepted")
            if self.administers(by) and invitation.state == "open":
                invitation.state = "withdrawn"
            return
        decide = accept_invitation if name == "accept" else decline_invitation
        done = await _tried(lambda: decide(by, invitation.id, records=records, now=now))
        assert done is (by == invitation.whose and invitation.state == "open")
        if done and name == "decline":
            invitation.state = "declined"
        elif done:
            self._end_all(by, renewed=True)
            invitation.state = "accepted"
            # A lasting administrator who accepts an access for a time has an end, too.
            self.ran_out |= by in self.named and invitation.ends is not None

    async def _end(self, by: UUID, whom: UUID) -> None:
        invited = any(one.whose == whom and one.state == "accepted" for one in self.sent)
        right = by in self.members() if by == whom else self.administers(by)
        last = whom in self.named and whom not in self.holders and not self._may_leave(whom, stays=False)
        done = await _tried(lambda: end_access(GASTHAUS.id, whom, by=by, records=self.records, now=self.clock()))
        assert done is (invited and right and not last)
        if done:
            self._end_all(whom)

    async def _name(self, by: UUID, whom: UUID, *, named: bool) -> None:
        possible = self.administers(by) and whom in self.members() and whom not in self.holders
        expected = possible and (named or whom not in self.named or self._may_leave(whom, stays=True))
        records, now = self.records, self.clock()
        call = lambda: name_administrator(GASTHAUS.id, whom, named=named, by=by, records=records, now=now)  # noqa: E731
        assert await _tried(call) is expected
        if expected:
            (self.named.add if named else self.named.discard)(whom)

    async def _unlink(self, whose: UUID) -> None:
        free = await may_give_back(whose, INN, records=self.records)
        accepted = [one for one in self.sent if one.whose == whose and one.state == "accepted"]
        goes_on = whose in self.named and any(not one.ends for one in accepted)
        assert whose not in self.holders or free is (goes_on or self._may_leave(whose, stays=bool(accepted)))
        if free and whose in self.holders:
            await unlink_customer(whose, INN.id, records=self.records, clock=self.clock)
            self.holders.discard(whose)

    async def _pass_time(self) -> None:
        now = self.clock()
        for one in self.sent:
            if one.state == "open" and now >= one.expires:
                one.state = "expired"
            elif one.state == "accepted" and one.ends is not None and now >= one.ends:
                self.ran_out |= one.whose in self.named
                self._end_all(one.whose)
        await end_due_access(records=self.records, clock=self.clock)

    def _end_all(self, whose: UUID, *, renewed: bool = False) -> None:
        for one in self.sent:
            if one.whose == whose and one.state == "accepted":
                one.state = "ended"
                if not renewed:
                    self.named.discard(whose)


async def _tried(call: object) -> bool:
    try:
        await call()  # type: ignore[operator]
    except DomainError:
        return False
    return True
