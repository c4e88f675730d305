"""What the use cases of API clients need from the outer world."""

from collections.abc import Sequence
from datetime import datetime
from typing import Protocol
from uuid import UUID

from identity.domain.api_client import AccessToken, ApiClient


class ClientStore(Protocol):
    """API clients and their access tokens."""

    async def get(self, client_id: UUID) -> ApiClient | None:
        """The client of this id, live or ended."""

    async def all(self) -> Sequence[ApiClient]:
        """Every client, the oldest first."""

    async def add(self, client: ApiClient) -> bool:
        """False, and nothing done, when a live client has the name."""

    async def save(self, client: ApiClient) -> None:
        """Writes what may change: secret and end."""

    async def add_token(self, token: AccessToken) -> None:
        """Keeps a new token."""

    async def find_token(self, token_hash: bytes) -> tuple[AccessToken, ApiClient] | None:
        """The token and its client, whatever their state."""

    async def delete_tokens(self, client_id: UUID) -> None:
        """Ends every token of a client."""

    async def delete_expired_tokens(self, now: datetime) -> int:
        """Deletes those that are over; returns how many."""
