"""`/api/v1/me`: who the session belongs to, and what they tell of themselves."""

from uuid import UUID

from fastapi import APIRouter, Request, Response

from chassis.api_document import IF_MATCH, problems
from chassis.callers import SignedIn
from chassis.database import Database
from chassis.errors import DomainError, ErrorKind
from chassis.etags import etag_of, require_match
from chassis.strict_json import StrictJsonRoute
from identity.domain.account import Account
from identity.entrypoints.api.account_models import ProfileFields, ProfilePatch, profile_of
from identity.entrypoints.api.accounts import read_patch
from identity.usecases.change_profile import change_profile
from identity.usecases.import_accounts import ImportRules
from identity.usecases.ports import Records, RecordsOn
from identity.usecases.start_session import SessionRules

_PATH = "/api/v1/me"


class Me(ProfileFields):
    """The signed-in person."""

    account_id: UUID
    username: str
    email: str
    display_name: str
    language: str
    roles: list[str]

    @classmethod
    def of(cls, account: Account) -> "Me":
        """Make it of an account."""
        return cls(
            account_id=account.id,
            username=account.known_as,
            email=account.email,
            display_name=account.display_name,
            language=account.language,
            roles=sorted(account.roles),
            **profile_of(account),
        )


class MeApi:
    """Look and change, as the person of the session."""

    def __init__(
        self,
        database: Database,
        records: RecordsOn,
        rules: SessionRules,
        people: ImportRules,
        required: frozenset[str],
    ) -> None:
        self._database = database
        self._records = records
        self._rules = rules
        self._people = people
        self._required = required
        self.router = APIRouter(route_class=StrictJsonRoute, tags=["me"])
        add = self.router.add_api_route
        add(_PATH, self.get, methods=["GET"], summary="The person behind the session", response_model=Me)
        add(
            _PATH,
            self.change,
            methods=["PATCH"],
            summary="Change one's own profile",
            response_model=Me,
            responses=problems(412, 428),
            openapi_extra=IF_MATCH,
        )

    async def get(self, caller: SignedIn) -> Response:
        """With the `ETag` that a change needs."""
        async with self._database.transaction() as tx:
            return _answer(await _own(caller.account_id, self._records(tx)))

    async def change(self, request: Request, caller: SignedIn, sent: ProfilePatch) -> Response:
        """Changes what is sent, by the rules of the registration; a mail tells of it."""
        async with self._database.transaction() as tx:
            records = self._records(tx)
            account = await _own(caller.account_id, records, lock=True)
            require_match(request, etag_of(Me.of(account)))
            profile, language = read_patch(sent, account, self._people, self._required)
            await change_profile(account.id, profile, language, records=records, rules=self._rules)
            return _answer(await _own(account.id, records))


async def _own(account_id: UUID, records: Records, *, lock: bool = False) -> Account:
    account = await records.accounts.get(account_id, lock=lock)
    if account is None:
        raise DomainError(ErrorKind.UNAUTHENTICATED, "account_gone")
    return account


def _answer(account: Account) -> Response:
    me = Me.of(account)
    return Response(me.model_dump_json(), headers={"ETag": etag_of(me)}, media_type="application/json")
