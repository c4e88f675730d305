"""Each event's data in the description is its protobuf message; each example is an event that the portal could send."""

import json
from typing import Any
from uuid import UUID

import pytest
from event_sources import DeclaredEvent, declared_events, description
from google.protobuf.descriptor import FieldDescriptor
from google.protobuf.json_format import MessageToDict, ParseDict
from jsonschema import Draft202012Validator, FormatChecker

from chassis.messaging import Event
from identity.domain.security_change import SecurityChange
from local_run.checkout import ROOT
from ticketing.domain.ticket_state import TicketState
from ui.brand import Brand

every_event = pytest.mark.parametrize("event", declared_events(), ids=lambda event: event.name)
TIMESTAMP = "google.protobuf.Timestamp"
_JSON_TYPES = {
    FieldDescriptor.TYPE_STRING: "string",
    FieldDescriptor.TYPE_BOOL: "boolean",
    FieldDescriptor.TYPE_INT32: "integer",
}


def _data_schema(event: DeclaredEvent) -> dict[str, Any]:
    schema: dict[str, Any] = description()["components"]["schemas"][event.name]
    return schema


def _examples(event: DeclaredEvent) -> list[dict[str, Any]]:
    return [example["payload"] for example in description()["components"]["messages"][event.name]["examples"]]


def _is_time(field: FieldDescriptor) -> bool:
    return field.message_type is not None and field.message_type.full_name == TIMESTAMP


def _expected_type(field: FieldDescriptor) -> tuple[str, str | None]:
    """JSON type, and the type of the items of an array."""
    one = "string" if _is_time(field) else _JSON_TYPES[field.type]
    return ("array", one) if field.is_repeated else (one, None)


def _errors(schema: dict[str, Any], value: object) -> list[str]:
    whole = {**schema, "components": description()["components"]}
    checker = Draft202012Validator(whole, format_checker=FormatChecker())
    return [f"{list(error.path)}: {error.message}" for error in checker.iter_errors(value)]


@every_event
def test_fields_and_their_types_are_those_of_the_message(event: DeclaredEvent) -> None:
    described = _data_schema(event)["properties"]
    assert list(described) == [field.json_name for field in event.fields]
    for field in event.fields:
        schema = described[field.json_name]
        assert (schema["type"], schema.get("items", {}).get("type")) == _expected_type(field)
        assert schema["description"]


@every_event
def test_what_is_always_written_is_required(event: DeclaredEvent) -> None:
    written = [field.json_name for field in event.fields if not field.has_presence]
    assert _data_schema(event)["required"] == written


@every_event
def test_ids_and_times_are_said_to_be_such(event: DeclaredEvent) -> None:
    for field in event.fields:
        schema = _data_schema(event)["properties"][field.json_name]
        shape = schema.get("items", schema)
        formats = {shape.get("format"), *(each.get("format") for each in shape.get("anyOf", []))}
        assert ("uuid" in formats) == field.name.endswith(("_id", "_ids"))
        assert ("date-time" in formats) == _is_time(field)


@every_event
def test_examples_fit_their_schema(event: DeclaredEvent) -> None:
    payload = description()["components"]["messages"][event.name]["payload"]
    assert _examples(event)
    for example in _examples(event):
        assert _errors(payload, example) == []
        assert set(example["data"]) == set(_data_schema(event)["properties"])


@every_event
def test_examples_are_read_and_written_by_the_portal_unchanged(event: DeclaredEvent) -> None:
    for example in _examples(event):
        read = Event.from_cloudevent(json.dumps(example).encode())
        message = read.payload(event.message)
        assert json.loads(read.to_cloudevent()) == example
        # As strict as can be: an unknown field raises here.
        assert ParseDict(dict(read.data), event.message()) == message
        assert MessageToDict(message, always_print_fields_with_no_presence=True) == example["data"]


@every_event
def test_the_subject_is_a_field_of_the_data(event: DeclaredEvent) -> None:
    field = description()["components"]["messages"][event.name]["x-subject"]
    for example in _examples(event):
        assert example["data"][field] == example["subject"] == example["partitionkey"]


@every_event
def test_broken_examples_do_not_fit(event: DeclaredEvent) -> None:
    payload = description()["components"]["messages"][event.name]["payload"]
    example = _examples(event)[0]
    for name in (name for name in example if name != "traceparent"):
        assert _errors(payload, {key: value for key, value in example.items() if key != name}), name
    assert _errors(payload, {**example, "type": "kundenportal.other.thing.happened.v1"})
    assert _errors(payload, {**example, "data": {}})


def test_the_envelope_has_what_the_portal_writes() -> None:
    example = _examples(declared_events()[0])[0]
    event = Event.from_cloudevent(json.dumps(example).encode())
    traced = Event(
        **{name: getattr(event, name) for name in event.__slots__} | {"traceparent": f"00-{'1' * 32}-{'2' * 16}-01"}
    )
    envelope = description()["components"]["schemas"]["CloudEvent"]
    assert set(envelope["properties"]) == set(json.loads(traced.to_cloudevent()))
    assert set(envelope["required"]) == set(json.loads(event.to_cloudevent()))
    assert _errors({"$ref": "#/components/schemas/CloudEvent"}, json.loads(traced.to_cloudevent())) == []


def test_the_states_of_a_ticket_are_those_of_ticketing() -> None:
    described = description()["components"]["schemas"]["TicketStateChanged"]["properties"]
    for name in ("fromState", "toState"):
        assert described[name]["examples"] == [state.value for state in TicketState]


def test_the_changes_of_an_account_are_those_of_identity() -> None:
    described = description()["components"]["schemas"]["AccountSecurityChanged"]["properties"]["changeKind"]
    assert described["examples"] == [change.value for change in SecurityChange]


def test_the_kinds_named_are_kinds_of_a_brand_pack() -> None:
    described = description()["components"]["schemas"]["TicketOpened"]["properties"]["kind"]["examples"]
    kinds = Brand.load(ROOT / "brands" / "software").section("ticketing")["kinds"]
    assert set(described) <= {kind["id"] for kind in kinds}


def test_ids_of_examples_differ_between_events() -> None:
    ids = [UUID(example["id"]) for event in declared_events() for example in _examples(event)]
    assert len(ids) == len(set(ids))
