"""Events on the wire."""

import json
from datetime import UTC, datetime
from uuid import UUID, uuid4

import pytest
from cloudevents.core.formats.json import JSONFormat
from cloudevents.core.v1.event import CloudEvent
from hypothesis import given
from hypothesis import strategies as st
from kundenportal.identity.events.v1.events_pb2 import SessionRevoked

from chassis.bus_address import connect_bus
from chassis.errors import DomainError, ErrorKind
from chassis.messaging import Event, MalformedEvent, is_passing_error

EVENT = Event(
    id=UUID("01234567-89ab-cdef-0123-456789abcdef"),
    type="kundenportal.identity.session.revoked.v1",
    source="urn:kundenportal:identity",
    subject="5eb63bbb-e01e-4ed0-93cb-22bb8f5acdc3",
    sequence=7,
    time=datetime(2026, 11, 22, 1, 2, 3, tzinfo=UTC),
    data={"accountId": "a", "sessionIds": ["b"]},
    traceparent="00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01",
)


def test_an_event_is_a_cloudevent_in_structured_json() -> None:
    assert json.loads(EVENT.to_cloudevent()) == {
        "specversion": "1.0",
        "id": "01234567-89ab-cdef-0123-456789abcdef",
        "type": "kundenportal.identity.session.revoked.v1",
        "source": "urn:kundenportal:identity",
        "subject": "5eb63bbb-e01e-4ed0-93cb-22bb8f5acdc3",
        "time": "2026-11-22T01:02:03Z",
        "datacontenttype": "application/json",
        "sequence": "000000000007",
        "partitionkey": "5eb63bbb-e01e-4ed0-93cb-22bb8f5acdc3",
        "traceparent": "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01",
        "data": {"accountId": "a", "sessionIds": ["b"]},
    }


def test_another_system_reads_it_with_the_official_sdk() -> None:
    read = JSONFormat().read(CloudEvent, EVENT.to_cloudevent())
    assert (read.get_id(), read.get_type(), read.get_time()) == (str(EVENT.id), EVENT.type, EVENT.time)
    assert (read.get_data(), read.get_extension("partitionkey")) == (EVENT.data, EVENT.subject)


@given(
    sequence=st.integers(1, 10**12 - 1),
    subject=st.uuids().map(str),
    time=st.datetimes(timezones=st.just(UTC)),
    data=st.dictionaries(st.text(), st.text() | st.booleans() | st.none() | st.integers(-(2**53), 2**53)),
)
def test_what_is_written_is_read_back(sequence: int, subject: str, time: datetime, data: dict[str, object]) -> None:
    event = Event(uuid4(), EVENT.type, EVENT.source, subject, sequence, time, data)
    assert Event.from_cloudevent(event.to_cloudevent()) == event


OBJECTS = st.dictionaries(st.text(), st.text()).map(lambda members: json.dumps(members).encode())


@given(st.binary() | st.text().map(str.encode) | OBJECTS)
def test_other_bytes_are_malformed_and_nothing_else(body: bytes) -> None:
    with pytest.raises(MalformedEvent):
        Event.from_cloudevent(body)


@pytest.mark.parametrize("missing", ["id", "type", "source", "subject", "time", "sequence", "data", "specversion"])
def test_an_event_without_what_ours_have_is_malformed(missing: str) -> None:
    attributes = json.loads(EVENT.to_cloudevent())
    del attributes[missing]
    with pytest.raises(MalformedEvent):
        Event.from_cloudevent(json.dumps(attributes).encode())


def test_the_data_is_the_protobuf_message_and_tolerates_newer_fields() -> None:
    newer = Event(EVENT.id, EVENT.type, EVENT.source, EVENT.subject, 1, EVENT.time, {**EVENT.data, "added": 1})
    assert newer.payload(SessionRevoked) == SessionRevoked(account_id="a", session_ids=["b"])


@pytest.mark.parametrize(
    ("error", "passing"),
    [
        (DomainError(ErrorKind.UNAVAILABLE, "x"), True),
        (DomainError(ErrorKind.RATE_LIMITED, "x"), True),
        (ConnectionResetError(), True),
        (TimeoutError(), True),
        (DomainError(ErrorKind.NOT_FOUND, "x"), False),
        (KeyError("x"), False),
    ],
)
def test_only_outages_are_waited_out(error: Exception, passing: bool) -> None:
    assert is_passing_error(error) is passing


def test_an_address_of_neither_bus_is_refused() -> None:
    with pytest.raises(ValueError, match="kafka"):
        connect_bus("kafka://x")
