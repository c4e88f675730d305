"""The gRPC face over mutual TLS: what other systems may read, and what notification is told."""

from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

import pytest
from kundenportal.events.v1 import event_detail_service_pb2 as detail_messages
from kundenportal.events.v1.event_detail_service_pb2_grpc import EventDetailServiceStub
from kundenportal.privacy.v1 import personal_data_service_pb2 as personal_messages
from kundenportal.privacy.v1.personal_data_service_pb2_grpc import PersonalDataServiceStub
from kundenportal.ticketing.v1 import ticket_service_pb2 as messages
from kundenportal.ticketing.v1.ticket_service_pb2_grpc import TicketServiceStub

from chassis.errors import DomainError, ErrorKind
from chassis.grpc_client import GrpcChannel
from chassis.testing import certificates
from portal_fixtures import DatabaseFactory
from ticketing.app import GRANTS, make_grpc_server
from ticketing_world import NUMBER, OTHER_NUMBER, PEOPLE, WORKS, World

PEERS = ["ticketing", "identity", "customer-link", "notification", "backend-sample", "bench", "stranger"]
ANNA, JONAS, TAREK = (PEOPLE[name].account_id for name in ("anna", "jonas", "tarek"))
NEW = {"request_id": "r1", "account_id": str(ANNA), "kind": "incident", "subject": "Lauf", "text": "Er bricht ab."}


class Wire:
    """The service's gRPC server, and stubs of its peers."""

    def __init__(self, world: World, folder: Path) -> None:
        self.world = world
        self._folders = certificates(folder, PEERS)
        self._settings = {
            name: world.settings.model_copy(update={"tls_dir": tls}) for name, tls in self._folders.items()
        }
        self.server = make_grpc_server(self._settings["ticketing"], world.work, world.outbox)
        self._channels: dict[str, GrpcChannel] = {}

    def channel(self, peer: str) -> Any:
        if peer not in self._channels:
            address = f"127.0.0.1:{self.server.port}"
            self._channels[peer] = GrpcChannel(self._settings[peer], address, "ticketing")
        return self._channels[peer].channel

    async def close(self) -> None:
        for channel in self._channels.values():
            await channel.close()
        await self.server.stop()

    async def call(self, rpc: str, request: Any, peer: str = "backend-sample") -> Any:
        return await getattr(TicketServiceStub(self.channel(peer)), rpc)(request, timeout=5)

    async def create(self, peer: str = "backend-sample", **fields: str) -> messages.Ticket:
        answer = await self.call("CreateTicket", messages.CreateTicketRequest(**(NEW | fields)), peer)
        ticket: messages.Ticket = answer.ticket
        return ticket

    async def describe(self, *names: str) -> list[detail_messages.EventDetail]:
        """The details of the last event of each name."""
        last = {name: data["id"] for name, data in await self.world.events()}
        request = detail_messages.DescribeEventsRequest(event_ids=[str(last[name]) for name in names])
        answer = await EventDetailServiceStub(self.channel("notification")).DescribeEvents(request, timeout=5)
        return list(answer.details)


@pytest.fixture
async def wire(database_factory: DatabaseFactory, tmp_path: Path) -> AsyncIterator[Wire]:
    made = Wire(World(await database_factory("ticketing")), tmp_path)
    await made.server.start()
    yield made
    await made.close()


async def refusal(work: Any) -> DomainError:
    with pytest.raises(DomainError) as caught:
        await work
    return caught.value


async def test_a_ticket_is_created_once_for_a_person_and_can_be_read(wire: Wire) -> None:
    first, again = await wire.create(customer_id=str(NUMBER)), await wire.create(customer_id=str(NUMBER))
    assert first == again
    assert (first.number, first.state) == ("T-2026-00001", messages.TICKET_STATE_NEW)
    assert (first.reporter_id, first.organisation_id) == (str(ANNA), str(WORKS))
    read = await wire.call("GetTicket", messages.GetTicketRequest(ticket_id=first.ticket_id))
    assert read.ticket == first
    assert await wire.world.count("tickets") == 1


@pytest.mark.parametrize(
    ("fields", "kind", "field"),
    [
        ({"customer_id": str(OTHER_NUMBER)}, ErrorKind.INVALID, "customer"),
        ({"kind": "nonsense"}, ErrorKind.INVALID, "kind"),
        ({"subject": ""}, ErrorKind.INVALID, "subject"),
        ({"request_id": ""}, ErrorKind.INVALID, "request_id"),
        ({"account_id": "anna"}, ErrorKind.INVALID, "account_id"),
    ],
)
async def test_the_persons_rights_are_checked_here(
    wire: Wire, fields: dict[str, str], kind: ErrorKind, field: str
) -> None:
    error = await refusal(wire.create(**fields))
    assert (error.kind, set(error.fields)) == (kind, {field})
    assert await wire.world.count("tickets") == 0


async def test_nobody_is_acted_for_while_rights_are_unknown(wire: Wire) -> None:
    wire.world.memberships.away = True
    assert (await refusal(wire.create())).kind is ErrorKind.UNAVAILABLE


async def test_another_body_under_a_request_id_is_refused(wire: Wire) -> None:
    await wire.create()
    assert (await refusal(wire.create(subject="Anders"))).code == "idempotency_key_reused"


async def test_tickets_of_an_organisation_in_pages_without_the_confidential_ones(wire: Wire) -> None:
    for name in ("own", "organisation", "organisation", "own"):
        await wire.world.open("anna", visibility=name)
        wire.world.later(minutes=1)
    secret = await wire.world.open("anna")
    await wire.world.post("tarek", f"/desk/{secret}/visibility", {"visibility": "confidential"})
    await wire.world.open("xaver")
    numbers, token = [], ""
    for _ in range(2):
        request = messages.ListTicketsRequest(organisation_id=str(WORKS), page_size=3, page_token=token)
        answer = await wire.call("ListTickets", request)
        numbers += [ticket.number for ticket in answer.tickets]
        token = answer.next_page_token
    assert numbers == [f"T-2026-0000{number}" for number in (4, 3, 2, 1)]
    assert token == ""
    error = await refusal(wire.call("GetTicket", messages.GetTicketRequest(ticket_id=str(secret))))
    unknown = await refusal(wire.call("GetTicket", messages.GetTicketRequest(ticket_id=str(uuid4()))))
    assert (error.kind, error.code) == (unknown.kind, unknown.code) == (ErrorKind.NOT_FOUND, "ticket_not_found")


@pytest.mark.parametrize("peer", PEERS)
async def test_every_rpc_for_every_peer(wire: Wire, peer: str) -> None:
    ticket = await wire.create()
    requests = {
        "GetTicket": messages.GetTicketRequest(ticket_id=ticket.ticket_id),
        "ListTickets": messages.ListTicketsRequest(organisation_id=str(WORKS)),
        "CreateTicket": messages.CreateTicketRequest(**NEW),
    }
    calls = {name: wire.call(name, request, peer) for name, request in requests.items()}
    describe = EventDetailServiceStub(wire.channel(peer)).DescribeEvents
    calls["DescribeEvents"] = describe(detail_messages.DescribeEventsRequest(), timeout=5)
    personal = PersonalDataServiceStub(wire.channel(peer))
    somebody = str(uuid4())
    export = personal_messages.ExportPersonalDataRequest(account_id=somebody)
    calls["ExportPersonalData"] = personal.ExportPersonalData(export, timeout=5)
    erase = personal_messages.ErasePersonalDataRequest(account_id=somebody, request_id=str(uuid4()))
    calls["ErasePersonalData"] = personal.ErasePersonalData(erase, timeout=5)
    grants = {path.rpartition("/")[2]: peers for path, peers in GRANTS.items()}
    assert set(calls) == set(grants)
    for name, call in calls.items():
        if peer in grants[name]:
            await call
        else:
            assert (await refusal(call)).code == "not_granted"


class TestDescription:
    async def test_a_ticket_opened(self, wire: Wire) -> None:
        ticket = await wire.world.open("anna")
        (detail,) = await wire.describe("opened")
        assert [(one.account_id, one.reason) for one in detail.concerned] == [(str(ANNA), "reporter")]
        assert dict(detail.facts) == {
            "ticket_number": "T-2026-00001",
            "subject": "Der Buchungslauf bricht ab",
            "kind": "incident",
            "kind_de": "Störung",
            "kind_en": "Incident",
            "state": "new",
            "state_de": "Neu",
            "state_en": "New",
            "excerpt": "Seit gestern, jede Nacht.",
            "actor": "Person 1",
            "path": f"/tickets/{ticket}",
        }

    async def test_a_question_is_told_by_its_step(self, wire: Wire) -> None:
        ticket = await wire.world.open("anna", visibility="organisation")
        await wire.world.post("jonas", f"/tickets/{ticket}/comment", {"text": "Bei mir auch."})
        await wire.world.answer(ticket, "ask", "Welche Version?")
        comment, step = await wire.describe("commented", "state_changed")
        assert (comment.suppressed, list(comment.concerned), dict(comment.facts)) == ("obsolete", [], {})
        told = {(one.account_id, one.reason) for one in step.concerned}
        assert told == {(str(ANNA), "reporter"), (str(JONAS), "colleague")}
        assert (step.facts["state"], step.facts["state_de"]) == ("waiting", "Sie sind am Zug")
        assert (step.facts["excerpt"], step.facts["actor"]) == ("Welche Version?", "Person 5")

    async def test_sec_z06_who_left_is_not_told_and_who_cannot_be_asked_for_is_waited_for(self, wire: Wire) -> None:
        ticket = await wire.world.open("anna", visibility="organisation")
        await wire.world.post("jonas", f"/tickets/{ticket}/comment", {"text": "Bei mir auch."})
        await wire.world.answer(ticket, "", "Danke.")
        wire.world.memberships.away = True
        assert (await refusal(wire.describe("commented"))).kind is ErrorKind.UNAVAILABLE
        wire.world.memberships.away = False
        del wire.world.memberships.held[JONAS]
        (detail,) = await wire.describe("commented")
        assert [one.account_id for one in detail.concerned] == [str(ANNA)]

    async def test_an_assignment_and_a_confidential_ticket(self, wire: Wire) -> None:
        ticket = await wire.world.open("anna")
        await wire.world.post("wiebke", f"/desk/{ticket}/take")
        await wire.world.answer(ticket)
        await wire.world.post("wiebke", f"/desk/{ticket}/assign", {"assignee": str(TAREK)})
        await wire.world.post("tarek", f"/desk/{ticket}/visibility", {"visibility": "confidential"})
        assigned, commented = await wire.describe("assigned", "commented")
        assert [(one.account_id, one.reason) for one in assigned.concerned] == [(str(TAREK), "assignee")]
        assert commented.facts["excerpt"] == ""
        assert {one.account_id for one in commented.concerned} == {str(ANNA)}

    async def test_unknown_events_and_too_many(self, wire: Wire) -> None:
        stub = EventDetailServiceStub(wire.channel("notification"))
        request = detail_messages.DescribeEventsRequest(event_ids=[str(uuid4())])
        (detail,) = (await stub.DescribeEvents(request, timeout=5)).details
        assert (detail.event_id, detail.event_type) == (request.event_ids[0], "")
        many = detail_messages.DescribeEventsRequest(event_ids=[str(UUID(int=0))] * 101)
        assert (await refusal(stub.DescribeEvents(many, timeout=5))).kind is ErrorKind.INVALID
        bad = detail_messages.DescribeEventsRequest(event_ids=["nonsense"])
        assert (await refusal(stub.DescribeEvents(bad, timeout=5))).kind is ErrorKind.INVALID
