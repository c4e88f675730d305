"""What staff are told of the mails to an account: kind and fate, page by page, and never another account's."""

from collections.abc import AsyncIterator
from datetime import timedelta
from functools import partial
from pathlib import Path
from uuid import UUID

import pytest
from kundenportal.notification.v1 import delivery_service_pb2 as pb2
from kundenportal.notification.v1.delivery_service_pb2_grpc import (
    DeliveryServiceStub,
    add_DeliveryServiceServicer_to_server,
)

from chassis.errors import DomainError, ErrorKind
from chassis.grpc_client import GrpcChannel
from chassis.grpc_server import GrpcServer
from chassis.testing import certificates
from mail_samples import ANNA
from notification.delivery_grpc import DELIVERY_GRANTS, DeliveryApi
from notification.mail_ledger import MailLedger, MailState, Occurrence, mail_id
from notification_fakes import NOW, Clock
from notification_world import service_settings
from portal_fixtures import DatabaseFactory

BEN = UUID("00000000-0000-4000-8000-000000000be0")
OPENED = "kundenportal.ticketing.ticket.opened.v1"


@pytest.fixture
async def stubs(database_factory: DatabaseFactory, tmp_path: Path) -> AsyncIterator[dict[str, DeliveryServiceStub]]:
    """Five mails to Anna, one to Ben; asked by identity and by ticketing."""
    database, clock = await database_factory("notification"), Clock()
    ledger = MailLedger(clock)
    async with database.transaction() as tx:
        for number in range(5):
            clock.pass_by(timedelta(minutes=1))
            told = Occurrence(UUID(int=number), OPENED, NOW, "subject")
            await ledger.open(tx, told, ANNA, f"letter_{number}")
        await ledger.open(tx, Occurrence(UUID(int=9), OPENED, NOW, "subject"), BEN, "letter_of_ben")
        await ledger.close(tx, mail_id(UUID(int=4), ANNA), MailState.FAILED, "550")
    folders = certificates(tmp_path, ["notification", "identity", "ticketing"])
    servicer = partial(add_DeliveryServiceServicer_to_server, DeliveryApi(database, ledger))
    server = GrpcServer(service_settings(tls_dir=folders["notification"]), [servicer], DELIVERY_GRANTS)
    await server.start()
    channels = {
        name: GrpcChannel(service_settings(tls_dir=folders[name]), f"127.0.0.1:{server.port}", "notification")
        for name in ("identity", "ticketing")
    }
    yield {name: DeliveryServiceStub(channel.channel) for name, channel in channels.items()}
    for channel in channels.values():
        await channel.close()
    await server.stop()


async def test_staff_are_told_kind_and_fate_of_every_mail(stubs: dict[str, DeliveryServiceStub]) -> None:
    request = pb2.ListDeliveriesRequest(account_id=str(ANNA))
    answer = await stubs["identity"].ListDeliveries(request, timeout=2)
    assert [mail.template for mail in answer.deliveries] == [f"letter_{number}" for number in (4, 3, 2, 1, 0)]
    newest = answer.deliveries[0]
    assert (newest.subject_kind, newest.state, newest.state_reason, newest.attempts) == (
        "ticket",
        pb2.DELIVERY_STATE_FAILED,
        "550",
        1,
    )
    assert answer.next_page_token == ""


async def test_pages_follow_one_another(stubs: dict[str, DeliveryServiceStub]) -> None:
    found, token = [], ""
    while True:
        request = pb2.ListDeliveriesRequest(account_id=str(ANNA), page_size=2, page_token=token)
        answer = await stubs["identity"].ListDeliveries(request, timeout=2)
        found.append([mail.template for mail in answer.deliveries])
        token = answer.next_page_token
        if not token:
            break
    assert found == [["letter_4", "letter_3"], ["letter_2", "letter_1"], ["letter_0"]]


@pytest.mark.parametrize(
    "asked", [{"account_id": "x"}, {"page_size": 101}, {"page_size": -1}, {"page_token": "x"}, {"page_token": "W10"}]
)
async def test_what_makes_no_sense_is_refused(stubs: dict[str, DeliveryServiceStub], asked: dict[str, object]) -> None:
    request = pb2.ListDeliveriesRequest(**({"account_id": str(ANNA)} | asked))
    with pytest.raises(DomainError) as refused:
        await stubs["identity"].ListDeliveries(request, timeout=2)
    assert refused.value.kind is ErrorKind.INVALID


async def test_sec_z12_nobody_but_identity_may_ask(stubs: dict[str, DeliveryServiceStub]) -> None:
    with pytest.raises(DomainError) as refused:
        await stubs["ticketing"].ListDeliveries(pb2.ListDeliveriesRequest(account_id=str(ANNA)), timeout=2)
    assert refused.value.kind is ErrorKind.FORBIDDEN
