"""Identity's own answer to whose access token it is: straight from its database."""

from chassis.api_clients import ApiClient
from chassis.database import Database
from identity.usecases.find_client import find_client
from identity.usecases.ports import Clock, RecordsOn


class LocalClients:
    """A ClientDirectory of the chassis."""

    def __init__(self, database: Database, records: RecordsOn, clock: Clock) -> None:
        self._database = database
        self._records = records
        self._clock = clock

    async def find(self, token_hash: bytes) -> ApiClient | None:
        """The client of a live token, with the token's scopes."""
        async with self._database.transaction() as tx:
            found = await find_client(token_hash, clients=self._records(tx).clients, clock=self._clock)
        if found is None:
            return None
        token, client = found
        return ApiClient(client.id, client.name, token.scopes, token.expires_at)
