"""The history of a ticket as the talk shows it."""

from dataclasses import dataclass
from datetime import datetime

from ticketing.domain.ticket import Entry, EntryKind
from ticketing.domain.transitions import PATIENCE
from ticketing.entrypoints.pages.wording import Wording
from ui.translations import N_


@dataclass(frozen=True, slots=True)
class Say:
    """Words of a person."""

    id: str
    name: str
    role: str
    at: datetime
    text: str
    staff: bool
    internal: bool
    is_step: bool = False


@dataclass(frozen=True, slots=True)
class Step:
    """Something that was done."""

    label: str
    detail: str
    at: datetime
    is_step: bool = True


def talk_items(talk: tuple[Entry, ...], wording: Wording, organisation: str) -> list[Say | Step]:
    """Give the entries in their order; `organisation` stands beside the names of customers."""
    return [_item(entry, wording, organisation) for entry in talk]


def _item(entry: Entry, wording: Wording, organisation: str) -> Say | Step:
    _ = wording.gettext
    match entry.kind:
        case EntryKind.COMMENT | EntryKind.NOTE:
            return _say(entry, wording, organisation)
        case EntryKind.STATE:
            return Step(wording.state(entry.to_state) if entry.to_state else "", _by(entry, wording), entry.created_at)
        case EntryKind.VISIBILITY:
            seen_by = wording.visibility(entry.visibility) if entry.visibility else ""
            return Step(f"{_(N_('Visible for'))}: {seen_by}", _by(entry, wording), entry.created_at)
        case EntryKind.ASSIGNED:
            to = wording.name(entry.assignee_id, staff=True) if entry.assignee_id else _(N_("nobody"))
            return Step(_(N_("Assigned to %(name)s"), name=to), _by(entry, wording), entry.created_at)


def _say(entry: Entry, wording: Wording, organisation: str) -> Say:
    support = wording.gettext(N_("Support"))
    name = wording.name(entry.author_id, staff=entry.by_staff)
    role = "" if entry.by_staff and name == support else (support if entry.by_staff else organisation)
    internal = entry.kind is EntryKind.NOTE
    return Say(f"entry-{entry.position}", name, role, entry.created_at, entry.text or "", entry.by_staff, internal)


def _by(entry: Entry, wording: Wording) -> str:
    """Say who did it, to stand after what was done: a step names no member of staff to customers."""
    if entry.author_id is None:
        return "· " + wording.gettext(N_("automatically after %(days)s days without an answer"), days=PATIENCE.days)
    if entry.by_staff and not wording.at_desk:
        return "· " + wording.gettext(N_("Support"))
    return "· " + wording.name(entry.author_id, staff=entry.by_staff)
