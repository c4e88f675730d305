"""Make API clients, renew their secret, end them. A secret is shown once and kept nowhere (ASVS 13.2)."""

import base64
from collections.abc import Sequence
from dataclasses import replace
from uuid import UUID

from chassis.errors import DomainError, ErrorKind
from chassis.sessions import token_hash
from identity.domain.api_client import ApiClient, client_name_problem, scope_problem
from identity.usecases.ports import Clock, NewId, NewToken, Records


async def add_client(
    name: str, scopes: Sequence[str], *, records: Records, clock: Clock, new_id: NewId, new_token: NewToken
) -> tuple[ApiClient, str]:
    """The client and its secret.

    Raises:
        DomainError: INVALID for a bad name or scope, CONFLICT when a live client has the name.
    """
    problem = client_name_problem(name) or next(filter(None, map(scope_problem, scopes)), None)
    if problem or not scopes:
        raise DomainError(ErrorKind.INVALID, problem or "scope_missing", "A client has a name and scopes.")
    secret = new_secret(new_token)
    made = ApiClient(
        id=new_id(), name=name, scopes=frozenset(scopes), secret_hash=token_hash(secret), created_at=clock()
    )
    if not await records.clients.add(made):
        raise DomainError(ErrorKind.CONFLICT, "client_exists", "A client of this name is there already.")
    return made, secret


async def rotate_secret(client_id: UUID, *, records: Records, new_token: NewToken) -> str:
    """A new secret. The old one and all tokens got with it end at once, everywhere within a second."""
    client = await _live(client_id, records)
    secret = new_secret(new_token)
    await records.clients.save(replace(client, secret_hash=token_hash(secret)))
    await _revoke(client_id, records)
    return secret


async def end_client(client_id: UUID, *, records: Records, clock: Clock) -> None:
    """Ends a client and its tokens; its name is free for another one."""
    client = await _live(client_id, records)
    await records.clients.save(replace(client, ended_at=clock()))
    await _revoke(client_id, records)


def new_secret(new_token: NewToken) -> str:
    """256 random bits as text."""
    return base64.urlsafe_b64encode(new_token()).rstrip(b"=").decode()


async def _live(client_id: UUID, records: Records) -> ApiClient:
    client = await records.clients.get(client_id)
    if client is None or not client.live:
        raise DomainError(ErrorKind.NOT_FOUND, "client_unknown", "There is no such client.")
    return client


async def _revoke(client_id: UUID, records: Records) -> None:
    await records.clients.delete_tokens(client_id)
    await records.announcements.client_revoked(client_id)
