"""Asks identity for accounts, over gRPC."""

from collections.abc import Sequence
from uuid import UUID

import grpc
import structlog
from kundenportal.identity.v1 import account_service_pb2 as messages
from kundenportal.identity.v1.account_service_pb2_grpc import AccountServiceStub

from customer_link.domain.contact import Contact

_log = structlog.get_logger(__name__)
_SECONDS = 15.0


class IdentityClient:
    """See provide_account.Identity."""

    def __init__(self, channel: grpc.aio.Channel) -> None:
        self._accounts = AccountServiceStub(channel)

    async def ensure_accounts(self, contacts: Sequence[Contact]) -> list[UUID | None]:
        request = messages.EnsureAccountsRequest(requests=[_request(contact) for contact in contacts])
        answer = await self._accounts.EnsureAccounts(request, timeout=_SECONDS)
        return [_account(contact, each) for contact, each in zip(contacts, answer.responses, strict=True)]


def _request(contact: Contact) -> messages.EnsureAccountRequest:
    return messages.EnsureAccountRequest(
        request_id=str(contact.id),
        email=contact.email,
        display_name=contact.display_name,
        language=contact.language,
    )


def _account(contact: Contact, answer: messages.EnsureAccountResponse) -> UUID | None:
    if answer.problem:
        _log.warning("no account for a contact", contact_id=str(contact.id), problem=answer.problem)
        return None
    return UUID(answer.account.account_id)
