import asyncio
import time
from collections.abc import AsyncIterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from bus_harness import until
from chassis.certificates import issue, make_authority, write_tls_dir
from chassis.errors import DomainError, ErrorKind
from chassis.grpc_client import target
from chassis.metrics import Metrics
from chassis.request_context import handling, request_id, within_deadline
from chassis.testing import certificates
from chassis.testing_edges import START
from grpc_samples import GET_SESSION, GRANTS, Neighbours, SampleSessions, ask, refusal


@pytest.fixture
async def neighbours(tmp_path: Path) -> AsyncIterator[Neighbours]:
    made = Neighbours(tmp_path)
    yield made
    await made.close()


@pytest.mark.parametrize("kind", ErrorKind)
async def test_errors_come_back_as_they_were_raised(kind: ErrorKind, neighbours: Neighbours) -> None:
    async def fail(context: Any) -> None:
        raise DomainError(
            kind, "sample_code", "A sentence.", fields={"subject": "too_long"}, retry_after=timedelta(seconds=3)
        )

    server = await neighbours.serve(SampleSessions(answer=fail))
    error = await refusal(neighbours.stub(server.port))
    internal = kind is ErrorKind.INTERNAL
    assert error.kind is kind
    assert (error.code, error.detail) == (("internal", "internal") if internal else ("sample_code", "A sentence."))
    assert error.fields == ({} if internal else {"subject": "too_long"})
    assert error.retry_after == timedelta(seconds=3)


async def test_text_of_an_exception_never_crosses(neighbours: Neighbours) -> None:
    async def fail(context: Any) -> None:
        raise ValueError("secret detail db password=hunter2")

    server = await neighbours.serve(SampleSessions(answer=fail))
    error = await refusal(neighbours.stub(server.port))
    assert error.kind is ErrorKind.INTERNAL
    assert "hunter2" not in repr(vars(error)) + str(error)
    assert error.__suppress_context__


async def test_sec_z11_peer_that_was_not_granted_is_refused(neighbours: Neighbours) -> None:
    servicer = SampleSessions()
    server = await neighbours.serve(servicer)
    error = await refusal(neighbours.stub(server.port, caller="stranger"))
    assert (error.kind, error.code, servicer.asked) == (ErrorKind.FORBIDDEN, "not_granted", 0)


async def test_sec_z11_certificate_of_another_authority_does_not_connect(
    neighbours: Neighbours, tmp_path: Path
) -> None:
    servicer = SampleSessions()
    server = await neighbours.serve(servicer)
    other = make_authority("Other", START, timedelta(days=9000))
    write_tls_dir(tmp_path / "evil", other, issue(other, ["ticketing"], START, timedelta(days=9000)))
    trusted = (neighbours.folders["ticketing"] / "ca.pem").read_bytes()
    (tmp_path / "evil" / "ca.pem").write_bytes(trusted)
    neighbours.folders["evil"] = tmp_path / "evil"
    error = await refusal(neighbours.stub(server.port, caller="evil"), 1)
    assert (error.kind, servicer.asked) == (ErrorKind.UNAVAILABLE, 0)


async def test_sec_z11_server_with_another_name_is_not_believed(neighbours: Neighbours) -> None:
    servicer = SampleSessions()
    server = await neighbours.serve(servicer)
    error = await refusal(neighbours.stub(server.port, server_name="stranger"), 1)
    assert (error.kind, servicer.asked) == (ErrorKind.UNAVAILABLE, 0)


@pytest.mark.parametrize(
    "grants", [{}, {**GRANTS, "/kundenportal.identity.v1.SessionService/Nothing": frozenset({"ticketing"})}]
)
async def test_server_does_not_start_unless_grants_and_methods_match(
    grants: dict[str, frozenset[str]], neighbours: Neighbours
) -> None:
    with pytest.raises(ValueError, match=r"GetSession is granted to nobody|not served"):
        await neighbours.serve(SampleSessions(), grants=grants)


async def test_call_needs_a_timeout(neighbours: Neighbours) -> None:
    server = await neighbours.serve(SampleSessions())
    with pytest.raises(TypeError, match="GetSession needs timeout="):
        await ask(neighbours.stub(server.port), None)


async def test_slow_neighbour_costs_no_more_than_the_timeout(neighbours: Neighbours) -> None:
    async def sleep(context: Any) -> None:
        await asyncio.sleep(5)

    server = await neighbours.serve(SampleSessions(answer=sleep))
    started = time.monotonic()
    error = await refusal(neighbours.stub(server.port), 0.3)
    assert error.kind is ErrorKind.UNAVAILABLE
    assert time.monotonic() - started < 4


async def test_request_id_and_what_is_left_of_the_deadline_go_along(neighbours: Neighbours) -> None:
    seen: list[tuple[str, float]] = []

    async def look(context: Any) -> None:
        seen.append((request_id.get(), within_deadline(60)))

    server = await neighbours.serve(SampleSessions(answer=look))
    stub = neighbours.stub(server.port)
    with handling("request-0001", seconds_left=1):
        await ask(stub, 30)
    [(identifier, left)] = seen
    assert identifier == "request-0001"
    assert 0 < left <= 1


async def test_unavailable_is_retried_and_nothing_else(neighbours: Neighbours) -> None:
    kinds = [ErrorKind.UNAVAILABLE, ErrorKind.UNAVAILABLE]

    async def fail_at_first(context: Any) -> None:
        if kinds:
            raise DomainError(kinds.pop(), "not_now")

    servicer = SampleSessions(answer=fail_at_first)
    server = await neighbours.serve(servicer)
    stub = neighbours.stub(server.port)
    assert await ask(stub) == "anna"
    assert servicer.asked == 3
    kinds.append(ErrorKind.CONFLICT)
    assert (await refusal(stub)).kind is ErrorKind.CONFLICT
    assert servicer.asked == 4


async def test_neighbour_in_trouble_is_asked_at_most_three_times_a_call(neighbours: Neighbours) -> None:
    async def fail(context: Any) -> None:
        raise DomainError(ErrorKind.UNAVAILABLE, "not_now")

    servicer = SampleSessions(answer=fail)
    server = await neighbours.serve(servicer)
    stub = neighbours.stub(server.port)
    for _ in range(60):
        assert (await refusal(stub)).kind is ErrorKind.UNAVAILABLE
    assert servicer.asked < 2 * 60, "throttled: far below three for each"


async def test_replicas_are_asked_in_turn_and_a_dead_one_is_left_out(neighbours: Neighbours) -> None:
    first = await neighbours.serve(SampleSessions("first"))
    second = await neighbours.serve(SampleSessions("second"))
    stub = neighbours.stub(first.port, second.port)
    answers = [await ask(stub) for _ in range(40)]
    assert {answers.count("first") > 10, answers.count("second") > 10} == {True}
    await first.stop()
    assert {await ask(stub) for _ in range(20)} == {"second"}


async def test_neighbour_that_comes_back_is_found_within_seconds(neighbours: Neighbours) -> None:
    server = await neighbours.serve(SampleSessions())
    stub = neighbours.stub(server.port)
    assert await ask(stub) == "anna"
    await server.stop()
    assert (await refusal(stub)).kind is ErrorKind.UNAVAILABLE
    await neighbours.serve(SampleSessions("berta"), port=server.port)
    async with asyncio.timeout(5):
        while True:
            try:
                assert await ask(stub) == "berta"
                break
            except DomainError:
                await asyncio.sleep(0.1)


async def test_renewed_certificates_are_used_without_a_restart(neighbours: Neighbours, tmp_path: Path) -> None:
    server = await neighbours.serve(SampleSessions())
    stub = neighbours.stub(server.port)
    assert await ask(stub) == "anna"
    renewed = certificates(tmp_path / "renewed", ["identity", "ticketing"])
    for service, folder in renewed.items():
        for name in ("ca.pem", "key.pem", "cert.pem"):
            (neighbours.folders[service] / name).write_bytes((folder / name).read_bytes())
    assert await ask(stub) == "anna", "both sides trust the new authority only"


async def test_calls_under_way_finish_when_the_server_stops(neighbours: Neighbours) -> None:
    async def sleep(context: Any) -> None:
        await asyncio.sleep(0.5)

    server = await neighbours.serve(SampleSessions(answer=sleep))
    call = asyncio.ensure_future(ask(neighbours.stub(server.port)))
    await asyncio.sleep(0.2)
    await server.stop()
    assert await call == "anna"


async def test_calls_are_counted_by_method_and_code(neighbours: Neighbours) -> None:
    metrics = Metrics()
    server = await neighbours.serve(SampleSessions(), metrics=metrics)
    await ask(neighbours.stub(server.port))
    await refusal(neighbours.stub(server.port, caller="stranger"))
    codes = ("OK", "PERMISSION_DENIED")
    # A call is counted when it has ended, which may be after its answer is here.
    await until(lambda: all(counted(metrics, code) for code in codes))
    assert [counted(metrics, code) for code in codes] == [1, 1]


def counted(metrics: Metrics, code: str) -> float | None:
    labels = {"method": GET_SESSION, "code": code}
    return metrics.registry.get_sample_value("kundenportal_grpc_call_seconds_count", labels)


@pytest.mark.parametrize(
    ("address", "expected"),
    [
        ("127.0.0.1:5001", "ipv4:127.0.0.1:5001"),
        ("127.0.0.1:5001, 127.0.0.1:5002", "ipv4:127.0.0.1:5001,127.0.0.1:5002"),
        ("identity:5000", "dns:///identity:5000"),
    ],
)
def test_address_becomes_a_target(address: str, expected: str) -> None:
    assert target(address) == expected


@pytest.mark.parametrize("address", ["", "identity:1,identity:2", "127.0.0.1:1,identity:2"])
def test_address_that_cannot_be_balanced_is_refused(address: str) -> None:
    with pytest.raises(ValueError, match="must be IPv4"):
        target(address)
