"""ClientService: whose an access token is."""

from typing import Any

from kundenportal.identity.v1 import client_service_pb2, client_service_pb2_grpc

from chassis.database import Database
from chassis.errors import DomainError, ErrorKind
from identity.usecases.find_client import find_client
from identity.usecases.ports import Clock, RecordsOn


class ClientServicer(client_service_pb2_grpc.ClientServiceServicer):
    """Answers every service that has a JSON API."""

    def __init__(self, database: Database, records: RecordsOn, clock: Clock) -> None:
        self._database = database
        self._records = records
        self._clock = clock

    async def GetClient(  # noqa: N802 - the name of the RPC
        self, request: client_service_pb2.GetClientRequest, _context: Any
    ) -> client_service_pb2.GetClientResponse:
        """The client of a live token's hash.

        Raises:
            DomainError: NOT_FOUND.
        """
        async with self._database.transaction() as tx:
            found = await find_client(request.token_hash, clients=self._records(tx).clients, clock=self._clock)
        if found is None:
            raise DomainError(ErrorKind.NOT_FOUND, "token_unknown")
        token, client = found
        told = client_service_pb2.ApiClient(client_id=str(client.id), name=client.name, scopes=sorted(token.scopes))
        told.expire_time.FromDatetime(token.expires_at)
        return client_service_pb2.GetClientResponse(client=told)
