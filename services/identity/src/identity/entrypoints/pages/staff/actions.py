"""What staff do to an account (S4): each action is a page that says what will happen and asks why, then a button.

Each needs its permission, a login of the last ten minutes, and an account that was opened with a reason.
"""

from collections.abc import Awaitable, Callable, Mapping
from typing import Annotated, Any
from uuid import UUID, uuid4

from fastapi import APIRouter, Depends, Request, Response

from chassis.callers import Caller, staff
from chassis.database import Transaction
from chassis.errors import DomainError, ErrorKind
from chassis.idempotency import StoredAnswer, form_hash, keep, replay
from identity.domain.permission import Permission, Role, roles_for
from identity.domain.staff_action import NEEDS, StaffAction
from identity.domain.staff_reason import StaffReason
from identity.entrypoints.pages.history.words import OCCASIONS
from identity.entrypoints.pages.reauthentication import recently
from identity.entrypoints.pages.site import Site, see_other
from identity.entrypoints.pages.staff.action_words import ACTION_WORDS
from identity.entrypoints.pages.staff.words import ROLES
from identity.usecases.change_roles import change_roles
from identity.usecases.correct_address import correct_address, start_address_move
from identity.usecases.help_to_sign_in import log_out_account, send_reset
from identity.usecases.lock_account import lock_account, unlock_account
from identity.usecases.look_at_account import Look, find_look
from identity.usecases.remove_lost_factor import remove_lost_factor
from identity.usecases.reopen_account import reopen_for_owner
from identity.usecases.staff_act import Actor, StaffAct, begin_act
from ui.forms import read_form

_PATH = "/staff/accounts/{account_id}"
_TEMPLATE = "staff/action.html"
_MOVED_ON = frozenset({"state_changed", "own_account", "address_taken", "reopen_late"})


def admitted(permission: Permission) -> Callable[[Request], Awaitable[Caller]]:
    """Lets in staff who have the permission and have shown a short while ago who they are."""
    roles = roles_for(permission)
    return recently(staff(*roles), f"staff:{','.join(roles)}")


class StaffActionPages:
    """`/staff/accounts/{account_id}/lock` and its like."""

    def __init__(self, site: Site) -> None:
        self._site = site
        self.router = APIRouter()
        for action in StaffAction:
            path = f"{_PATH}/{action.value}"
            self.router.add_api_route(path, self._asking(action), methods=["GET"])
            self.router.add_api_route(path, self._doing(action), methods=["POST"])

    def _asking(self, action: StaffAction) -> Callable[..., Awaitable[Response]]:
        caller_of = admitted(NEEDS[action])

        async def ask(account_id: UUID, request: Request, caller: Annotated[Caller, Depends(caller_of)]) -> Response:
            """What will happen, and why."""
            look = await self._look(account_id, caller)
            if look.reason is None:
                return see_other(_page_of(account_id))
            return self._site.render(request, _TEMPLATE, **_context(action, look))

        return ask

    def _doing(self, action: StaffAction) -> Callable[..., Awaitable[Response]]:
        caller_of = admitted(NEEDS[action])

        async def do(account_id: UUID, request: Request, caller: Annotated[Caller, Depends(caller_of)]) -> Response:
            """Does it, once for one form."""
            typed = await read_form(request)
            look = await self._look(account_id, caller)
            if look.reason is None:
                return see_other(_page_of(account_id))
            reason = StaffReason.read(typed.get("occasion", ""), typed.get("reason", ""))
            if isinstance(reason, str):
                field = "reason" if reason == "reason_long" else "occasion"
                return self._site.bad_form(request, _TEMPLATE, typed, {field: reason}, **_context(action, look))
            actor = Actor(caller.account_id, caller.roles, reason)
            try:
                return await self._do(action, account_id, actor, typed)
            except DomainError as error:
                if error.kind is ErrorKind.CONFLICT and error.code in _MOVED_ON:
                    return see_other(f"{_page_of(account_id)}?notice={error.code}")
                return self._site.refused_form(request, _TEMPLATE, typed, error, **_context(action, look))

        return do

    async def _look(self, account_id: UUID, caller: Caller) -> Look:
        site = self._site
        async with site.database.transaction() as tx:
            return await find_look(account_id, caller.account_id, records=site.records(tx), rules=site.rules)

    async def _do(self, action: StaffAction, account_id: UUID, actor: Actor, typed: Mapping[str, str]) -> Response:
        site, route = self._site, f"{_page_of(account_id)}/{action.value}"
        key, body = typed.get("idempotency_key") or str(uuid4()), form_hash(typed)
        answer = StoredAnswer(303, f"{_page_of(account_id)}?notice={action.value}")
        async with site.database.transaction() as tx:
            stored = await replay(tx, str(actor.id), route, key, body)
            if stored is None:
                await self._act(tx, action, account_id, actor, typed)
                await keep(tx, str(actor.id), route, key, body, answer)
        return (stored or answer).response()

    async def _act(
        self, tx: Transaction, action: StaffAction, account_id: UUID, actor: Actor, typed: Mapping[str, str]
    ) -> None:
        site = self._site
        act = await begin_act(action, account_id, actor, records=site.records(tx), rules=site.rules)
        if action is StaffAction.CORRECT_ADDRESS:
            await correct_address(act, self._read_address(typed), key_id=site.signer.current)
        elif action is StaffAction.MOVE_ADDRESS:
            await start_address_move(act, self._read_address(typed), key_id=site.signer.current)
        elif action is StaffAction.SEND_RESET:
            await send_reset(act, key_id=site.signer.current)
        elif action is StaffAction.CHANGE_ROLES:
            await change_roles(act, read_roles(typed))
        else:
            await _PLAIN[action](act)

    def _read_address(self, typed: Mapping[str, str]) -> str:
        email = self._site.read_mail(typed.get("email", ""))
        if email is None:
            raise DomainError(ErrorKind.INVALID, "email_invalid", fields={"email": "email_invalid"})
        return email


_PLAIN: Mapping[StaffAction, Callable[[StaffAct], Awaitable[None]]] = {
    StaffAction.LOCK: lock_account,
    StaffAction.UNLOCK: unlock_account,
    StaffAction.END_SESSIONS: log_out_account,
    StaffAction.REMOVE_FACTOR: remove_lost_factor,
    StaffAction.REOPEN: reopen_for_owner,
}


def read_roles(typed: Mapping[str, str]) -> list[Role]:
    """The roles whose boxes are ticked."""
    return [role for role in Role if typed.get(f"role_{role.value}")]


def _context(action: StaffAction, look: Look) -> dict[str, Any]:
    return {
        "account": look.account,
        "action": action.value,
        "words": ACTION_WORDS[action],
        "occasions": OCCASIONS,
        "given": look.reason,
        "all_roles": ROLES,
    }


def _page_of(account_id: UUID) -> str:
    return f"/staff/accounts/{account_id}"
