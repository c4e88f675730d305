"""A JSON API's creating request, done once however often it comes with the same Idempotency-Key."""

import hashlib
from collections.abc import Awaitable, Callable

from fastapi import Request, Response
from pydantic import BaseModel

from chassis.database import Transaction
from chassis.idempotency import StoredAnswer, header_key, keep, replay

_CREATED = 201
Made = tuple[BaseModel, str]
"""What was made, as it is shown, and the path where it is found."""


async def create_once(
    tx: Transaction,
    request: Request,
    *,
    owner: str,
    sent: BaseModel,
    act: Callable[[], Awaitable[Made]],
) -> Response:
    """201 with what was made, or the same answer again.

    Args:
        tx: the transaction of the effect.
        request: its path and its key, if there is one.
        owner: whose keys these are: the account or the API client.
        sent: the body; another one under the same key is refused.
        act: does it, in this transaction.

    Raises:
        DomainError: INVALID for a bad or reused key; whatever `act` raises.
    """
    key, route = header_key(request), request.url.path
    body_hash = hashlib.sha256(sent.model_dump_json().encode()).digest()
    if key is not None and (stored := await replay(tx, owner, route, key, body_hash, strict=True)):
        return stored.response()
    shown, location = await act()
    made = StoredAnswer(_CREATED, location, shown.model_dump_json())
    if key is not None:
        await keep(tx, owner, route, key, body_hash, made)
    return Response(made.body, made.status, {"Location": location}, media_type="application/json")
