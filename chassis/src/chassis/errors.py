"""The one vocabulary of errors; problems and grpc_errors give it its faces."""

from collections.abc import Mapping
from datetime import timedelta
from enum import StrEnum
from types import MappingProxyType

_NO_FIELDS: Mapping[str, str] = MappingProxyType({})


class ErrorKind(StrEnum):
    """What kind of thing went wrong, as far as the other side can act on it."""

    INVALID = "invalid"
    UNAUTHENTICATED = "unauthenticated"
    FORBIDDEN = "forbidden"
    NOT_FOUND = "not_found"
    CONFLICT = "conflict"
    RATE_LIMITED = "rate_limited"
    UNAVAILABLE = "unavailable"
    INTERNAL = "internal"


class DomainError(Exception):
    """An error that its author wrote for the one who gets it; every other exception stays inside.

    Args:
        kind: decides status codes.
        code: snake_case, stable; programs compare it and pages choose their text by it.
        detail: one English sentence that may leave the process; no personal data.
        fields: name of a field to what is wrong with it (a code or an English message id); `/` leads to one within
            another, as in `data/name`.
        retry_after: when trying again makes sense, if known.
    """

    def __init__(
        self,
        kind: ErrorKind,
        code: str,
        detail: str = "",
        *,
        fields: Mapping[str, str] = _NO_FIELDS,
        retry_after: timedelta | None = None,
    ) -> None:
        super().__init__(kind, code, detail)
        self.kind = kind
        self.code = code
        self.detail = detail
        self.fields = dict(fields)
        self.retry_after = retry_after

    def __str__(self) -> str:
        return f"{self.code}: {self.detail}" if self.detail else self.code
