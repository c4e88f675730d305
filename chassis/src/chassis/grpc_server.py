"""A service's gRPC server: mutual TLS, every method granted to peers by name, no exception text on the wire."""

import time
from collections.abc import Awaitable, Callable, Mapping, Sequence
from typing import Any, cast

import grpc
import structlog
from grpc_health.v1 import health, health_pb2_grpc

from chassis.errors import DomainError, ErrorKind
from chassis.grpc_errors import DETAILS_KEY, message_of, packed
from chassis.metrics import Metrics
from chassis.problems import GRPC_STATUS
from chassis.request_context import handling
from chassis.settings import ServiceSettings
from chassis.telemetry import extract, span
from chassis.tls_files import ChangingTlsFiles, TlsFiles

Grants = Mapping[str, frozenset[str]]
"""`/package.Service/Method` to the certificate names that may call it."""
Behaviour = Callable[[Any, "grpc.aio.ServicerContext[Any, Any]"], Awaitable[Any]]

_log = structlog.get_logger(__name__)
_GRACE_SECONDS = 10
_OPTIONS = (("grpc.max_connection_age_ms", 300_000), ("grpc.max_receive_message_length", 4 * 1024 * 1024))


class GrpcServer:
    """A part of the process. Refuses to start when an RPC has no grant or a grant no RPC.

    Args:
        settings: port, certificate.
        add_servicers: each registers a servicer, as `partial(add_XServicer_to_server, servicer)` does.
        grants: who may call what.
        metrics: where calls are counted.
    """

    name = "grpc"

    def __init__(
        self,
        settings: ServiceSettings,
        add_servicers: Sequence[Callable[[grpc.aio.Server], None]],
        grants: Grants,
        metrics: Metrics | None = None,
    ) -> None:
        self._settings = settings
        self._add_servicers = add_servicers
        self._grants = grants
        self._metrics = metrics or Metrics()
        self._health = health.aio.HealthServicer()
        self._server: grpc.aio.Server | None = None
        self.port = settings.grpc_port
        """The port that it listens on; differs from the settings' if that is 0."""

    async def start(self) -> None:
        """Listens; made here because a gRPC server belongs to the running loop."""
        server = grpc.aio.server(options=_OPTIONS)
        guarded = _Registrar(server, self._grants, self._metrics)
        for add_servicer in self._add_servicers:
            add_servicer(cast("grpc.aio.Server", guarded))
        if unknown := self._grants.keys() - guarded.methods:
            raise ValueError(f"Grants for methods that are not served: {sorted(unknown)}")
        health_pb2_grpc.add_HealthServicer_to_server(self._health, server)
        address = f"{self._settings.http_host}:{self._settings.grpc_port}"
        self.port = server.add_secure_port(address, _credentials(self._settings))
        await server.start()
        self._server = server

    async def stop(self) -> None:
        """Takes no new calls and lets those under way finish."""
        if self._server is not None:
            await self._health.enter_graceful_shutdown()
            await self._server.stop(_GRACE_SECONDS)

    async def wait(self) -> None:
        """Returns when the server has ended."""
        if self._server is not None:
            await self._server.wait_for_termination()


class _Registrar:
    """Stands in for the server while servicers register, and puts each method behind its grant."""

    def __init__(self, server: grpc.aio.Server, grants: Grants, metrics: Metrics) -> None:
        self._server = server
        self._grants = grants
        self._metrics = metrics
        self.methods: set[str] = set()

    def add_generic_rpc_handlers(self, handlers: Sequence[grpc.GenericRpcHandler]) -> None:
        """Nothing: generated code registers every method by name too."""

    def add_registered_method_handlers(
        self, service: str, handlers: "Mapping[str, grpc.RpcMethodHandler[Any, Any]]"
    ) -> None:
        guarded = {name: self._guarded(f"/{service}/{name}", handler) for name, handler in handlers.items()}
        self._server.add_registered_method_handlers(service, guarded)

    def _guarded(self, method: str, handler: "grpc.RpcMethodHandler[Any, Any]") -> "grpc.RpcMethodHandler[Any, Any]":
        if method not in self._grants:
            raise ValueError(f"{method} is granted to nobody and would never answer.")
        if handler.unary_unary is None:
            raise ValueError(f"{method} streams, which the chassis does not guard.")
        self.methods.add(method)
        behaviour = _guard(method, cast("Behaviour", handler.unary_unary), self._grants[method], self._metrics)
        return grpc.unary_unary_rpc_method_handler(
            cast("Any", behaviour), handler.request_deserializer, handler.response_serializer
        )


def _guard(method: str, behaviour: Behaviour, peers: frozenset[str], metrics: Metrics) -> Behaviour:
    async def serve(request: Any, context: "grpc.aio.ServicerContext[Any, Any]") -> Any:
        started = time.perf_counter()
        code = grpc.StatusCode.CANCELLED
        metadata = dict(context.invocation_metadata() or ())
        offered_id, trace = metadata.get("x-request-id"), metadata.get("traceparent")
        with (
            handling(str(offered_id) if offered_id else None, seconds_left=context.time_remaining()) as request_id,
            extract(str(trace) if trace else None),
            span(method.lstrip("/"), kind="server"),
        ):
            try:
                _check(context, peers)
                answer = await behaviour(request, context)
                code = grpc.StatusCode.OK
            except Exception as error:  # noqa: BLE001 - grpc.aio would send its text to the caller
                wire = _of_vocabulary(error, method)
                code = GRPC_STATUS[wire.kind]
                await context.abort(code, message_of(wire), ((DETAILS_KEY, packed(wire, request_id)),))
            finally:
                metrics.grpc_answered(method, code.name, time.perf_counter() - started)
            return answer

    return serve


def _of_vocabulary(error: Exception, method: str) -> DomainError:
    if isinstance(error, DomainError):
        return error
    _log.error("call failed", method=method, exc_info=error)
    return DomainError(ErrorKind.INTERNAL, "internal")


def peer_names(context: "grpc.aio.ServicerContext[Any, Any]") -> frozenset[str]:
    """Who calls, as the certificate says; for answers that hold no more than their caller needs."""
    return frozenset(name.decode() for name in context.auth_context().get("x509_subject_alternative_name", ()))


def _check(context: "grpc.aio.ServicerContext[Any, Any]", peers: frozenset[str]) -> None:
    names = peer_names(context)
    if not names:
        raise DomainError(ErrorKind.UNAUTHENTICATED, "certificate_missing", "Calls need a client certificate.")
    if not names & peers:
        raise DomainError(ErrorKind.FORBIDDEN, "not_granted", "The certificate is not granted this method.")
    if context.time_remaining() is None:
        raise DomainError(ErrorKind.INVALID, "deadline_missing", "Calls need a deadline.")


def _credentials(settings: ServiceSettings) -> grpc.ServerCredentials:
    changing = ChangingTlsFiles(settings.tls_dir)

    def renewed() -> grpc.ServerCertificateConfiguration | None:
        files = changing.renewed()
        return None if files is None else _configuration(files)

    return grpc.dynamic_ssl_server_credentials(
        _configuration(TlsFiles.read(settings.tls_dir)),
        cast("Callable[[], grpc.ServerCertificateConfiguration]", renewed),  # None is allowed, the stubs forgot
        require_client_authentication=True,
    )


def _configuration(files: TlsFiles) -> grpc.ServerCertificateConfiguration:
    return grpc.ssl_server_certificate_configuration([(files.key, files.certificate)], files.ca)
