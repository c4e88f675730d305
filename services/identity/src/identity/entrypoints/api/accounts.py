"""`/api/v1/accounts`: accounts of people, for other systems. Members of staff are no business of theirs."""

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, replace
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Depends, Query, Request, Response

from chassis.answer_once import Made, create_once
from chassis.api_clients import ApiClient, client
from chassis.api_document import IDEMPOTENCY_KEY, IF_MATCH, problems
from chassis.database import Database
from chassis.errors import DomainError, ErrorKind
from chassis.etags import etag_of, require_match
from chassis.strict_json import StrictJsonRoute
from identity.domain.account import Account, AccountState
from identity.domain.account_search import AccountQuery
from identity.domain.client_action import ClientAction
from identity.domain.normal_form import username_problem
from identity.domain.profile import FIELDS, Profile
from identity.entrypoints.account_places import read_account_place, write_account_place
from identity.entrypoints.api.account_models import (
    AccountJson,
    AccountsJson,
    AccountStateJson,
    ListParameters,
    NewAccount,
    ProfilePatch,
    Reason,
)
from identity.usecases.account_act import AccountAct
from identity.usecases.account_surroundings import LinkSource
from identity.usecases.change_profile import change_profile
from identity.usecases.client_act import begin_client_act, find_customer
from identity.usecases.close_account import close_for_person
from identity.usecases.find_accounts import WordsMeant, understand_words
from identity.usecases.import_accounts import ImportRules
from identity.usecases.invite_person import InvitedPerson, invite_person
from identity.usecases.lock_account import lock_account, unlock_account
from identity.usecases.ports import RecordsOn
from identity.usecases.start_session import SessionRules

_PATH = "/api/v1/accounts"
_ONE = f"{_PATH}/{{account_id}}"
_READ, _WRITE = "accounts:read", "accounts:write"
_CUSTOMERS = "customer"

Reader = Annotated[ApiClient, Depends(client(_READ))]
Writer = Annotated[ApiClient, Depends(client(_WRITE))]
Shown = AccountJson | AccountStateJson
_ACTS: Mapping[ClientAction, tuple[str, Callable[[AccountAct], Awaitable[None]]]] = {
    ClientAction.LOCK: ("Lock an account: its sessions end everywhere at once", lock_account),
    ClientAction.UNLOCK: ("Unlock an account", unlock_account),
    ClientAction.CLOSE: ("Close an account: it is erased after two weeks", close_for_person),
}


@dataclass(frozen=True, slots=True)
class AccountDesk:
    """What the routes work with."""

    database: Database
    records: RecordsOn
    rules: SessionRules
    people: ImportRules
    links: LinkSource
    key_id: str


class AccountApi:
    """List, get, create, change, lock, unlock and close."""

    def __init__(self, desk: AccountDesk) -> None:
        self._desk = desk
        self.router = APIRouter(route_class=StrictJsonRoute, tags=["accounts"])
        add = self.router.add_api_route
        add(_PATH, self.list, methods=["GET"], summary="List accounts", response_model=AccountsJson)
        add(
            _PATH,
            self.create,
            methods=["POST"],
            summary="Create an invited account, once for each Idempotency-Key",
            status_code=201,
            response_model=Shown,
            responses=problems(409),
            openapi_extra=IDEMPOTENCY_KEY,
        )
        add(_ONE, self.get, methods=["GET"], summary="Get an account and its ETag", response_model=AccountJson)
        add(
            _ONE,
            self.change,
            methods=["PATCH"],
            summary="Change fields of the profile",
            response_model=Shown,
            responses=problems(409, 412, 428),
            openapi_extra=IF_MATCH,
        )
        for action, (summary, _) in _ACTS.items():
            add(
                f"{_ONE}:{action.value}",
                self._doing(action),
                methods=["POST"],
                name=f"{action.value}_account",
                summary=summary,
                response_model=Shown,
                responses=problems(409),
            )

    async def list(self, _caller: Reader, asked: Annotated[ListParameters, Query()]) -> Response:
        """Newest first. `q` searches as staff do: any part of names, addresses and telephone, or a customer number."""
        meant = await self._understand(asked.q)
        after = read_account_place(asked.page_token)
        query = replace(meant.query, state=asked.state, role=_CUSTOMERS, size=asked.page_size, after=after)
        async with self._desk.database.transaction() as tx:
            page = await self._desk.records(tx).directory.find(query)
        shown = AccountsJson(
            accounts=[AccountJson.of(account) for account in page.accounts],
            next_page_token=write_account_place(page.next),
            numbers_searched=meant.numbers_known,
        )
        return Response(shown.model_dump_json(), media_type="application/json")

    async def _understand(self, q: str) -> WordsMeant:
        words = " ".join("".join(sign if sign.isprintable() else " " for sign in q).split())
        return await understand_words(words, self._desk.links) if words else WordsMeant(AccountQuery())

    async def get(self, _caller: Reader, account_id: UUID) -> Response:
        """One account, with the `ETag` that a change needs."""
        async with self._desk.database.transaction() as tx:
            account = await find_customer(account_id, records=self._desk.records(tx))
        return _answer(account, AccountJson.of(account))

    async def create(self, request: Request, caller: Writer, sent: NewAccount) -> Response:
        """An account without a password; its owner sets one with the mailed link, now or with "forgotten password"."""
        desk, person = self._desk, _read_person(sent, self._desk.people)
        async with desk.database.transaction() as tx:

            async def act() -> Made:
                account = await invite_person(
                    person, caller.client_id, records=desk.records(tx), rules=desk.rules, key_id=desk.key_id
                )
                return _shown(account, caller), f"{_PATH}/{account.id}"

            return await create_once(tx, request, owner=str(caller.client_id), sent=sent, act=act)

    async def change(self, request: Request, caller: Writer, account_id: UUID, sent: ProfilePatch) -> Response:
        """Changes what is sent; the person is told by mail. Address, user name and password belong to the person."""
        desk = self._desk
        async with desk.database.transaction() as tx:
            records = desk.records(tx)
            account = await find_customer(account_id, records=records, lock=True)
            require_match(request, etag_of(AccountJson.of(account)))
            if account.state is AccountState.CLOSED:
                raise DomainError(ErrorKind.CONFLICT, "state_changed", "The account is closed.")
            profile, language = read_patch(sent, account, desk.people)
            await change_profile(
                account_id, profile, language, records=records, rules=desk.rules, client_id=caller.client_id
            )
            changed = await find_customer(account_id, records=records)
        return _answer(changed, _shown(changed, caller))

    def _doing(self, action: ClientAction) -> Callable[..., Awaitable[Response]]:
        async def do(caller: Writer, account_id: UUID, sent: Reason) -> Response:
            """409 `state_changed` when there is nothing to do. The person is told by mail."""
            desk, reason = self._desk, " ".join("".join(s if s.isprintable() else " " for s in sent.reason).split())
            if not reason:
                raise invalid({"reason": "reason_missing"})
            async with desk.database.transaction() as tx:
                records = desk.records(tx)
                act = await begin_client_act(
                    action, account_id, caller.client_id, reason, records=records, rules=desk.rules
                )
                await _ACTS[action][1](act)
                changed = await find_customer(account_id, records=records)
            return _answer(changed, _shown(changed, caller))

        return do


def read_patch(
    sent: ProfilePatch, account: Account, people: ImportRules, required: frozenset[str] = frozenset()
) -> tuple[Profile, str]:
    """The profile and the language as they shall be. What was empty before may stay so: nobody sent it.

    Raises:
        DomainError: INVALID with the code of each bad field.
    """
    profile, language = sent.applied_to(account)
    found = profile.problems(required & sent.model_fields_set)
    if language not in people.languages:
        found["language"] = "language_unknown"
    if found:
        raise invalid(found)
    return profile, language


def invalid(fields: Mapping[str, str]) -> DomainError:
    """Refuses fields, each with the code of what is wrong."""
    return DomainError(ErrorKind.INVALID, "invalid_input", "The request breaks a rule.", fields=fields)


def _read_person(sent: NewAccount, people: ImportRules) -> InvitedPerson:
    profile = Profile.read({name: getattr(sent, name) for name in FIELDS})
    email, language = people.read_mail(sent.email), sent.language or people.language
    named = username_problem(sent.username) if sent.username else None
    found = {
        "email": None if email else "email_invalid",
        "username": named,
        "language": None if language in people.languages else "language_unknown",
    }
    bad = {name: code for name, code in found.items() if code} | profile.problems()
    if bad or email is None:
        raise invalid(bad)
    return InvitedPerson(
        username=sent.username or email,
        email=email,
        display_name=profile.display_name or email,
        language=language,
        profile=profile,
        notify=sent.notify,
    )


def _shown(account: Account, caller: ApiClient) -> Shown:
    """As much as the scopes allow: who may only write is not told what stands there."""
    full = AccountJson.of(account)
    return full if _READ in caller.scopes else AccountStateJson(**full.model_dump(include=_STATE))


_STATE = set(AccountStateJson.model_fields)


def _answer(account: Account, shown: Shown) -> Response:
    tag = etag_of(AccountJson.of(account))
    return Response(shown.model_dump_json(), headers={"ETag": tag}, media_type="application/json")
