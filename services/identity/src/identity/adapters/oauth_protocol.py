"""The token endpoint's protocol, by Authlib: client credentials only, secret in the header or in the form.

Authlib's server works on what it is given and touches no database, so it fits between our statements.
"""

from collections.abc import Mapping
from typing import Any

from authlib.oauth2.rfc6749 import AuthorizationServer, InvalidRequestError, InvalidScopeError
from authlib.oauth2.rfc6749.grants import ClientCredentialsGrant
from authlib.oauth2.rfc6749.requests import BasicOAuth2Payload, OAuth2Request
from authlib.oauth2.rfc6749.util import extract_basic_authorization, scope_to_list
from authlib.oauth2.rfc6750 import BearerTokenGenerator

from identity.domain.api_client import TOKEN_LIFETIME
from identity.usecases.issue_token import Applicant, TokenAnswer, TokenRequest

_METHODS = ["client_secret_basic", "client_secret_post"]


class OauthProtocol:
    """Passes the tests of RFC 6749's sections 2.3.1, 3.3, 4.4, 5.1 and 5.2 in component/test_token_endpoint.py.

    Args:
        address: of the token endpoint; https, or http of a loopback host.
    """

    def __init__(self, address: str) -> None:
        self._address = address

    def client_id(self, request: TokenRequest) -> str:
        """From the header if there is one that can be read, else from the form."""
        return (_basic(request)[0] if request.authorization else request.form.get("client_id")) or ""

    def answer(self, request: TokenRequest, applicant: Applicant) -> TokenAnswer:
        """Never raises: an error is an answer."""
        server = _Server(applicant)
        if request.authorization and ("client_secret" in request.form or _basic(request)[0] is None):
            return server.refusal(request, self._address)
        answer: TokenAnswer = server.create_token_response(_read(request, self._address))
        return answer


class _Client:
    """The applicant as Authlib asks it."""

    def __init__(self, applicant: Applicant) -> None:
        self._applicant = applicant

    def check_client_secret(self, secret: str) -> bool:
        return self._applicant.has_secret(secret)

    def check_endpoint_auth_method(self, method: str, _endpoint: str) -> bool:
        return method in _METHODS

    def check_grant_type(self, grant_type: str) -> bool:
        return bool(grant_type == ClientCredentialsGrant.GRANT_TYPE)

    def get_allowed_scope(self, scope: str | None) -> str:
        """All that the client has, if it asks for nothing particular."""
        return " ".join(sorted(set(scope_to_list(scope) or ()) or self._applicant.scopes))


class _Grant(ClientCredentialsGrant):  # type: ignore[misc]  # Authlib has no types
    TOKEN_ENDPOINT_AUTH_METHODS = _METHODS

    def validate_requested_scope(self) -> None:
        """More than the client has is refused, not silently cut (RFC 6749, section 5.2)."""
        if not self.server.applicant.scopes.issuperset(scope_to_list(self.request.payload.scope) or ()):
            raise InvalidScopeError


class _Server(AuthorizationServer):  # type: ignore[misc]  # Authlib has no types
    """One request's server."""

    def __init__(self, applicant: Applicant) -> None:
        super().__init__()
        self.applicant = applicant
        self.register_grant(_Grant)
        seconds = int(TOKEN_LIFETIME.total_seconds())
        self.register_token_generator("default", BearerTokenGenerator(self._issue, expires_generator=seconds))

    def refusal(self, request: TokenRequest, address: str) -> TokenAnswer:
        """The answer to two ways of authentication at once, or to one that cannot be read."""
        error = InvalidRequestError("The request authenticates in more than one way, or in none that can be read.")
        answer: TokenAnswer = self.handle_error_response(_read(request, address), error)
        return answer

    def query_client(self, _client_id: str) -> _Client:
        return _Client(self.applicant)

    def save_token(self, token: Mapping[str, object], request: OAuth2Request) -> None:
        """Nothing: the use case keeps it, with the transaction that it has."""

    def send_signal(self, name: str, *args: object, **kwargs: object) -> None:
        """Nobody listens."""

    def create_oauth2_request(self, request: OAuth2Request) -> OAuth2Request:
        return request

    def handle_response(self, status: int, body: Mapping[str, object], headers: list[tuple[str, str]]) -> TokenAnswer:
        return TokenAnswer(status, body, tuple(headers))

    def _issue(self, *, scope: str, **_given: Any) -> str:
        return self.applicant.issue(frozenset(scope.split()))


class _Request(OAuth2Request):  # type: ignore[misc]  # Authlib has no types
    @property
    def form(self) -> Mapping[str, str]:
        data: Mapping[str, str] = self.payload.data
        return data


def _read(request: TokenRequest, address: str) -> OAuth2Request:
    read = _Request("POST", address, headers={"Authorization": request.authorization or ""})
    read.payload = BasicOAuth2Payload(request.form)
    return read


def _basic(request: TokenRequest) -> tuple[str | None, str | None]:
    try:
        found: tuple[str | None, str | None] = extract_basic_authorization(
            {"Authorization": request.authorization or ""}
        )
    except ValueError:  # not ASCII, or no UTF-8 within
        return None, None
    return found
