"""Notices as people read them: what the emitters tell now, with the rights of now (DESIGN 11, 14)."""

import asyncio
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final, Protocol
from uuid import UUID

from chassis.errors import DomainError
from notification.happenings import Happening
from notification.notice_kinds import KINDS, NoticeKind
from notification.notice_store import Notice
from ui.pages import Gettext
from ui.translations import N_

_GONE: Final = N_("What this notice told of is no longer visible to you.")
_OTHER: Final = NoticeKind(plain=N_("Something happened that this page cannot tell yet."), path="/notices")
_STILL_ONES_OWN: Final = "obsolete"
"""The emitter's word for what others have come after: no reason to hide it from whom it concerned."""


class Describer(Protocol):
    """A service that emits events and quickly says what several were about."""

    async def describe_all(self, event_ids: Sequence[UUID]) -> Mapping[UUID, Happening]:
        """One question within the deadline of a page's part; raises DomainError when there is no answer by then."""
        ...


@dataclass(frozen=True, slots=True)
class Sentence:
    """One notice as it is shown."""

    id: UUID
    kind: str
    text: str
    more: str
    path: str
    """Empty where there is nothing to be seen any more."""
    at: datetime
    read_at: datetime | None


class Sentences:
    """Makes sentences; asks each emitter once a page."""

    def __init__(self, describers: Mapping[str, Describer], states: Mapping[str, Mapping[str, str]]) -> None:
        """Emitters by the name of their service; what ticket states are called, by language."""
        self._describers = describers
        self._states = states

    async def of(
        self, notices: Sequence[Notice], account_id: UUID, language: str, _: Gettext
    ) -> tuple[list[Sentence], bool]:
        """The sentences in the order of the notices, and whether every emitter answered."""
        emitters = sorted({_kind(notice).asks for notice in notices} - {""})
        answers = dict(zip(emitters, await asyncio.gather(*(self._ask(one, notices) for one in emitters)), strict=True))
        told = [self._sentence(notice, answers.get(_kind(notice).asks), account_id, language, _) for notice in notices]
        return told, None not in answers.values()

    async def _ask(self, emitter: str, notices: Sequence[Notice]) -> Mapping[UUID, Happening] | None:
        try:
            return await self._describers[emitter].describe_all(
                [notice.event_id for notice in notices if _kind(notice).asks == emitter]
            )
        except DomainError:
            return None

    def _sentence(
        self,
        notice: Notice,
        answer: Mapping[UUID, Happening] | None,
        account_id: UUID,
        language: str,
        _: Gettext,
    ) -> Sentence:
        kind, happening = _kind(notice), (answer or {}).get(notice.event_id)
        text, more, path = _(kind.plain), _(kind.more) if kind.more else "", kind.leads_to(notice.thing_id)
        if happening and happening.event_type:
            if any(who.account_id == account_id for who in happening.concerned):
                text = _(kind.said, **self._values(happening.facts, language, _))
            elif happening.suppressed != _STILL_ONES_OWN:
                text, more, path = _(_GONE), "", ""
        return Sentence(notice.id, notice.kind, text, more, path, notice.event_time, notice.read_time)

    def _values(self, facts: Mapping[str, str], language: str, _: Gettext) -> Mapping[str, str]:
        state = facts.get("state", "")
        return {
            "number": facts.get("customer_number") or facts.get("ticket_number", ""),
            "subject": facts.get("subject", ""),
            "state": self._states.get(language, {}).get(state, state),
            "organisation": facts.get("organisation", ""),
            "email": facts.get("email", ""),
            "actor": facts.get("actor") or _("The service team"),
        }


def _kind(notice: Notice) -> NoticeKind:
    """What a replica of a newer version entered is told in general terms."""
    return KINDS.get(notice.kind, _OTHER)
