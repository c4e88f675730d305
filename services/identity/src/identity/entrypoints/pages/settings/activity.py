"""Settings: what happened to one's account, and when staff looked at it and why (S4)."""

from collections.abc import Mapping
from typing import Any

from fastapi import APIRouter, Request, Response

from chassis.callers import SignedIn
from identity.domain.history import HistoryEntry, HistoryRange
from identity.entrypoints.pages.history.places import read_place, write_place
from identity.entrypoints.pages.history.words import reason_of, words_of
from identity.entrypoints.pages.site import Site

_PATH = "/settings/activity"


class ActivityPages:
    """`/settings/activity`."""

    def __init__(self, site: Site) -> None:
        self._site = site
        self.router = APIRouter()
        self.router.add_api_route(_PATH, self.show, methods=["GET"])

    async def show(self, request: Request, caller: SignedIn) -> Response:
        """One's own history, the newest first; who of staff acted is not said, only that and why."""
        site, token = self._site, request.query_params.get("older", "")
        wanted = HistoryRange(older_than=read_place(token))
        async with site.database.transaction() as tx:
            page = await site.records(tx).history.of_account(caller.account_id, wanted)
        return site.render(
            request,
            "settings/activity.html",
            entries=[_shown(entry) for entry in page.entries],
            older=write_place(page.next),
            newest=not token,
        )


def _shown(entry: HistoryEntry) -> Mapping[str, Any]:
    occasion, reason = reason_of(entry)
    return {
        "at": entry.at,
        "words": words_of(entry.action),
        "by": entry.actor_kind.value,
        "occasion": occasion,
        "reason": reason,
        "browser": entry.details.get("browser", ""),
    }
