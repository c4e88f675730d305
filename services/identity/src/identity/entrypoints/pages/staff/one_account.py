"""One account as staff see it: opened with a reason, which its owner can read (S4)."""

import asyncio
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from fastapi import APIRouter, Request, Response

from chassis.callers import Caller
from identity.domain.account import Account
from identity.domain.factors import Factors
from identity.domain.history import HistoryEntry, HistoryPage, HistoryPlace, HistoryRange
from identity.domain.permission import permitted_on
from identity.domain.session import Session
from identity.domain.staff_action import NEEDS, StaffAction, fits
from identity.domain.staff_reason import StaffReason
from identity.entrypoints.pages.history.places import read_place, write_place
from identity.entrypoints.pages.history.words import OCCASIONS, reason_of, words_of
from identity.entrypoints.pages.site import Site, see_other
from identity.entrypoints.pages.staff.account_list import Serving
from identity.entrypoints.pages.staff.action_words import ACTION_WORDS, ActionWords
from identity.entrypoints.pages.staff.words import MAIL_STATES, ROLES, STATES, letter_word
from identity.usecases.look_at_account import Look, find_look, open_account
from ui.forms import read_form
from ui.translations import N_

_PATH = "/staff/accounts/{account_id}"
_HISTORY_SIZE = 15
_MOVED_ON = {
    "state_changed": N_("The account has changed in the meantime. Nothing was done."),
    "own_account": N_("Nobody changes the own account here. Nothing was done."),
    "address_taken": N_("The e-mail address belongs to another account by now, so this one stays closed."),
    "reopen_late": N_("The account is being erased and cannot be opened again."),
}
_NOTICES = {action.value: words.done for action, words in ACTION_WORDS.items()} | _MOVED_ON


@dataclass(frozen=True, slots=True)
class _Own:
    """What identity's own database has about an account."""

    sessions: list[Session]
    history: HistoryPage
    actors: Mapping[UUID, str]
    factors: Factors


class StaffAccountPages:
    """`/staff/accounts/{account_id}`."""

    def __init__(self, site: Site) -> None:
        self._site = site
        self.router = APIRouter()
        self.router.add_api_route(_PATH, self.show, methods=["GET"])
        self.router.add_api_route(f"{_PATH}/open", self.open, methods=["POST"])

    async def show(self, account_id: UUID, request: Request, caller: Serving) -> Response:
        """The account; or, before that, the question why it is looked at."""
        look = await self._look(account_id, caller)
        if look.reason is None:
            return self._site.render(request, "staff/reason.html", account=look.account, occasions=OCCASIONS)
        return await self._page(request, look.account, caller)

    async def open(self, account_id: UUID, request: Request, caller: Serving) -> Response:
        """Takes the reason and opens the account."""
        site, typed = self._site, await read_form(request)
        reason = StaffReason.read(typed.get("occasion", ""), typed.get("reason", ""))
        if isinstance(reason, str):
            look = await self._look(account_id, caller)
            field = "reason" if reason == "reason_long" else "occasion"
            context = {"account": look.account, "occasions": OCCASIONS}
            return site.bad_form(request, "staff/reason.html", typed, {field: reason}, **context)
        async with site.database.transaction() as tx:
            await open_account(account_id, caller.account_id, reason, records=site.records(tx), rules=site.rules)
        return see_other(f"/staff/accounts/{account_id}")

    async def _look(self, account_id: UUID, caller: Caller) -> Look:
        site = self._site
        async with site.database.transaction() as tx:
            return await find_look(account_id, caller.account_id, records=site.records(tx), rules=site.rules)

    async def _page(self, request: Request, account: Account, caller: Caller) -> Response:
        query, around = request.query_params, self._site.surroundings
        older, mails_page = query.get("history", ""), query.get("mails", "")
        own, links, mails = await asyncio.gather(
            self._own(account, read_place(older)),
            around.links.links(account.id),
            around.mails.mails(account.id, mails_page),
        )
        return self._site.render(
            request,
            "staff/account.html",
            account=account,
            state=STATES[account.state],
            roles=[word for role, word in ROLES.items() if role in account.roles],
            own=own,
            entries=[_shown(entry, own.actors) for entry in own.history.entries],
            older=write_place(own.history.next),
            newer=bool(older),
            links=links,
            mails=mails,
            mails_newer=bool(mails_page),
            mail_states=MAIL_STATES,
            letter_word=letter_word,
            actions=_offered(account, own.factors, caller),
            notice=_NOTICES.get(query.get("notice", "")),
            notice_done=query.get("notice", "") not in _MOVED_ON,
        )

    async def _own(self, account: Account, older_than: HistoryPlace | None) -> _Own:
        site, now = self._site, self._site.rules.clock()
        async with site.database.transaction() as tx:
            records = site.records(tx)
            sessions = await records.sessions.of_account(account.id)
            history = await records.history.of_account(account.id, HistoryRange(_HISTORY_SIZE, older_than))
            factors = await records.second_factors.factors(account.id)
            others = {entry.actor_id for entry in history.entries if entry.actor_id and entry.actor_id != account.id}
            actors = await records.accounts.get_many(list(others))
        names = {actor.id: actor.display_name for actor in actors}
        return _Own([each for each in sessions if each.live(now)], history, names, factors)


def _offered(account: Account, factors: Factors, caller: Caller) -> list[tuple[StaffAction, ActionWords]]:
    if account.id == caller.account_id:
        return []
    return [
        (action, words)
        for action, words in ACTION_WORDS.items()
        if fits(action, account, factors) and permitted_on(caller.roles, NEEDS[action], account)
    ]


def _shown(entry: HistoryEntry, actors: Mapping[UUID, str]) -> dict[str, Any]:
    occasion, words = reason_of(entry)
    return {
        "at": entry.at,
        "words": words_of(entry.action),
        "kind": entry.actor_kind.value,
        "name": actors.get(entry.actor_id, "") if entry.actor_id else "",
        "occasion": occasion,
        "reason": words,
        "details": entry.details,
    }
