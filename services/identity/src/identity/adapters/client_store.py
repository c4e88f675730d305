"""API clients and access tokens in PostgreSQL."""

from collections.abc import Sequence
from dataclasses import asdict
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Row, delete, insert, select, update
from sqlalchemy.dialects.postgresql import insert as upsert

from chassis.database import Transaction
from identity.adapters.tables import access_token, api_client
from identity.domain.api_client import AccessToken, ApiClient

_TOKEN_COLUMNS = [column.label(f"token_{column.name}") for column in access_token.c]
_FIND = select(api_client, *_TOKEN_COLUMNS).join(access_token, access_token.c.client_id == api_client.c.id)


class PostgresClientStore:
    """Passes the contract of ClientStore; bound to one transaction."""

    def __init__(self, tx: Transaction) -> None:
        self._tx = tx

    async def get(self, client_id: UUID) -> ApiClient | None:
        row = (await self._tx.execute(select(api_client).where(api_client.c.id == client_id))).first()
        return _to_client(row) if row else None

    async def all(self) -> Sequence[ApiClient]:
        rows = await self._tx.execute(select(api_client).order_by(api_client.c.created_at, api_client.c.id))
        return [_to_client(row) for row in rows]

    async def add(self, client: ApiClient) -> bool:
        values = asdict(client) | {"scopes": sorted(client.scopes)}
        statement = upsert(api_client).values(values).on_conflict_do_nothing().returning(api_client.c.id)
        return (await self._tx.execute(statement)).first() is not None

    async def save(self, client: ApiClient) -> None:
        changed = update(api_client).where(api_client.c.id == client.id)
        await self._tx.execute(changed.values(secret_hash=client.secret_hash, ended_at=client.ended_at))

    async def add_token(self, token: AccessToken) -> None:
        await self._tx.execute(insert(access_token).values(asdict(token) | {"scopes": sorted(token.scopes)}))

    async def find_token(self, token_hash: bytes) -> tuple[AccessToken, ApiClient] | None:
        row = (await self._tx.execute(_FIND.where(access_token.c.token_hash == token_hash))).first()
        if row is None:
            return None
        token = AccessToken(
            token_hash=row.token_token_hash,
            client_id=row.id,
            scopes=frozenset(row.token_scopes),
            expires_at=row.token_expires_at,
        )
        return token, _to_client(row)

    async def delete_tokens(self, client_id: UUID) -> None:
        await self._tx.execute(delete(access_token).where(access_token.c.client_id == client_id))

    async def delete_expired_tokens(self, now: datetime) -> int:
        return (await self._tx.execute(delete(access_token).where(access_token.c.expires_at <= now))).rowcount


def _to_client(row: Row[Any]) -> ApiClient:
    return ApiClient(
        id=row.id,
        name=row.name,
        scopes=frozenset(row.scopes),
        secret_hash=row.secret_hash,
        created_at=row.created_at,
        ended_at=row.ended_at,
    )
