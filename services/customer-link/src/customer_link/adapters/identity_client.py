"""Asks identity for accounts, over gRPC."""

from uuid import UUID

import grpc
from kundenportal.identity.v1 import account_service_pb2 as messages
from kundenportal.identity.v1.account_service_pb2_grpc import AccountServiceStub

from customer_link.domain.contact import Contact

_SECONDS = 5.0


class IdentityClient:
    """See provide_account.Identity."""

    def __init__(self, channel: grpc.aio.Channel) -> None:
        self._accounts = AccountServiceStub(channel)

    async def ensure_account(self, contact: Contact) -> UUID:
        request = messages.EnsureAccountRequest(
            request_id=str(contact.id),
            email=contact.email,
            display_name=contact.display_name,
            language=contact.language,
        )
        answer = await self._accounts.EnsureAccount(request, timeout=_SECONDS)
        return UUID(answer.account.account_id)
