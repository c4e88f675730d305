"""docs/events/asyncapi.yaml is sound, and has exactly the events that the protobuf files declare."""

import json
from typing import Any

import pytest
from event_sources import DESCRIPTION, DeclaredEvent, declared_events, description, resolved
from jsonschema import Draft7Validator

from chassis.amqp_topology import EXCHANGE, KEPT_FOR, STREAM
from local_run.checkout import ROOT

SCHEMA = ROOT / "tests" / "vendor" / "asyncapi" / "3.0.0.json"
HISTORY = "everything"


def _channels() -> dict[str, Any]:
    return {key: channel for key, channel in description()["channels"].items() if key != HISTORY}


def _messages(channel: dict[str, Any]) -> list[Any]:
    return [resolved(message["$ref"]) for message in channel["messages"].values()]


def test_it_is_an_asyncapi_3_document() -> None:
    schema = json.loads(SCHEMA.read_text(encoding="utf-8"))
    errors = [f"{list(error.path)}: {error.message}" for error in Draft7Validator(schema).iter_errors(description())]
    assert errors == []


def test_the_schema_refuses_what_is_no_asyncapi_document() -> None:
    schema = json.loads(SCHEMA.read_text(encoding="utf-8"))
    broken = {**description(), "channels": {"x": {"address": 7}}}
    assert list(Draft7Validator(schema).iter_errors(broken))


def test_every_reference_leads_somewhere() -> None:
    references = [line.split("'")[1] for line in DESCRIPTION.read_text().splitlines() if "$ref: '" in line]
    assert references
    for reference in references:
        resolved(reference)


def test_every_declared_event_has_a_channel_and_every_channel_is_an_event() -> None:
    addresses = sorted(channel["address"] for channel in _channels().values())
    assert addresses == sorted(event.event_type for event in declared_events())


def test_the_history_has_every_event() -> None:
    history = description()["channels"][HISTORY]
    assert sorted(message["name"] for message in _messages(history)) == sorted(
        event.event_type for event in declared_events()
    )


def test_every_message_and_data_schema_is_used() -> None:
    names = sorted(event.name for event in declared_events())
    assert sorted(description()["components"]["messages"]) == names
    assert sorted(set(description()["components"]["schemas"]) - {"CloudEvent"}) == names


@pytest.mark.parametrize("event", declared_events(), ids=lambda event: event.name)
def test_channel_operation_and_message_say_the_same(event: DeclaredEvent) -> None:
    key = event.name[0].lower() + event.name[1:]
    message = description()["components"]["messages"][event.name]
    operation = description()["operations"][f"send{event.name}"]
    fixed = message["payload"]["allOf"][1]["properties"]
    assert _messages(_channels()[key]) == [message]
    assert (_channels()[key]["address"], message["name"], fixed["type"]["const"]) == (event.event_type,) * 3
    assert message["bindings"]["amqp"]["messageType"] == event.event_type
    assert fixed["source"]["const"] == event.source
    assert fixed["data"]["$ref"] == f"#/components/schemas/{event.name}"
    assert operation["channel"]["$ref"] == f"#/channels/{key}"
    assert [resolved(tag["$ref"])["name"] for tag in (*message["tags"], *operation["tags"])] == [event.service] * 2
    assert message["summary"]


def test_every_operation_is_of_a_channel() -> None:
    expected = {f"send{event.name}" for event in declared_events()} | {"keepEverything"}
    assert set(description()["operations"]) == expected


def test_names_at_the_broker_are_those_of_the_chassis() -> None:
    bindings = description()["components"]["channelBindings"]
    assert bindings["exchange"]["amqp"]["exchange"]["name"] == EXCHANGE
    assert bindings["stream"]["amqp"]["queue"]["name"] == STREAM == description()["channels"][HISTORY]["address"]
    assert f"**Kept for {KEPT_FOR.days} days**" in description()["info"]["description"]
    sample = (DESCRIPTION.parent / "subscribe.py").read_text()
    assert f'EXCHANGE = "{EXCHANGE}"' in sample
    assert f'STREAM = "{STREAM}"' in sample
    readme = (DESCRIPTION.parent / "README.md").read_text()
    assert f"`{EXCHANGE}`" in readme
    assert f"`{STREAM}`" in readme


def test_the_overview_names_every_event_and_no_other() -> None:
    rows = [line for line in (DESCRIPTION.parent / "README.md").read_text().splitlines() if line.startswith("| `kund")]
    assert sorted(row.split("`")[1] for row in rows) == sorted(event.event_type for event in declared_events())
