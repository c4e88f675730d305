"""`/oauth/token`: access tokens for API clients (OAuth 2.0, RFC 6749)."""

from math import ceil

from fastapi import APIRouter, Request, Response
from fastapi.responses import JSONResponse

from chassis.browser_guard import bearer_only
from chassis.callers import Anyone
from chassis.client_address import client_address
from chassis.database import Database
from chassis.errors import DomainError, ErrorKind
from identity.usecases.issue_token import TokenAnswer, TokenProtocol, TokenRequest, issue_token
from identity.usecases.ports import RecordsOn
from identity.usecases.start_session import SessionRules

TOKEN_PATH = "/oauth/token"  # noqa: S105 - a path
_FORM = "application/x-www-form-urlencoded"
_BODY_LIMIT = 4096
_HEADERS = {"Cache-Control": "no-store", "Pragma": "no-cache"}


class TokenFace:
    """The token endpoint. Who calls is told by the secret in the request, never by a cookie."""

    def __init__(self, database: Database, records: RecordsOn, rules: SessionRules, protocol: TokenProtocol) -> None:
        self._database = database
        self._records = records
        self._rules = rules
        self._protocol = protocol
        self.router = APIRouter()
        self.router.add_api_route(TOKEN_PATH, self.token, methods=["POST"], max_body_size=_BODY_LIMIT)

    @bearer_only
    async def token(self, request: Request, _caller: Anyone) -> Response:
        """A token for an hour, or an error in the words of RFC 6749, section 5.2."""
        try:
            asked = await _read(request)
            async with self._database.transaction() as tx:
                answer = await issue_token(
                    asked,
                    protocol=self._protocol,
                    records=self._records(tx),
                    clock=self._rules.clock,
                    new_token=self._rules.new_token,
                )
        except DomainError as error:
            return _refused(error)
        return _json(answer)


async def _read(request: Request) -> TokenRequest:
    """Each field once, as section 3.2 wants it; other ones are ignored, as it wants too."""
    if request.headers.get("content-type", "").partition(";")[0].strip().lower() != _FORM:
        raise DomainError(ErrorKind.INVALID, "invalid_request", f"The body must be {_FORM}.")
    fields = [(name, value) for name, value in (await request.form()).multi_items() if isinstance(value, str)]
    form = {name: value for name, value in fields if value}
    given = request.headers.getlist("authorization")
    if len(fields) != len({name for name, _ in fields}) or len(given) > 1:
        raise DomainError(ErrorKind.INVALID, "invalid_request", "A field is there more than once.")
    return TokenRequest(form, given[0] if given else None, client_address(request))


def _refused(error: DomainError) -> Response:
    """What the RFC has no word for is said by the status."""
    if error.kind is ErrorKind.INVALID:
        return _json(TokenAnswer(400, {"error": error.code, "error_description": error.detail}))
    if error.kind is not ErrorKind.RATE_LIMITED or error.retry_after is None:
        raise error
    seconds = str(ceil(error.retry_after.total_seconds()))
    return _json(TokenAnswer(429, {"error": "temporarily_unavailable"}, (("Retry-After", seconds),)))


def _json(answer: TokenAnswer) -> Response:
    headers = {name: value for name, value in answer.headers if name.lower() != "content-type"}
    return JSONResponse(dict(answer.body), answer.status, headers | _HEADERS)
