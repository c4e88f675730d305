"""What customer-link holds about a person: links, being a contact, invitations, codes, requests and their documents."""

from typing import Any
from uuid import UUID

from sqlalchemy import Select, delete, select, update

from chassis.database import Transaction
from chassis.jobs import enqueue
from chassis.personal_data import Holdings
from customer_link.adapters.announcements import DELETE_FILES
from customer_link.adapters.tables import (
    activation_code,
    administrator,
    code_failure,
    contact,
    customer,
    invitation,
    link,
    link_request,
    organisation,
    request_document,
)

_MOST = 1000
_REQUEST = tuple(
    link_request.c[name] for name in ("kind", "reason", "text", "opened_at", "state", "decided_at", "answer")
)
_DOCUMENT = tuple(request_document.c[name] for name in ("name", "media_type", "size", "added_at"))
_wrote = (link_request.c.text != "") | (link_request.c.answer != "")


class HeldByCustomerLink:
    """A PersonalData of the chassis."""

    async def export(self, tx: Transaction, account_id: UUID) -> Holdings:
        """Names of organisations are said as far as the person belonged to them."""
        return {section: await _rows(tx, query) for section, query in _queries(account_id).items()}

    async def erase(self, tx: Transaction, account_id: UUID) -> int:
        """Contacts, invitations, tries, and the words and documents of requests go.

        Ended links, used codes and what became of requests stay: who held a number when is the organisation's record.
        They carry the account's id, which names nobody once identity has erased the account.
        """
        erased = await _erase_documents(tx, account_id)
        for statement in (
            delete(contact).where(contact.c.account_id == account_id),
            delete(invitation).where(invitation.c.account_id == account_id),
            delete(administrator).where(administrator.c.account_id == account_id),
            delete(code_failure).where(code_failure.c.account_id == account_id),
            update(link_request).where(_wrote, link_request.c.account_id == account_id).values(text="", answer=""),
        ):
            erased += (await tx.execute(statement)).rowcount
        return erased


def _queries(account_id: UUID) -> dict[str, Select[Any]]:
    to_organisation = customer.join(organisation, customer.c.organisation_id == organisation.c.id)
    owner = organisation.c.name.label("organisation")
    return {
        "customer_numbers": select(customer.c.number, link.c.type, owner, link.c.created_at, link.c.ended_at)
        .select_from(link.join(to_organisation, link.c.customer_id == customer.c.id))
        .where(link.c.account_id == account_id)
        .order_by(link.c.created_at.desc()),
        "contact_of": select(owner, contact.c.email, contact.c.display_name, contact.c.language, contact.c.removed_at)
        .select_from(contact.join(organisation, contact.c.organisation_id == organisation.c.id))
        .where(contact.c.account_id == account_id)
        .order_by(contact.c.id),
        "invitations": select(
            owner,
            invitation.c.email,
            invitation.c.display_name,
            invitation.c.purpose,
            invitation.c.state,
            invitation.c.invited_at,
            invitation.c.answered_at,
            invitation.c.access_until,
            invitation.c.ended_at,
        )
        .select_from(invitation.join(organisation, invitation.c.organisation_id == organisation.c.id))
        .where(invitation.c.account_id == account_id)
        .order_by(invitation.c.invited_at.desc()),
        "codes_used": select(customer.c.number, activation_code.c.used_at)
        .select_from(activation_code.join(customer, activation_code.c.customer_id == customer.c.id))
        .where(activation_code.c.used_by == account_id)
        .order_by(activation_code.c.used_at.desc()),
        "codes_tried": select(code_failure.c.number_key.label("number"), code_failure.c.failed_at)
        .where(code_failure.c.account_id == account_id)
        .order_by(code_failure.c.failed_at.desc()),
        "requests": select(customer.c.number, *_REQUEST)
        .select_from(link_request.join(customer, link_request.c.customer_id == customer.c.id))
        .where(link_request.c.account_id == account_id)
        .order_by(link_request.c.opened_at.desc()),
        "documents": _documents(account_id),
    }


def _documents(account_id: UUID) -> Select[Any]:
    """What one sent with requests; the files themselves are on the pages of these."""
    to_number = request_document.join(link_request, request_document.c.request_id == link_request.c.id).join(
        customer, link_request.c.customer_id == customer.c.id
    )
    mine = select(customer.c.number, *_DOCUMENT).select_from(to_number).where(link_request.c.account_id == account_id)
    return mine.order_by(request_document.c.added_at.desc(), request_document.c.name)


async def _erase_documents(tx: Transaction, account_id: UUID) -> int:
    """Their rows at once, their files by a job as soon as that is committed."""
    asked = select(link_request.c.id).where(link_request.c.account_id == account_id)
    mine = delete(request_document).where(request_document.c.request_id.in_(asked)).returning(request_document.c.id)
    keys = [str(key) for key in await tx.scalars(mine)]
    if keys:
        await enqueue(tx, DELETE_FILES, {"keys": keys})
    return len(keys)


async def _rows(tx: Transaction, query: Select[Any]) -> list[dict[str, object]]:
    return [dict(row) for row in (await tx.execute(query.limit(_MOST))).mappings()]
