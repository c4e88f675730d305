"""What becomes a notice, of which kind, and where it leads."""

from uuid import UUID

import pytest

from mail_samples import SAMPLES
from notification.letters import LETTERS
from notification.notice_kinds import KINDS, notice_kind
from notification.told_events import TOLD_EVENTS

THING = UUID("00000000-0000-4000-8000-000000000501")
ONLY_MAILED = {letter for letter, sample in SAMPLES.items() if "challenge.issued" in sample.event_type}


@pytest.mark.parametrize("letter", sorted(set(LETTERS) - ONLY_MAILED))
def test_whatever_is_mailed_and_no_secret_is_found_beside_the_bell_too(letter: str) -> None:
    sample = SAMPLES[letter]
    assert notice_kind(letter, sample.facts, sample.reason) in KINDS


@pytest.mark.parametrize("letter", sorted(ONLY_MAILED))
def test_links_with_a_secret_are_for_the_mailbox_alone(letter: str) -> None:
    assert notice_kind(letter, SAMPLES[letter].facts, "self") is None


@pytest.mark.parametrize(
    ("letter", "facts", "reason", "kind"),
    [
        ("request_decided", {"outcome": "transferred"}, "self", "request_granted"),
        ("request_decided", {"outcome": "also_linked"}, "self", "request_granted"),
        ("request_decided", {"outcome": "refused"}, "self", "request_refused"),
        ("request_decided", {"outcome": "expired"}, "self", "request_expired"),
        ("request_decided", {"outcome": "transferred"}, "holder", "link_ended"),
        ("request_decided", {"outcome": "of a newer version"}, "self", None),
        ("ticket_opened", {}, "reporter", "ticket_received"),
        ("ticket_opened", {}, "assignee", "ticket_opened"),
        ("security_changed", {"change": "locked"}, "self", "account_locked"),
        ("security_changed", {"change": "of a newer version"}, "self", "account_changed"),
        ("", {}, "self", None),
    ],
)
def test_a_kind_says_what_can_be_said_without_asking(
    letter: str, facts: dict[str, str], reason: str, kind: str | None
) -> None:
    assert notice_kind(letter, facts, reason) == kind


@pytest.mark.parametrize("name", sorted(KINDS))
def test_every_kind_leads_somewhere_with_its_thing_and_without(name: str) -> None:
    kind = KINDS[name]
    with_thing, without = kind.leads_to(THING), kind.leads_to(None)
    assert (str(THING) in with_thing) == ("{thing}" in kind.path)
    for path in (with_thing, without):
        assert path.startswith("/")
        assert "{" not in path
    assert bool(kind.said) == bool(kind.asks)


def test_a_thing_is_named_by_every_event_whose_notices_lead_to_one() -> None:
    for told in TOLD_EVENTS.values():
        if told.letter in KINDS and "{thing}" in KINDS[told.letter].path:
            assert told.thing, told.letter
