"""Identity's own answer to whose session a cookie is: straight from its database."""

from chassis.database import Database
from chassis.sessions import Caller
from identity.domain.account import Account
from identity.domain.session import Session
from identity.usecases.find_session import find_session
from identity.usecases.ports import RecordsOn
from identity.usecases.start_session import SessionRules


class LocalSessions:
    """A SessionDirectory of the chassis. There is nothing to be graceful about: owner and asker are one."""

    def __init__(self, database: Database, records: RecordsOn, rules: SessionRules) -> None:
        self._database = database
        self._records = records
        self._rules = rules

    async def find(self, token_hash: bytes, *, activity: bool, grace: bool) -> Caller | None:
        """The caller of a live session."""
        del grace
        async with self._database.transaction() as tx:
            sessions = self._records(tx).sessions
            found = await find_session(token_hash, activity=activity, sessions=sessions, rules=self._rules)
        return _caller(*found) if found else None


def _caller(session: Session, account: Account) -> Caller:
    return Caller(
        account_id=account.id,
        session_id=session.id,
        username=account.username,
        display_name=account.display_name,
        roles=account.roles,
        language=account.language,
        second_factor=session.second_factor,
        authenticated_at=session.authenticated_at,
    )
