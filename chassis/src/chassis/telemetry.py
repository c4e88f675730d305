"""Traces through HTTP, gRPC, outbox and bus; off unless an endpoint is set, and then nothing of it is loaded."""

from collections.abc import Mapping
from contextlib import AbstractContextManager, nullcontext
from typing import TYPE_CHECKING, Literal

from chassis.settings import ServiceSettings

if TYPE_CHECKING:
    from opentelemetry.trace import Tracer

SpanKind = Literal["internal", "server", "client", "producer", "consumer"]
_NOTHING: AbstractContextManager[None] = nullcontext()


class _Traces:
    """The tracer of this process; None while traces are off."""

    tracer: "Tracer | None" = None


def configure(settings: ServiceSettings) -> None:
    """Starts to export spans if the settings name an endpoint; the SDK is imported only then."""
    if settings.otlp_endpoint is None:
        return
    from chassis import telemetry_export  # noqa: PLC0415 - costs memory, wanted only here

    _Traces.tracer = telemetry_export.tracer(settings, settings.otlp_endpoint)


def span(
    name: str, *, kind: SpanKind = "internal", attributes: Mapping[str, str | int] | None = None
) -> AbstractContextManager[object]:
    """A span around a block, child of the present one."""
    if _Traces.tracer is None:
        return _NOTHING
    from opentelemetry.trace import SpanKind as Kind  # noqa: PLC0415

    return _Traces.tracer.start_as_current_span(name, kind=Kind[kind.upper()], attributes=attributes)


def inject() -> str | None:
    """The present span as a W3C traceparent, to be carried along; None while traces are off."""
    if _Traces.tracer is None:
        return None
    from opentelemetry.trace.propagation.tracecontext import TraceContextTextMapPropagator  # noqa: PLC0415

    carrier: dict[str, str] = {}
    TraceContextTextMapPropagator().inject(carrier)
    return carrier.get("traceparent")


def extract(traceparent: str | None) -> AbstractContextManager[object]:
    """Makes the span that a traceparent names the parent of what the block starts."""
    if _Traces.tracer is None or traceparent is None:
        return _NOTHING
    from chassis import telemetry_export  # noqa: PLC0415

    return telemetry_export.attached(traceparent)
