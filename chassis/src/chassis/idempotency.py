"""Idempotency keys: the same request twice has one effect and one answer (IETF draft httpapi-idempotency-key-header).

`replay` claims the key inside the caller's transaction and `keep` stores the answer in the same one, so that effect
and answer are there together or not at all.
"""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from fastapi import Request, Response
from sqlalchemy import delete, func, select, update
from sqlalchemy.dialects.postgresql import insert

from chassis.database import Transaction
from chassis.errors import DomainError, ErrorKind
from chassis.tables import idempotency_keys

_LONGEST_KEY = 255
_FORM_FIELD = "idempotency_key"


@dataclass(frozen=True, slots=True)
class StoredAnswer:
    """An answer that can be given again; body is what the entry point needs for it, not a whole page."""

    status: int
    location: str | None
    body: str = ""

    def response(self) -> Response:
        """The answer over HTTP, marked as given before."""
        headers = {"Idempotency-Replayed": "true"} | ({"Location": self.location} if self.location else {})
        media_type = "application/json" if self.body else None
        return Response(self.body, self.status, headers, media_type=media_type)


async def replay(
    tx: Transaction, caller: str, route: str, key: str, body_hash: bytes, *, strict: bool = False
) -> StoredAnswer | None:
    """Claims a key; None: go on, nobody did this. A concurrent twin waits here until the first one has committed.

    Args:
        tx: the transaction of the effect.
        caller: whose key it is; keys of others never meet.
        route: what is done.
        key: chosen by the client, 1 to 255 characters.
        body_hash: of what is asked; another body under the same key is a new action (a changed form after "back").
        strict: another body is an error instead (JSON API).

    Raises:
        DomainError: INVALID for a bad key or, when strict, for a reused one.
    """
    if not 0 < len(key) <= _LONGEST_KEY or not key.isprintable():
        raise DomainError(ErrorKind.INVALID, "idempotency_key_invalid", "The key must have 1 to 255 characters.")
    if strict:
        await _refuse_reuse(tx, caller, route, key, body_hash)
    values = {"caller": caller, "route": route, "key": key, "body_hash": body_hash}
    claim = insert(idempotency_keys).values(values).on_conflict_do_nothing().returning(idempotency_keys.c.key)
    if (await tx.execute(claim)).first() is not None:
        return None
    return await _stored(tx, values)


async def keep(tx: Transaction, caller: str, route: str, key: str, body_hash: bytes, answer: StoredAnswer) -> None:
    """Stores the answer to a claimed key."""
    row = idempotency_keys.c
    claimed = (row.caller == caller) & (row.route == route) & (row.key == key) & (row.body_hash == body_hash)
    await tx.execute(
        update(idempotency_keys).where(claimed).values(status=answer.status, location=answer.location, body=answer.body)
    )


async def forget(tx: Transaction, before: datetime) -> None:
    """Deletes keys claimed before a time; 24 hours are usual."""
    await tx.execute(delete(idempotency_keys).where(idempotency_keys.c.create_time < before))


def form_hash(fields: Mapping[str, str]) -> bytes:
    """Hash of a form's fields, in any order, without the key itself."""
    digest = hashlib.sha256()
    for name in sorted(fields.keys() - {_FORM_FIELD}):
        for part in (name.encode(), fields[name].encode()):
            digest.update(len(part).to_bytes(8, "big") + part)
    return digest.digest()


def header_key(request: Request) -> str | None:
    """The Idempotency-Key header of an API request."""
    return request.headers.get("idempotency-key")


async def _stored(tx: Transaction, values: Mapping[str, object]) -> StoredAnswer:
    row = idempotency_keys.c
    statement = select(row.status, row.location, row.body).where(
        *(row[name] == value for name, value in values.items())
    )
    found = (await tx.execute(statement)).one()
    if found.status is None:
        raise DomainError(ErrorKind.CONFLICT, "idempotency_key_without_answer", "The first request kept no answer.")
    return StoredAnswer(found.status, found.location, found.body)


async def _refuse_reuse(tx: Transaction, caller: str, route: str, key: str, body_hash: bytes) -> None:
    # Twins with different bodies do not meet at the primary key, so they queue here.
    name = f"{caller}\n{route}\n{key}"
    await tx.execute(select(func.pg_advisory_xact_lock(func.hashtextextended(name, 0))))
    row = idempotency_keys.c
    other = select(row.key).where(row.caller == caller, row.route == route, row.key == key, row.body_hash != body_hash)
    if (await tx.execute(other)).first() is not None:
        raise DomainError(ErrorKind.INVALID, "idempotency_key_reused", "The key was used for another request.")
