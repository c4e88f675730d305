"""Ids as they come over gRPC."""

from collections.abc import Sequence
from uuid import UUID

from chassis.errors import DomainError, ErrorKind

_MOST = 100


def read_id(text: str) -> UUID:
    """Raises DomainError INVALID for what is no UUID."""
    try:
        return UUID(text)
    except ValueError as error:
        raise DomainError(ErrorKind.INVALID, "id_invalid", "An id is a UUID.") from error


def read_ids(texts: Sequence[str]) -> list[UUID]:
    """The same for up to 100."""
    if len(texts) > _MOST:
        raise DomainError(ErrorKind.INVALID, "too_many_ids", "At most 100 at once.")
    return [read_id(text) for text in texts]
