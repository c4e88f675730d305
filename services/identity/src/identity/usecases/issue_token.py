"""Issue an access token to an API client (RFC 6749, section 4.4). How the protocol speaks is the TokenProtocol's."""

import hmac
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Protocol
from uuid import UUID

from chassis.sessions import token_hash
from identity.domain.api_client import TOKEN_LIFETIME, AccessToken, ApiClient
from identity.domain.throttle import CLIENT_TRIES, SOURCE, TOKENS
from identity.usecases.count_attempt import attempt_key, count_attempt, forgive_attempt
from identity.usecases.manage_clients import new_secret
from identity.usecases.ports import Clock, NewToken, Records

_NOBODYS = bytes(32)


@dataclass(frozen=True, slots=True)
class TokenRequest:
    """What came to the token endpoint."""

    form: Mapping[str, str]
    authorization: str | None
    source: str


@dataclass(slots=True)
class Applicant:
    """Who asks, as far as it is known: for an unknown id the same work is done as for a known one."""

    client: ApiClient | None
    clock: Clock
    new_token: NewToken
    proved: bool = False
    """Whether the right secret was given."""
    issued: AccessToken | None = None

    @property
    def scopes(self) -> frozenset[str]:
        """What may be asked for."""
        return self.client.scopes if self.client else frozenset()

    def has_secret(self, secret: str) -> bool:
        """Whether the secret is the client's."""
        kept = self.client.secret_hash if self.client else _NOBODYS
        self.proved = hmac.compare_digest(token_hash(secret), kept)
        return self.proved

    def issue(self, scopes: frozenset[str]) -> str:
        """The value of a new token for a client that has proved itself; only its hash stays."""
        if self.client is None or not self.proved:
            raise ValueError("Who has not given the secret gets no token.")
        value = new_secret(self.new_token)
        self.issued = AccessToken(
            token_hash=token_hash(value),
            client_id=self.client.id,
            scopes=scopes,
            expires_at=self.clock() + TOKEN_LIFETIME,
        )
        return value


@dataclass(frozen=True, slots=True)
class TokenAnswer:
    """Status, JSON body and headers of the answer."""

    status: int
    body: Mapping[str, object]
    headers: Sequence[tuple[str, str]] = field(default_factory=tuple)


class TokenProtocol(Protocol):
    """Reads requests and makes answers as the RFC says; never touches the database."""

    def client_id(self, request: TokenRequest) -> str:
        """The id that the request names; empty when it names none."""

    def answer(self, request: TokenRequest, applicant: Applicant) -> TokenAnswer:
        """The answer; `applicant` is asked for the secret, and then for the token."""


async def issue_token(
    request: TokenRequest, *, protocol: TokenProtocol, records: Records, clock: Clock, new_token: NewToken
) -> TokenAnswer:
    """The answer to a request, its token kept.

    Tries are counted before the secret is looked at: per source, and per source and client, so that a stranger's
    failures never keep the client itself out. Tokens are counted per client.

    Raises:
        DomainError: RATE_LIMITED, the same for known and unknown clients.
    """
    now, named = clock(), protocol.client_id(request)
    source, tries = attempt_key("token-source", request.source), attempt_key("client", request.source, named)
    await count_attempt(source, SOURCE, throttles=records.throttles, now=now)
    await count_attempt(tries, CLIENT_TRIES, throttles=records.throttles, now=now)
    applicant = Applicant(await _live_client(named, records), clock, new_token)
    answer = protocol.answer(request, applicant)
    if applicant.proved and applicant.client:
        await forgive_attempt(source, throttles=records.throttles, now=now)
        await records.throttles.clear([tries])
        await count_attempt(f"{applicant.client.id}:tokens", TOKENS, throttles=records.throttles, now=now)
    if applicant.issued:
        await records.clients.add_token(applicant.issued)
    return answer


async def _live_client(named: str, records: Records) -> ApiClient | None:
    try:
        client = await records.clients.get(UUID(named))
    except ValueError:
        client = await records.clients.get(UUID(int=0))
    return client if client and client.live else None
