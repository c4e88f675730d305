"""Identity, asked for the accounts of contact persons."""

from uuid import UUID

from kundenportal.identity.v1 import account_service_pb2
from kundenportal.identity.v1.account_service_pb2_grpc import AccountServiceStub

from chassis.grpc_client import GrpcChannel
from customer_link.domain.contact import Contact

_SECONDS = 5.0


class IdentityClient:
    """Passes the contract of AccountDirectory."""

    def __init__(self, identity: GrpcChannel) -> None:
        self._stub = AccountServiceStub(identity.channel)

    async def ensure(self, contact: Contact) -> UUID:
        request = account_service_pb2.EnsureAccountRequest(
            request_id=str(contact.id),
            email=contact.email,
            display_name=contact.display_name,
            language=contact.language,
        )
        answer = await self._stub.EnsureAccount(request, timeout=_SECONDS)
        return UUID(answer.account.account_id)
