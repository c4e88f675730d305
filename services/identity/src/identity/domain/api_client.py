"""An API client: another system that calls the JSON API with access tokens (OAuth 2.0, RFC 6749, section 4.4)."""

import re
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

TOKEN_LIFETIME = timedelta(hours=1)
LONGEST_CLIENT_NAME = 60
_SCOPE = re.compile(r"[a-z]+(-[a-z]+)*:[a-z]+")


@dataclass(frozen=True, slots=True, kw_only=True)
class ApiClient:
    """One client. Its secret has 256 random bits and is kept as its SHA-256, which nobody can turn around."""

    id: UUID
    name: str
    scopes: frozenset[str]
    secret_hash: bytes
    created_at: datetime
    ended_at: datetime | None = None

    @property
    def live(self) -> bool:
        """Whether it may get tokens and use them."""
        return self.ended_at is None


@dataclass(frozen=True, slots=True, kw_only=True)
class AccessToken:
    """One access token; its value is kept nowhere, only the SHA-256."""

    token_hash: bytes
    client_id: UUID
    scopes: frozenset[str]
    expires_at: datetime


def scope_problem(scope: str) -> str | None:
    """Code of what is wrong with a scope, or None. It names a thing and what may be done: `accounts:read`."""
    return None if _SCOPE.fullmatch(scope) else "scope_invalid"


def client_name_problem(name: str) -> str | None:
    """Code of what is wrong with a client's name, or None."""
    return None if 0 < len(name) <= LONGEST_CLIENT_NAME and name.isprintable() else "client_name_invalid"
