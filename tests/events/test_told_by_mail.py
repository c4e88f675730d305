"""What one service emits and another tells by mail and beside the bell is the same set of words."""

from event_sources import declared_events

from identity.domain.security_change import TOLD_BY_LINK, SecurityChange
from notification.security_letters import CHANGES
from notification.told_events import TOLD_EVENTS


def test_every_change_of_an_account_has_its_letter() -> None:
    assert set(CHANGES) == {change.value for change in SecurityChange} - TOLD_BY_LINK


def test_what_is_told_is_emitted_by_who_is_asked_and_names_the_thing_that_a_notice_leads_to() -> None:
    declared = {event.event_type: event for event in declared_events()}
    for event_type, told in TOLD_EVENTS.items():
        event = declared[event_type]
        assert event.service == told.emitter, event_type
        assert told.thing in {"", *(field.json_name for field in event.fields)}, event_type
