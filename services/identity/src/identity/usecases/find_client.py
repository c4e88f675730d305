"""Find the API client of an access token."""

from identity.domain.api_client import AccessToken, ApiClient
from identity.usecases.client_ports import ClientStore
from identity.usecases.ports import Clock


async def find_client(token_hash: bytes, *, clients: ClientStore, clock: Clock) -> tuple[AccessToken, ApiClient] | None:
    """Token and client; None if unknown or over, or of a client that ended."""
    found = await clients.find_token(token_hash)
    if found is None or not found[1].live or clock() >= found[0].expires_at:
        return None
    return found
