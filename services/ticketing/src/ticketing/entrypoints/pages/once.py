"""A form sent twice has one effect (DESIGN 10)."""

from collections.abc import Awaitable, Callable, Mapping

from fastapi.responses import RedirectResponse

from chassis.callers import Caller
from chassis.database import Transaction
from chassis.idempotency import StoredAnswer, form_hash, keep, replay

_SEE_OTHER = 303


def go_to(path: str) -> RedirectResponse:
    """Send the browser on with a GET."""
    return RedirectResponse(path, _SEE_OTHER)


async def once(
    tx: Transaction, caller: Caller, route: str, fields: Mapping[str, str], act: Callable[[], Awaitable[str]]
) -> str:
    """Do what a form asks, or give the path of the first answer when the same form came before.

    A form without a key, from a program or an old browser, is simply done.
    """
    key = fields.get("idempotency_key", "")
    if not key:
        return await act()
    owner, body = str(caller.account_id), form_hash(fields)
    if stored := await replay(tx, owner, route, key, body):
        return stored.location or "/tickets"
    path = await act()
    await keep(tx, owner, route, key, body, StoredAnswer(_SEE_OTHER, path))
    return path
