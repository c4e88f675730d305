"""SessionService: whose a session is."""

from datetime import datetime
from typing import Any

from google.protobuf.timestamp_pb2 import Timestamp
from kundenportal.identity.v1 import session_service_pb2, session_service_pb2_grpc

from chassis.database import Database
from chassis.errors import DomainError, ErrorKind
from identity.domain.account import Account
from identity.domain.session import Session
from identity.usecases.find_session import find_session
from identity.usecases.ports import RecordsOn
from identity.usecases.start_session import SessionRules


class SessionServicer(session_service_pb2_grpc.SessionServiceServicer):
    """Answers every service that has pages."""

    def __init__(self, database: Database, records: RecordsOn, rules: SessionRules) -> None:
        self._database = database
        self._records = records
        self._rules = rules

    async def GetSession(  # noqa: N802 - the name of the RPC
        self, request: session_service_pb2.GetSessionRequest, _context: Any
    ) -> session_service_pb2.GetSessionResponse:
        """The live session of a token's hash.

        Raises:
            DomainError: NOT_FOUND.
        """
        async with self._database.transaction() as tx:
            sessions = self._records(tx).sessions
            found = await find_session(
                request.token_hash, activity=request.activity, sessions=sessions, rules=self._rules
            )
        if found is None:
            raise DomainError(ErrorKind.NOT_FOUND, "session_unknown")
        return session_service_pb2.GetSessionResponse(session=_message(*found))


def _message(session: Session, account: Account) -> session_service_pb2.Session:
    return session_service_pb2.Session(
        session_id=str(session.id),
        account_id=str(account.id),
        username=account.username,
        display_name=account.display_name,
        roles=sorted(account.roles),
        language=account.language,
        second_factor=session.second_factor,
        expire_time=_timestamp(session.expires_at),
        authenticate_time=_timestamp(session.authenticated_at),
    )


def _timestamp(moment: datetime) -> Timestamp:
    stamp = Timestamp()
    stamp.FromDatetime(moment)
    return stamp
