"""Work after the commit and by the clock."""

from collections.abc import Awaitable, Callable, Mapping
from typing import Any
from uuid import UUID

import structlog

from chassis.jobs import Periodic
from customer_link.adapters.later import ASK_AGAIN, PROVIDE_ACCOUNT
from customer_link.entrypoints.workplace import Workplace
from customer_link.usecases.attach_account import attach_account
from customer_link.usecases.ports import AccountDirectory
from customer_link.usecases.request_customer_data import repeat_request
from customer_link.usecases.tidy_up import tidy_up

_log = structlog.get_logger(__name__)
TIDY_UP = "tidy_up"
PERIODIC = (Periodic(TIDY_UP, "*/10 * * * *"),)
Handlers = dict[str, Callable[[Mapping[str, Any]], Awaitable[None]]]


def job_handlers(workplace: Workplace, accounts: AccountDirectory) -> Handlers:
    """The jobs of customer-link by name."""

    async def provide_account(payload: Mapping[str, Any]) -> None:
        contact_id = UUID(payload["contact_id"])
        async with workplace.open() as records:
            contact = await records.contacts.get(contact_id)
        if contact is None:
            return
        account_id = await accounts.ensure(contact)
        async with workplace.open() as records:
            await attach_account(contact_id, account_id, records=records)

    async def ask_again(payload: Mapping[str, Any]) -> None:
        async with workplace.open() as records:
            customer_id, asked = UUID(payload["customer_id"]), int(payload["asked"])
            await repeat_request(customer_id, asked, records=records, clock=workplace.clock)

    async def tidy(_payload: Mapping[str, Any]) -> None:
        async with workplace.open() as records:
            tidied = await tidy_up(records=records, clock=workplace.clock)
        _log.info("tidied", codes=tidied.codes, failures=tidied.failures)

    return {PROVIDE_ACCOUNT: provide_account, ASK_AGAIN: ask_again, TIDY_UP: tidy}
