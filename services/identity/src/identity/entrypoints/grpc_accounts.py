"""AccountService: who accounts are, and accounts for named contacts."""

from collections.abc import Collection, Mapping, Sequence
from typing import Any, TypeAlias
from uuid import UUID

from kundenportal.identity.v1 import account_service_pb2, account_service_pb2_grpc

from chassis.database import Database, Transaction
from chassis.errors import DomainError, ErrorKind
from chassis.grpc_server import peer_names
from chassis.idempotency import StoredAnswer, form_hash, keep, replay
from identity.domain.account import Account, AccountState
from identity.entrypoints.ids import read_ids
from identity.usecases.ensure_account import NamedPerson, ensure_account
from identity.usecases.ports import Clock, NewId, ReadMail, RecordsOn

AccountFields: TypeAlias = Mapping[str, frozenset[str]]
"""Peer to the fields of an Account message that it is told."""
_CALLER = "grpc"
_ROUTE = "EnsureAccount"
_MOST = 100
_STATES = {
    AccountState.UNCONFIRMED: account_service_pb2.ACCOUNT_STATE_UNCONFIRMED,
    AccountState.ACTIVE: account_service_pb2.ACCOUNT_STATE_ACTIVE,
    AccountState.INVITED: account_service_pb2.ACCOUNT_STATE_INVITED,
    AccountState.LOCKED: account_service_pb2.ACCOUNT_STATE_LOCKED,
    AccountState.CLOSED: account_service_pb2.ACCOUNT_STATE_CLOSED,
}


class AccountServicer(account_service_pb2_grpc.AccountServiceServicer):
    """Names and addresses are asked here when they are needed, never copied (DESIGN 4.7)."""

    def __init__(
        self,
        database: Database,
        records: RecordsOn,
        clock: Clock,
        new_id: NewId,
        languages: Sequence[str],
        read_mail: ReadMail,
        fields: AccountFields,
    ) -> None:
        self._database = database
        self._records = records
        self._clock = clock
        self._new_id = new_id
        self._languages = languages
        self._read_mail = read_mail
        self._fields = fields

    async def BatchGetAccounts(  # noqa: N802 - the name of the RPC
        self, request: account_service_pb2.BatchGetAccountsRequest, context: Any
    ) -> account_service_pb2.BatchGetAccountsResponse:
        """Those that exist of up to 100, each with the fields that the caller needs."""
        ids = read_ids(request.account_ids, of="account")
        async with self._database.transaction() as tx:
            accounts = await self._records(tx).accounts.get_many(ids)
        return account_service_pb2.BatchGetAccountsResponse(
            accounts=[self._told(account, context) for account in accounts]
        )

    async def EnsureAccounts(  # noqa: N802 - the name of the RPC
        self, request: account_service_pb2.EnsureAccountsRequest, context: Any
    ) -> account_service_pb2.EnsureAccountsResponse:
        """The accounts of up to 100 addresses, each in a transaction of its own: one that is refused stops no other.

        The same request id gives the same account, however often it comes.
        """
        if len(request.requests) > _MOST:
            raise DomainError(ErrorKind.INVALID, "too_many", f"At most {_MOST} at once.")
        responses = [await self._ensured(each, context) for each in request.requests]
        return account_service_pb2.EnsureAccountsResponse(responses=responses)

    async def _ensured(
        self, request: account_service_pb2.EnsureAccountRequest, context: Any
    ) -> account_service_pb2.EnsureAccountResponse:
        try:
            account = await self._ensure(request)
        except DomainError as error:
            if error.kind is not ErrorKind.INVALID:
                raise
            return account_service_pb2.EnsureAccountResponse(problem=error.code)
        return account_service_pb2.EnsureAccountResponse(account=self._told(account, context))

    async def _ensure(self, request: account_service_pb2.EnsureAccountRequest) -> Account:
        person = self._read_person(request)
        body = form_hash({"email": person.email})
        async with self._database.transaction() as tx:
            stored = await replay(tx, _CALLER, _ROUTE, request.request_id, body, strict=True)
            account = await self._stored(tx, stored) if stored else None
            if account is None:
                account = await ensure_account(
                    person, records=self._records(tx), clock=self._clock, new_id=self._new_id
                )
                await keep(tx, _CALLER, _ROUTE, request.request_id, body, StoredAnswer(200, None, str(account.id)))
        return account

    def _told(self, account: Account, context: Any) -> account_service_pb2.Account:
        wanted = frozenset[str]().union(*(self._fields.get(name, ()) for name in peer_names(context)))
        return _message(account, wanted)

    async def _stored(self, tx: Transaction, answer: StoredAnswer) -> Account | None:
        return await self._records(tx).accounts.get(UUID(answer.body))

    def _read_person(self, request: account_service_pb2.EnsureAccountRequest) -> NamedPerson:
        email = self._read_mail(request.email)
        if email is None:
            raise DomainError(ErrorKind.INVALID, "email_invalid", fields={"email": "email_invalid"})
        if request.language not in self._languages:
            raise DomainError(ErrorKind.INVALID, "language_unknown", fields={"language": "language_unknown"})
        name = request.display_name.strip() or email
        return NamedPerson(email=email, display_name=name, language=request.language)


def _message(account: Account, wanted: Collection[str]) -> account_service_pb2.Account:
    known: dict[str, Any] = {
        "account_id": str(account.id),
        "username": account.known_as,
        "display_name": account.display_name,
        "email": account.email,
        "language": account.language,
        "state": _STATES[account.state],
        "staff": account.staff,
    }
    return account_service_pb2.Account(**{name: known[name] for name in wanted})
