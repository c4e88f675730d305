"""Name a member administrator, or no longer; holders of a number are administrators by themselves."""

from dataclasses import replace
from datetime import datetime
from uuid import UUID

from customer_link.domain.customer import Customer
from customer_link.domain.member import may_leave
from customer_link.usecases.end_access import successor_missing
from customer_link.usecases.organisation_rights import administering, organisation_unknown
from customer_link.usecases.ports import Records


async def name_administrator(
    organisation_id: UUID, account_id: UUID, *, named: bool, by: UUID, records: Records, now: datetime
) -> None:
    """Again without effect.

    Raises:
        DomainError: NOT_FOUND, FORBIDDEN; CONFLICT when nobody would be left to end accesses.
    """
    await records.members.hold_still(organisation_id)
    standing = await administering(by, organisation_id, records=records)
    member = standing.member(account_id)
    if member is None or member.holdings:
        raise organisation_unknown()
    if named:
        await records.members.name(organisation_id, account_id, by, now)
        return
    waiting = await records.invitations.waiting(organisation_id)
    if member.named and not may_leave(account_id, standing.members, len(waiting), stays=True):
        raise successor_missing()
    await records.members.unname(organisation_id, account_id)


async def may_give_back(account_id: UUID, customer: Customer, *, records: Records) -> bool:
    """Whether a holder can unlink a number: the last administrator of people who were invited cannot."""
    organisation_id = customer.organisation_id
    await records.members.hold_still(organisation_id)
    members = await records.members.of(organisation_id)
    mine = next((one for one in members if one.account_id == account_id), None)
    if mine is None:
        return True
    others = any(one.customer_id != customer.id for one in mine.holdings)
    waiting = len(await records.invitations.waiting(organisation_id))
    stays = mine.contact or mine.invitation is not None
    return others or replace(mine, holdings=()).lasting or may_leave(account_id, members, waiting, stays=stays)
