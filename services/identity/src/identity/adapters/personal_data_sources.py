"""The services that hold something about people: identity itself, and the others over gRPC."""

from uuid import UUID

from kundenportal.privacy.v1 import personal_data_service_pb2 as messages
from kundenportal.privacy.v1.personal_data_service_pb2_grpc import PersonalDataServiceStub

from chassis.database import Database
from chassis.grpc_client import GrpcChannel
from chassis.personal_data import PersonalData, to_document

SECONDS = 20.0
"""How long a service may take: nobody waits for it at a page."""


class RemoteSource:
    """A PersonalDataSource that is asked over gRPC."""

    def __init__(self, channel: GrpcChannel) -> None:
        self._stub = PersonalDataServiceStub(channel.channel)

    async def export(self, account_id: UUID) -> bytes:
        request = messages.ExportPersonalDataRequest(account_id=str(account_id))
        return bytes((await self._stub.ExportPersonalData(request, timeout=SECONDS)).document)

    async def erase(self, account_id: UUID, request_id: str) -> int:
        request = messages.ErasePersonalDataRequest(account_id=str(account_id), request_id=request_id)
        return int((await self._stub.ErasePersonalData(request, timeout=SECONDS)).erased_count)


class OwnSource:
    """Identity's own part; erased again, it finds nothing, so it needs no request id."""

    def __init__(self, database: Database, held: PersonalData) -> None:
        self._database = database
        self._held = held

    async def export(self, account_id: UUID) -> bytes:
        async with self._database.transaction() as tx:
            return to_document(await self._held.export(tx, account_id))[0]

    async def erase(self, account_id: UUID, request_id: str) -> int:
        del request_id
        async with self._database.transaction() as tx:
            return await self._held.erase(tx, account_id)
