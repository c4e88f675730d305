"""The part of telemetry that needs the OpenTelemetry SDK; imported only when traces are on."""

from collections.abc import Iterator
from contextlib import contextmanager

from opentelemetry import context, trace
from opentelemetry.exporter.otlp.proto.http.trace_exporter import OTLPSpanExporter
from opentelemetry.sdk.resources import Resource
from opentelemetry.sdk.trace import TracerProvider
from opentelemetry.sdk.trace.export import BatchSpanProcessor
from opentelemetry.trace.propagation.tracecontext import TraceContextTextMapPropagator

from chassis.settings import ServiceSettings


def tracer(settings: ServiceSettings, endpoint: str) -> trace.Tracer:
    """A tracer that sends its spans to `endpoint` (an OTLP/HTTP collector, without /v1/traces)."""
    resource = Resource({"service.name": f"kundenportal-{settings.service}", "service.instance.id": settings.replica})
    provider = TracerProvider(resource=resource)
    provider.add_span_processor(BatchSpanProcessor(OTLPSpanExporter(endpoint=f"{endpoint.rstrip('/')}/v1/traces")))
    trace.set_tracer_provider(provider)
    return provider.get_tracer("kundenportal")


@contextmanager
def attached(traceparent: str) -> Iterator[None]:
    """Makes a remote span the present parent for the block."""
    token = context.attach(TraceContextTextMapPropagator().extract({"traceparent": traceparent}))
    try:
        yield
    finally:
        context.detach(token)
