"""Invitations in memory; the contract suite holds them to the real ones."""

from dataclasses import dataclass, field, replace
from datetime import datetime
from uuid import UUID

from customer_link.domain.contact import email_key
from customer_link.domain.invitation import Invitation, InvitationState


@dataclass
class FakeInvitations:
    sent: dict[UUID, Invitation] = field(default_factory=dict)
    ended: dict[UUID, datetime] = field(default_factory=dict)

    async def add(self, invitation: Invitation) -> bool:
        for one in await self.waiting(invitation.organisation_id):
            if email_key(one.email) == email_key(invitation.email):
                return False
        return self.sent.setdefault(invitation.id, invitation) is invitation

    async def get(self, invitation_id: UUID) -> Invitation | None:
        return self.sent.get(invitation_id)

    async def give_account(self, invitation_id: UUID, account_id: UUID) -> bool:
        one = self.sent[invitation_id]
        if one.state is not InvitationState.OPEN or one.account_id is not None:
            return False
        self.sent[invitation_id] = replace(one, account_id=account_id)
        return True

    async def change(self, invitation: Invitation, state: InvitationState, at: datetime) -> bool:
        one = self.sent[invitation.id]
        if one.state is not invitation.state:
            return False
        answered = at if one.state is InvitationState.OPEN else one.answered_at
        self.sent[one.id] = replace(one, state=state, answered_at=answered)
        if state is not InvitationState.ACCEPTED:
            self.ended[one.id] = at
        return True

    async def membership(self, organisation_id: UUID, account_id: UUID) -> Invitation | None:
        mine = (one for one in self.accepted() if one.organisation_id == organisation_id)
        return next((one for one in mine if one.account_id == account_id), None)

    async def waiting(self, organisation_id: UUID) -> list[Invitation]:
        return [one for one in self._kept(InvitationState.OPEN) if one.organisation_id == organisation_id]

    async def current(self, organisation_id: UUID, limit: int) -> list[Invitation]:
        both = self._kept(InvitationState.OPEN, InvitationState.ACCEPTED)
        return [one for one in both if one.organisation_id == organisation_id][:limit]

    async def of_account(self, account_id: UUID) -> list[Invitation]:
        both = self._kept(InvitationState.OPEN, InvitationState.ACCEPTED)
        return [one for one in both if one.account_id == account_id]

    async def sent_since(self, organisation_id: UUID, since: datetime) -> int:
        return sum(one.organisation_id == organisation_id and one.invited_at > since for one in self.sent.values())

    async def due(self, now: datetime, limit: int) -> list[Invitation]:
        return [one for one in self._kept(*InvitationState) if one.over(now)][:limit]

    async def forget(self, before: datetime) -> int:
        gone = [invitation_id for invitation_id, at in self.ended.items() if at < before]
        for invitation_id in gone:
            del self.ended[invitation_id], self.sent[invitation_id]
        return len(gone)

    def accepted(self) -> list[Invitation]:
        return self._kept(InvitationState.ACCEPTED)

    def _kept(self, *states: InvitationState) -> list[Invitation]:
        kept = [one for one in self.sent.values() if one.state in states]
        return sorted(kept, key=lambda one: (one.invited_at, one.id))
