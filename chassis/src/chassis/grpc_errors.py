"""Errors over gRPC: status code plus google.rpc.ErrorInfo (AIP-193), there and back."""

from datetime import timedelta

import grpc
from google.rpc import error_details_pb2, status_pb2

from chassis.errors import DomainError, ErrorKind
from chassis.problems import GRPC_STATUS

DETAILS_KEY = "grpc-status-details-bin"
_DOMAIN = "kundenportal"
_KINDS = {code: kind for kind, code in GRPC_STATUS.items()}
_NO_ANSWER = frozenset({grpc.StatusCode.UNAVAILABLE, grpc.StatusCode.DEADLINE_EXCEEDED, grpc.StatusCode.CANCELLED})


def packed(error: DomainError, request_id: str) -> bytes:
    """The `grpc-status-details-bin` trailer of an error; an internal one tells nothing but the request's id."""
    internal = error.kind is ErrorKind.INTERNAL
    status = status_pb2.Status(code=GRPC_STATUS[error.kind].value[0], message=message_of(error))
    info = error_details_pb2.ErrorInfo(domain=_DOMAIN, reason="internal" if internal else error.code)
    info.metadata["request_id"] = request_id
    status.details.add().Pack(info)
    if error.fields and not internal:
        violations = [
            error_details_pb2.BadRequest.FieldViolation(field=name, description=text)
            for name, text in error.fields.items()
        ]
        status.details.add().Pack(error_details_pb2.BadRequest(field_violations=violations))
    if error.retry_after is not None:
        retry = error_details_pb2.RetryInfo()
        retry.retry_delay.FromTimedelta(error.retry_after)
        status.details.add().Pack(retry)
    content: bytes = status.SerializeToString()
    return content


def message_of(error: DomainError) -> str:
    """The text of a status; of an internal error only that it is one."""
    return "internal" if error.kind is ErrorKind.INTERNAL else error.detail or error.code


def unpacked(error: grpc.aio.AioRpcError) -> DomainError:
    """What a failed call means here; without our ErrorInfo it is not the other service's own word."""
    status = status_pb2.Status()
    for key, value in error.trailing_metadata() or ():
        if key == DETAILS_KEY and isinstance(value, bytes):
            status.ParseFromString(value)
    info, bad, retry = _details(status)
    if info.domain == _DOMAIN:
        return DomainError(
            _KINDS.get(error.code(), ErrorKind.INTERNAL),
            info.reason,
            status.message,
            fields={violation.field: violation.description for violation in bad.field_violations},
            retry_after=retry,
        )
    if error.code() in _NO_ANSWER:
        return DomainError(ErrorKind.UNAVAILABLE, "neighbour_unavailable", error.code().name.lower())
    return DomainError(ErrorKind.INTERNAL, "neighbour_failed", error.code().name.lower())


def _details(
    status: status_pb2.Status,
) -> tuple[error_details_pb2.ErrorInfo, error_details_pb2.BadRequest, timedelta | None]:
    info, bad, retry = error_details_pb2.ErrorInfo(), error_details_pb2.BadRequest(), error_details_pb2.RetryInfo()
    delay: timedelta | None = None
    for detail in status.details:
        detail.Unpack(info)
        detail.Unpack(bad)
        if detail.Unpack(retry):
            delay = retry.retry_delay.ToTimedelta()
    return info, bad, delay
