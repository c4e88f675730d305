"""What other services ask, over mutual TLS as they ask it."""

import hashlib
from collections.abc import AsyncIterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

import pytest
import structlog
from kundenportal.events.v1 import event_detail_service_pb2 as details_pb2
from kundenportal.events.v1.event_detail_service_pb2_grpc import EventDetailServiceStub
from kundenportal.identity.v1 import account_service_pb2 as accounts_pb2
from kundenportal.identity.v1 import challenge_service_pb2 as challenges_pb2
from kundenportal.identity.v1 import client_service_pb2 as clients_pb2
from kundenportal.identity.v1 import session_service_pb2 as sessions_pb2
from kundenportal.identity.v1.account_service_pb2_grpc import AccountServiceStub
from kundenportal.identity.v1.challenge_service_pb2_grpc import ChallengeServiceStub
from kundenportal.identity.v1.client_service_pb2_grpc import ClientServiceStub
from kundenportal.identity.v1.session_service_pb2_grpc import SessionServiceStub
from kundenportal.privacy.v1 import personal_data_service_pb2 as personal_pb2
from kundenportal.privacy.v1.personal_data_service_pb2_grpc import PersonalDataServiceStub

from chassis.database import Database
from chassis.errors import DomainError, ErrorKind
from chassis.grpc_client import GrpcChannel
from chassis.metrics import Metrics
from chassis.testing import certificates
from identity.app import ACCOUNT_FIELDS, GRANTS, make_grpc
from identity.other_systems import make_client_admin
from identity_harness import PASSWORD, REGISTRATION, Portal, make_settings, open_portal

PEERS = ("customer-link", "ticketing", "notification", "stranger")
WAIT = 5.0


@dataclass
class Asked:
    """Identity's gRPC face, and a channel of every peer to it."""

    portal: Portal
    channels: dict[str, GrpcChannel]

    async def call(self, peer: str, stub: Any, method: str, request: Any) -> Any:
        return await getattr(stub(self.channels[peer].channel), method)(request, timeout=WAIT)

    async def session(self, token_hash: bytes, *, activity: bool = False) -> sessions_pb2.Session:
        request = sessions_pb2.GetSessionRequest(token_hash=token_hash, activity=activity)
        answer = await self.call("ticketing", SessionServiceStub, "GetSession", request)
        return answer.session

    async def accounts(self, *account_ids: object, peer: str = "notification") -> Any:
        request = accounts_pb2.BatchGetAccountsRequest(account_ids=[str(each) for each in account_ids])
        return await self.call(peer, AccountServiceStub, "BatchGetAccounts", request)

    async def ensure(self, **fields: str) -> accounts_pb2.EnsureAccountResponse:
        values = {
            "request_id": str(uuid4()),
            "email": "b@stadtwerke.example",
            "display_name": "Birgit",
            "language": "de",
        }
        person = accounts_pb2.EnsureAccountRequest(**(values | fields))
        request = accounts_pb2.EnsureAccountsRequest(requests=[person])
        (response,) = (await self.call("customer-link", AccountServiceStub, "EnsureAccounts", request)).responses
        return response

    async def link(self, challenge_id: object) -> Any:
        request = challenges_pb2.GetChallengeLinkRequest(challenge_id=str(challenge_id))
        return await self.call("notification", ChallengeServiceStub, "GetChallengeLink", request)

    async def describe(self, *event_ids: object) -> list[details_pb2.EventDetail]:
        request = details_pb2.DescribeEventsRequest(event_ids=[str(each) for each in event_ids])
        answer = await self.call("notification", EventDetailServiceStub, "DescribeEvents", request)
        return list(answer.details)


@pytest.fixture
async def asked(database: Database, tmp_path: Path) -> AsyncIterator[Asked]:
    """Identity served to its peers."""
    folders = certificates(tmp_path, ["identity", *PEERS])
    async with open_portal(database, tls_dir=folders["identity"]) as portal:
        server = make_grpc(portal.core, Metrics())
        await server.start()
        address = f"127.0.0.1:{server.port}"
        channels = {
            peer: GrpcChannel(make_settings(database.url, tls_dir=folders[peer]), address, "identity") for peer in PEERS
        }
        yield Asked(portal, channels)
        for channel in channels.values():
            await channel.close()
        await server.stop()


async def test_a_session_is_told_by_the_hash_of_its_cookie(asked: Asked) -> None:
    account = await asked.portal.add_account("anna", language="en")
    await asked.portal.client.post("/login", data={"login": "anna", "password": PASSWORD})
    token_hash = hashlib.sha256(asked.portal.client.cookies["session"].encode()).digest()
    session = await asked.session(token_hash)
    assert (session.account_id, session.username, session.display_name) == (str(account.id), "anna", "Anna Muster")
    assert (session.language, list(session.roles), session.second_factor) == ("en", [], False)
    assert session.authenticate_time.ToDatetime(tzinfo=asked.portal.clock().tzinfo) == asked.portal.clock()


async def test_activity_told_by_a_neighbour_extends_the_session(asked: Asked) -> None:
    await asked.portal.add_account("anna")
    await asked.portal.client.post("/login", data={"login": "anna", "password": PASSWORD})
    token_hash = hashlib.sha256(asked.portal.client.cookies["session"].encode()).digest()
    asked.portal.clock.forward(minutes=29)
    await asked.session(token_hash, activity=True)
    asked.portal.clock.forward(minutes=29)
    await asked.session(token_hash)
    asked.portal.clock.forward(minutes=1)
    with pytest.raises(DomainError, match="session_unknown"):
        await asked.session(token_hash)


async def test_unknown_and_pending_sessions_are_not_found(asked: Asked) -> None:
    await asked.portal.add_staff("agent")
    await asked.portal.client.post("/login", data={"login": "agent", "password": PASSWORD})
    pending = hashlib.sha256(asked.portal.client.cookies["session"].encode()).digest()
    for token_hash in (pending, b"", b"x" * 32):
        with pytest.raises(DomainError) as caught:
            await asked.session(token_hash)
        assert caught.value.kind is ErrorKind.NOT_FOUND


async def test_accounts_are_told_in_one_call(asked: Asked) -> None:
    anna = await asked.portal.add_account("anna")
    agent, _ = await asked.portal.add_staff("agent")
    answer = await asked.accounts(anna.id, uuid4(), agent.id)
    told = {account.username: account for account in answer.accounts}
    assert set(told) == {"anna", "agent"}
    assert (told["anna"].email, told["anna"].state) == ("anna@beispiel.at", accounts_pb2.ACCOUNT_STATE_ACTIVE)
    staff = {
        one.display_name: one.staff for one in (await asked.accounts(anna.id, agent.id, peer="ticketing")).accounts
    }
    assert staff == {"Anna Muster": False, "Agent Muster": True}


async def test_each_peer_is_told_what_it_needs_and_no_more(asked: Asked) -> None:
    agent, _ = await asked.portal.add_staff("agent")
    told = {peer: (await asked.accounts(agent.id, peer=peer)).accounts[0] for peer in ACCOUNT_FIELDS}
    assert {peer: {field.name for field, _ in one.ListFields()} for peer, one in told.items()} == ACCOUNT_FIELDS


async def test_what_is_no_list_of_ids_is_refused(asked: Asked) -> None:
    for ids in (["x"], [uuid4()] * 101):
        with pytest.raises(DomainError) as caught:
            await asked.accounts(*ids)
        assert caught.value.kind is ErrorKind.INVALID


async def test_an_account_is_made_for_a_named_person_once(asked: Asked) -> None:
    first = (await asked.ensure(request_id="import-1")).account
    assert (first.display_name, first.state) == ("Birgit", accounts_pb2.ACCOUNT_STATE_INVITED)
    assert not first.email
    assert (await asked.ensure(request_id="import-1")).account == first
    assert (await asked.ensure(request_id="import-2", email="B@stadtwerke.EXAMPLE")).account == first
    assert await asked.portal.event_types() == ["account.registered"]


async def test_accounts_of_many_are_made_although_one_is_refused(asked: Asked) -> None:
    people = [
        {"request_id": f"import-{number}", "email": email, "display_name": "", "language": "de"}
        for number, email in enumerate(("b@stadtwerke.example", "nobody", "c@stadtwerke.example"))
    ]
    request = accounts_pb2.EnsureAccountsRequest(
        requests=[accounts_pb2.EnsureAccountRequest(**each) for each in people]
    )
    for _ in range(2):
        answer = await asked.call("customer-link", AccountServiceStub, "EnsureAccounts", request)
        assert [each.problem for each in answer.responses] == ["", "email_invalid", ""]
        assert answer.responses[0].account.account_id != answer.responses[2].account.account_id
    assert await asked.portal.event_types() == ["account.registered"] * 2
    too_many = accounts_pb2.EnsureAccountsRequest(requests=[accounts_pb2.EnsureAccountRequest()] * 101)
    with pytest.raises(DomainError, match="too_many"):
        await asked.call("customer-link", AccountServiceStub, "EnsureAccounts", too_many)


@pytest.mark.parametrize("fields", [{"email": "nobody"}, {"language": "fr"}, {"request_id": ""}])
async def test_a_bad_person_is_refused(asked: Asked, fields: dict[str, str]) -> None:
    answer = await asked.ensure(**fields)
    assert answer.problem
    assert not answer.HasField("account")


async def test_a_request_id_is_not_used_for_two_persons(asked: Asked) -> None:
    await asked.ensure(request_id="import-1")
    answer = await asked.ensure(request_id="import-1", email="c@stadtwerke.example")
    assert answer.problem == "idempotency_key_reused"


async def test_the_link_is_the_same_until_it_is_used_and_every_fetch_is_logged(asked: Asked) -> None:
    await asked.portal.client.post("/register", data=REGISTRATION)
    challenge = await asked.portal.last_challenge()
    with structlog.testing.capture_logs() as logs:
        link = await asked.link(challenge.id)
    assert [entry["challenge_id"] for entry in logs if entry["event"] == "challenge link fetched"] == [
        str(challenge.id)
    ]
    assert link.path not in str(logs)
    assert await asked.link(challenge.id) == link
    assert (await asked.portal.client.post(link.path, data={"password": PASSWORD})).status_code == 303
    with pytest.raises(DomainError, match="challenge_closed") as caught:
        await asked.link(challenge.id)
    assert caught.value.kind is ErrorKind.CONFLICT


async def test_events_are_described_in_the_order_asked(asked: Asked) -> None:
    account = await asked.portal.add_account("anna")
    await asked.portal.client.post("/password/forgot", data={"login": "anna"})
    await asked.portal.client.post("/password/forgot", data={"login": "nobody"})
    known, nobodys = [event.id for event in await asked.portal.events()]
    unknown = uuid4()
    told = await asked.describe(nobodys, unknown, known)
    assert [UUID(detail.event_id) for detail in told] == [nobodys, unknown, known]
    assert (told[0].suppressed, list(told[0].concerned)) == ("obsolete", [])
    assert told[1].event_type == ""
    assert [(who.account_id, who.reason) for who in told[2].concerned] == [(str(account.id), "self")]
    assert told[2].facts["purpose"] == "reset_password"


async def test_peers_call_what_they_are_granted_and_nothing_else(asked: Asked) -> None:
    refused = {(peer, method) for peer in PEERS for method in GRANTS if await _is_refused(asked, peer, method)}
    assert refused == {(peer, method) for peer in PEERS for method in GRANTS if peer not in GRANTS[method]}


async def _is_refused(asked: Asked, peer: str, method: str) -> bool:
    stub, request = _CALLS[method.rpartition("/")[2]]
    try:
        await asked.call(peer, stub, method.rpartition("/")[2], request)
    except DomainError as error:
        return error.kind is ErrorKind.FORBIDDEN
    return False


_CALLS: dict[str, tuple[Any, Any]] = {
    "GetSession": (SessionServiceStub, sessions_pb2.GetSessionRequest()),
    "GetClient": (ClientServiceStub, clients_pb2.GetClientRequest()),
    "GetChallengeLink": (ChallengeServiceStub, challenges_pb2.GetChallengeLinkRequest()),
    "DescribeEvents": (EventDetailServiceStub, details_pb2.DescribeEventsRequest()),
    "EnsureAccount": (AccountServiceStub, accounts_pb2.EnsureAccountRequest()),
    "EnsureAccounts": (AccountServiceStub, accounts_pb2.EnsureAccountsRequest()),
    "BatchGetAccounts": (AccountServiceStub, accounts_pb2.BatchGetAccountsRequest()),
    "ExportPersonalData": (PersonalDataServiceStub, personal_pb2.ExportPersonalDataRequest()),
    "ErasePersonalData": (PersonalDataServiceStub, personal_pb2.ErasePersonalDataRequest()),
}


async def test_a_client_is_told_by_the_hash_of_its_token(asked: Asked) -> None:
    admin = make_client_admin(asked.portal.core)
    client = await admin.add("billing", ["customers:write"])
    form = {"grant_type": "client_credentials"} | {name: client[name] for name in ("client_id", "client_secret")}
    token = (await asked.portal.client.post("/oauth/token", data=form)).json()["access_token"]
    request = clients_pb2.GetClientRequest(token_hash=hashlib.sha256(token.encode()).digest())
    told = (await asked.call("customer-link", ClientServiceStub, "GetClient", request)).client
    assert (told.client_id, told.name, list(told.scopes)) == (client["client_id"], "billing", ["customers:write"])
    asked.portal.clock.forward(hours=1)
    assert told.expire_time.ToDatetime(tzinfo=asked.portal.clock().tzinfo) == asked.portal.clock()
    with pytest.raises(DomainError, match="token_unknown"):
        await asked.call("customer-link", ClientServiceStub, "GetClient", request)
