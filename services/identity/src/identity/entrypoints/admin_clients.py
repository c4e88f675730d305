"""`python -m identity admin add-client | list-clients | rotate-client | end-client`: who may call the JSON API."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from chassis.database import Database
from identity.usecases.manage_clients import add_client, end_client, rotate_secret
from identity.usecases.ports import RecordsOn
from identity.usecases.start_session import SessionRules


@dataclass(frozen=True, slots=True)
class ClientAdmin:
    """The commands about API clients. A secret is in one answer, and nowhere afterwards."""

    database: Database
    records: RecordsOn
    rules: SessionRules

    async def add(self, name: str, scopes: Sequence[str]) -> dict[str, Any]:
        """A new client.

        Raises:
            DomainError: INVALID for a bad name or scope, CONFLICT when the name is taken.
        """
        async with self.database.transaction() as tx:
            client, secret = await add_client(
                name,
                scopes,
                records=self.records(tx),
                clock=self.rules.clock,
                new_id=self.rules.new_id,
                new_token=self.rules.new_token,
            )
        return {"client_id": str(client.id), "client_secret": secret, "scopes": sorted(client.scopes)}

    async def list(self) -> dict[str, Any]:
        """All clients, the ended ones too."""
        async with self.database.transaction() as tx:
            clients = await self.records(tx).clients.all()
        return {
            "clients": [
                {
                    "client_id": str(client.id),
                    "name": client.name,
                    "scopes": sorted(client.scopes),
                    "created": client.created_at.isoformat(),
                    "ended": client.ended_at.isoformat() if client.ended_at else None,
                }
                for client in clients
            ]
        }

    async def rotate(self, client_id: UUID) -> dict[str, Any]:
        """A new secret; the old one and its tokens end.

        Raises:
            DomainError: NOT_FOUND.
        """
        async with self.database.transaction() as tx:
            secret = await rotate_secret(client_id, records=self.records(tx), new_token=self.rules.new_token)
        return {"client_id": str(client_id), "client_secret": secret}

    async def end(self, client_id: UUID) -> dict[str, Any]:
        """Ends a client and its tokens.

        Raises:
            DomainError: NOT_FOUND.
        """
        async with self.database.transaction() as tx:
            await end_client(client_id, records=self.records(tx), clock=self.rules.clock)
        return {"client_id": str(client_id), "ended": True}
