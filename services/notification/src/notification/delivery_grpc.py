"""DeliveryService: what was mailed to an account and what became of it, for the pages of staff."""

from datetime import datetime
from typing import Any, Final
from uuid import UUID

import grpc
from kundenportal.notification.v1 import delivery_service_pb2 as pb2
from kundenportal.notification.v1.delivery_service_pb2_grpc import DeliveryServiceServicer

from chassis.database import Database
from chassis.errors import DomainError, ErrorKind
from chassis.page_tokens import page_token_invalid, read_page_token, write_page_token
from notification.mail_ledger import MailLedger, MailState, Posted

DEFAULT_PAGE_SIZE: Final = 20
MAX_PAGE_SIZE: Final = 100
DELIVERY_GRANTS: Final = {"/kundenportal.notification.v1.DeliveryService/ListDeliveries": frozenset({"identity"})}
_STATES: Final = {
    MailState.PENDING: pb2.DELIVERY_STATE_PENDING,
    MailState.SENT: pb2.DELIVERY_STATE_SENT,
    MailState.FAILED: pb2.DELIVERY_STATE_FAILED,
    MailState.SUPPRESSED: pb2.DELIVERY_STATE_SUPPRESSED,
}


class DeliveryApi(DeliveryServiceServicer):
    """See delivery_service.proto."""

    def __init__(self, database: Database, ledger: MailLedger) -> None:
        self._database = database
        self._ledger = ledger

    async def ListDeliveries(  # noqa: N802 - the name in the proto
        self, request: pb2.ListDeliveriesRequest, _context: grpc.aio.ServicerContext[Any, Any]
    ) -> pb2.ListDeliveriesResponse:
        """Raises DomainError(INVALID) for what is no id, no page size and no page token."""
        account_id, size = _read_id(request.account_id), request.page_size or DEFAULT_PAGE_SIZE
        if not 1 <= size <= MAX_PAGE_SIZE:
            raise DomainError(ErrorKind.INVALID, "page_size", f"page_size is 1 to {MAX_PAGE_SIZE}")
        before = _read_place(request.page_token)
        async with self._database.transaction() as tx:
            found = await self._ledger.of_account(tx, account_id, limit=size + 1, before=before)
        shown = found[:size]
        more = len(found) > size
        token = write_page_token(shown[-1].create_time.isoformat(), str(shown[-1].id)) if more else ""
        return pb2.ListDeliveriesResponse(deliveries=[_to_proto(mail) for mail in shown], next_page_token=token)


def _to_proto(mail: Posted) -> pb2.Delivery:
    delivery = pb2.Delivery(
        delivery_id=str(mail.id),
        template=mail.letter,
        subject_kind=mail.event_type.split(".")[2],
        state=_STATES[mail.state],
        state_reason=mail.state_reason,
        attempts=mail.attempts,
    )
    delivery.create_time.FromDatetime(mail.create_time)
    delivery.update_time.FromDatetime(mail.update_time)
    return delivery


def _read_id(text: str) -> UUID:
    try:
        return UUID(text)
    except ValueError as error:
        raise DomainError(ErrorKind.INVALID, "id_invalid", "An account id is a UUID.") from error


def _read_place(token: str) -> tuple[datetime, UUID] | None:
    position = read_page_token(token, 2)
    if position is None:
        return None
    try:
        return datetime.fromisoformat(position[0]), UUID(position[1])
    except ValueError as error:
        raise page_token_invalid() from error
