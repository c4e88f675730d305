"""Work after a commit and by the clock."""

from collections.abc import Awaitable, Callable, Mapping
from typing import Any
from uuid import UUID

import structlog

from chassis.jobs import JobHandler, Periodic
from customer_link.entrypoints.file_jobs import PERIODIC_OF_FILES, file_handlers
from customer_link.entrypoints.workplace import Workplace
from customer_link.usecases.ask_for_data import BATCH, ask_for_data
from customer_link.usecases.end_access import end_due_access, forget_invitations
from customer_link.usecases.erase_sealed_codes import erase_sealed_codes
from customer_link.usecases.forget_failures import forget_failures
from customer_link.usecases.forget_looks import forget_looks
from customer_link.usecases.forget_orders import forget_orders
from customer_link.usecases.handle_request import expire_requests
from customer_link.usecases.issue_batch import issue_step
from customer_link.usecases.ports import Clock, Records
from customer_link.usecases.provide_account import Identity, provide_account
from customer_link.usecases.reach_invitee import reach_invitee
from customer_link.usecases.run_import import erase_old_imports, work_on_import

_log = structlog.get_logger(__name__)
PROVIDE_ACCOUNT = "provide_account"
IMPORT_CUSTOMERS = "import_customers"
REACH_INVITEE = "reach_invitee"
ISSUE_BATCH = "issue_batch"
ASK_FOR_DATA = "ask_for_data"
ERASE_SEALED_CODES = "erase_sealed_codes"
FORGET_FAILURES = "forget_failures"
FORGET_ORDERS = "forget_orders"
FORGET_LOOKS = "forget_looks"
ERASE_OLD_IMPORTS = "erase_old_imports"
EXPIRE_REQUESTS = "expire_requests"
END_DUE_ACCESS = "end_due_access"
FORGET_INVITATIONS = "forget_invitations"
PERIODIC = (
    Periodic(ASK_FOR_DATA, "* * * * * */30"),  # the sixth field is seconds
    Periodic(ERASE_SEALED_CODES, "*/5 * * * *"),
    Periodic(FORGET_FAILURES, "47 * * * *"),
    Periodic(FORGET_ORDERS, "57 * * * *"),
    Periodic(FORGET_LOOKS, "17 3 * * *"),
    Periodic(ERASE_OLD_IMPORTS, "27 * * * *"),
    Periodic(EXPIRE_REQUESTS, "*/10 * * * *"),
    Periodic(END_DUE_ACCESS, "* * * * * */15"),
    Periodic(FORGET_INVITATIONS, "7 * * * *"),
    *PERIODIC_OF_FILES,
)


def job_handlers(workplace: Workplace, identity: Identity) -> dict[str, JobHandler]:
    """The jobs of customer-link by name."""

    async def account(payload: Mapping[str, Any]) -> None:
        await provide_account(UUID(payload["contact_id"]), transactions=workplace.open, identity=identity)

    async def invitee(payload: Mapping[str, Any]) -> None:
        invitation_id, clock = UUID(payload["invitation_id"]), workplace.rules.clock
        await reach_invitee(invitation_id, transactions=workplace.open, identity=identity, clock=clock)

    async def ask(_payload: Mapping[str, Any]) -> None:
        looked_at = BATCH
        while looked_at == BATCH:
            async with workplace.open() as records:
                looked_at = await ask_for_data(records=records, clock=workplace.rules.clock)

    async def batch(payload: Mapping[str, Any]) -> None:
        more = True
        while more:
            async with workplace.open() as records:
                more = await issue_step(
                    UUID(payload["batch_id"]), records=records, means=workplace.issuing, new_id=workplace.rules.new_id
                )

    return {
        PROVIDE_ACCOUNT: account,
        REACH_INVITEE: invitee,
        ISSUE_BATCH: batch,
        ASK_FOR_DATA: ask,
        ERASE_SEALED_CODES: _sweep(workplace, erase_sealed_codes),
        FORGET_FAILURES: _sweep(workplace, forget_failures),
        FORGET_ORDERS: _sweep(workplace, forget_orders),
        FORGET_LOOKS: _sweep(workplace, forget_looks),
        IMPORT_CUSTOMERS: _importing(workplace),
        ERASE_OLD_IMPORTS: _sweep(workplace, erase_old_imports),
        EXPIRE_REQUESTS: _sweep(workplace, expire_requests),
        END_DUE_ACCESS: _sweep(workplace, end_due_access),
        FORGET_INVITATIONS: _sweep(workplace, forget_invitations),
        **file_handlers(workplace),
    }


def _importing(workplace: Workplace) -> JobHandler:
    async def run(payload: Mapping[str, Any]) -> None:
        import_id = UUID(payload["import_id"])
        await work_on_import(import_id, transactions=workplace.open, rules=workplace.importing)

    return run


def _sweep(workplace: Workplace, sweep: Callable[..., Awaitable[int]]) -> JobHandler:
    clock: Clock = workplace.rules.clock

    async def run(_payload: Mapping[str, Any]) -> None:
        async with workplace.open() as records:
            done = await _swept(records)
        if done:
            _log.info("swept", sweep=sweep.__name__, rows=done)

    async def _swept(records: Records) -> int:
        return await sweep(records=records, clock=clock)

    return run
