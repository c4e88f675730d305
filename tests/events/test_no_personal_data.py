"""No event can carry personal data or a secret: its fields are ids, kinds, states, times and yes or no (DESIGN 4.6).

A rule of what is allowed, because no list of forbidden words is ever complete.
"""

import pytest
from event_sources import DeclaredEvent, declared_events
from google.protobuf.descriptor import Descriptor, FieldDescriptor
from google.protobuf.descriptor_pb2 import FieldDescriptorProto, FileDescriptorProto
from google.protobuf.descriptor_pool import DescriptorPool

_NUMBERS_AND_ANSWERS = {FieldDescriptor.TYPE_BOOL, FieldDescriptor.TYPE_INT32, FieldDescriptor.TYPE_ENUM}
_TEXTS = ("id", "ids", "kind", "state")
_TIME = "google.protobuf.Timestamp"


def leaks(message: Descriptor) -> list[str]:
    """Names of the fields that could hold more than the rule allows."""
    return [field.name for field in message.fields if not _is_harmless(field)]


def _is_harmless(field: FieldDescriptor) -> bool:
    if field.type == FieldDescriptor.TYPE_STRING:
        return field.name.rpartition("_")[2] in _TEXTS
    if field.type == FieldDescriptor.TYPE_MESSAGE:
        return bool(field.message_type.full_name == _TIME)
    return field.type in _NUMBERS_AND_ANSWERS


@pytest.mark.parametrize("event", declared_events(), ids=lambda event: event.name)
def test_events_have_no_field_for_personal_data_or_secrets(event: DeclaredEvent) -> None:
    assert leaks(event.message.DESCRIPTOR) == []


@pytest.mark.parametrize(
    "name", ["email", "display_name", "username", "code", "token", "secret", "password", "subject", "text", "address"]
)
def test_the_rule_finds_what_it_is_for(name: str) -> None:
    assert leaks(_message_with(name, FieldDescriptorProto.TYPE_STRING)) == [name]


def test_the_rule_takes_no_bytes_and_no_numbers_with_fractions() -> None:
    assert leaks(_message_with("ticket_id", FieldDescriptorProto.TYPE_BYTES)) == ["ticket_id"]
    assert leaks(_message_with("amount", FieldDescriptorProto.TYPE_DOUBLE)) == ["amount"]


@pytest.mark.parametrize("name", ["ticket_id", "session_ids", "kind", "from_state"])
def test_the_rule_lets_ids_kinds_and_states_pass(name: str) -> None:
    assert leaks(_message_with(name, FieldDescriptorProto.TYPE_STRING)) == []


def _message_with(name: str, kind: "FieldDescriptorProto.Type.ValueType") -> Descriptor:
    file = FileDescriptorProto(name="sample.proto", package="sample", syntax="proto3")
    field = file.message_type.add(name="Sample").field.add(name=name, number=1, type=kind)
    field.label = FieldDescriptorProto.LABEL_OPTIONAL
    pool = DescriptorPool()
    pool.Add(file)
    return pool.FindMessageTypeByName("sample.Sample")
