"""Prometheus metrics of one process (https://prometheus.io/docs/practices/naming/); labels never hold ids."""

from prometheus_client import CollectorRegistry, Histogram
from prometheus_client.platform_collector import PlatformCollector
from prometheus_client.process_collector import ProcessCollector

_SECONDS = (0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10)


class Metrics:
    """The registry of a process, and what the chassis itself measures. Others register in `registry`."""

    def __init__(self) -> None:
        self.registry = CollectorRegistry()
        ProcessCollector(registry=self.registry)
        PlatformCollector(registry=self.registry)
        self._http = Histogram(
            "kundenportal_http_request_seconds",
            "Time from a request's head to the end of its answer.",
            ("method", "route", "status"),
            buckets=_SECONDS,
            registry=self.registry,
        )
        self._grpc = Histogram(
            "kundenportal_grpc_call_seconds",
            "Time that a served call took.",
            ("method", "code"),
            buckets=_SECONDS,
            registry=self.registry,
        )

    def http_answered(self, method: str, route: str, status: int, seconds: float) -> None:
        """Counts a request under its route's template, never its path."""
        self._http.labels(method, route, str(status)).observe(seconds)

    def grpc_answered(self, method: str, code: str, seconds: float) -> None:
        """Counts a served gRPC call."""
        self._grpc.labels(method, code).observe(seconds)
