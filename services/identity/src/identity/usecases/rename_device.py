"""Give a remembered device another name."""

from uuid import UUID

from chassis.errors import DomainError, ErrorKind
from identity.domain.session import LONGEST_DEVICE_NAME, Session
from identity.usecases.ports import Records


async def remembered_device(account_id: UUID, session_id: UUID, *, records: Records) -> Session:
    """One of the account's own remembered sessions.

    Raises:
        DomainError: NOT_FOUND `device_unknown` for any other.
    """
    for session in await records.sessions.of_account(account_id):
        if session.id == session_id and session.remembered:
            return session
    raise DomainError(ErrorKind.NOT_FOUND, "device_unknown", "There is no such device.")


async def rename_device(account_id: UUID, session_id: UUID, name: str, *, records: Records) -> None:
    """Keeps the name; an empty one gives the browser's name back.

    Raises:
        DomainError: NOT_FOUND `device_unknown`; INVALID `device_name_long`.
    """
    if len(name) > LONGEST_DEVICE_NAME:
        raise DomainError(ErrorKind.INVALID, "device_name_long", fields={"device_name": "device_name_long"})
    session = await remembered_device(account_id, session_id, records=records)
    await records.sessions.rename(session.id, name)
