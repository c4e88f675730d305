"""Ids as they come over gRPC."""

from collections.abc import Sequence
from uuid import UUID

from chassis.errors import DomainError, ErrorKind

_MOST = 100


def read_ids(texts: Sequence[str], *, of: str) -> list[UUID]:
    """Up to 100 ids of the things named (`account`, `event`); raises DomainError INVALID for more or for no UUID."""
    if len(texts) > _MOST:
        raise DomainError(ErrorKind.INVALID, "too_many_ids", f"At most {_MOST} {of}s at once.")
    try:
        return [UUID(text) for text in texts]
    except ValueError as error:
        raise DomainError(ErrorKind.INVALID, "id_invalid", f"An {of} id is a UUID.") from error
