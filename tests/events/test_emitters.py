"""What services put into their outboxes is what the protobuf files declare: nothing more, nothing that nobody emits."""

import pytest
from event_sources import DeclaredEvent, declared_events, emitted_messages, made_in

every_event = pytest.mark.parametrize("event", declared_events(), ids=lambda event: event.name)


@every_event
def test_every_message_of_an_event_package_declares_its_type(event: DeclaredEvent) -> None:
    assert event.event_type.split(".")[:2] == event.package.split(".")[:2]
    assert event.event_type.endswith(".v1")


def test_types_are_declared_once() -> None:
    types = [event.event_type for event in declared_events()]
    assert len(types) == len(set(types))


@every_event
def test_every_event_is_emitted_by_its_own_service_and_no_other(event: DeclaredEvent) -> None:
    assert emitted_messages().get(f"{event.package}.{event.name}") == {event.service}


def test_nothing_else_is_emitted() -> None:
    assert set(emitted_messages()) == {f"{event.package}.{event.name}" for event in declared_events()}


@pytest.mark.parametrize(
    ("source", "made"),
    [
        (
            "from kundenportal.identity.events.v1 import events_pb2 as e\ne.AccountChanged(account_id='')",
            {"kundenportal.identity.events.v1.AccountChanged"},
        ),
        (
            "from kundenportal.identity.events.v1.events_pb2 import AccountChanged as C\nadd(C(account_id=''))",
            {"kundenportal.identity.events.v1.AccountChanged"},
        ),
        ("from kundenportal.identity.events.v1.events_pb2 import AccountChanged\nevent.payload(AccountChanged)", set()),
        ("from kundenportal.identity.events.v1.events_pb2 import AccountChanged\nevent_type(AccountChanged())", set()),
        ("from kundenportal.events.v1 import event_detail_service_pb2 as m\nm.EventDetail()", set()),
    ],
)
def test_making_a_message_is_told_from_reading_one(source: str, made: set[str]) -> None:
    assert made_in(source) == made
