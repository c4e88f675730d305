"""A form sent twice has one effect and one answer, a refusal too (DESIGN 10)."""

from collections.abc import Awaitable, Callable, Mapping
from uuid import UUID

from chassis.database import Transaction
from chassis.idempotency import StoredAnswer, form_hash, keep, replay


async def once(
    tx: Transaction, account_id: UUID, route: str, fields: Mapping[str, str], act: Callable[[], Awaitable[StoredAnswer]]
) -> StoredAnswer:
    """The answer of `act`, or the first one when the same form came before.

    A form without a key, from a program, is simply done.
    """
    key = fields.get("idempotency_key", "")
    if not key:
        return await act()
    owner, body = str(account_id), form_hash(fields)
    stored = await replay(tx, owner, route, key, body)
    if stored is None:
        stored = await act()
        await keep(tx, owner, route, key, body, stored)
    return stored
