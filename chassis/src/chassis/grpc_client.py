"""Calls to a neighbour: mutual TLS, an explicit timeout on every call, errors in the one vocabulary."""

import asyncio
import json
from collections.abc import Awaitable, Callable
from ipaddress import ip_address
from pathlib import Path
from typing import Any, cast

import grpc

from chassis.grpc_errors import unpacked
from chassis.request_context import accepted_request_id, request_id, within_deadline
from chassis.settings import ServiceSettings
from chassis.telemetry import inject, span
from chassis.tls_files import ChangingTlsFiles, TlsFiles

_CLOSE_SECONDS = 2

# No `timeout` here: the service config's is wrong by seconds in Python (grpc/grpc#34547, #40633).
_SERVICE_CONFIG = json.dumps(
    {
        "loadBalancingConfig": [{"round_robin": {}}],
        "methodConfig": [
            {
                "name": [{}],
                "retryPolicy": {
                    "maxAttempts": 3,
                    "initialBackoff": "0.05s",
                    "maxBackoff": "0.5s",
                    "backoffMultiplier": 2,
                    "retryableStatusCodes": ["UNAVAILABLE"],
                },
            }
        ],
        # A neighbour that fails most calls is not asked three times for each.
        "retryThrottling": {"maxTokens": 20, "tokenRatio": 0.5},
    }
)


class GrpcChannel:
    """A channel to all replicas of one service; connects when first used.

    Args:
        settings: own certificate; when it is renewed, calls go over a new connection.
        address: comma list of IPv4 addresses with ports, taken in turn, or one name with a port (all its addresses).
        server_name: the name that the neighbour's certificate must bear.
    """

    def __init__(self, settings: ServiceSettings, address: str, server_name: str) -> None:
        self._calls = _Calls(settings.tls_dir, target(address), server_name)
        self.channel = cast("grpc.aio.Channel", self._calls)
        """For the stubs; every call needs `timeout=` in seconds and raises DomainError."""

    async def close(self) -> None:
        """Ends the channel; calls under way have two seconds."""
        await self._calls.close()


class _Calls:
    """What a stub takes for a channel: makes unary calls, and nothing else of a channel."""

    def __init__(self, tls_dir: Path, address: str, server_name: str) -> None:
        self._tls_dir = tls_dir
        self._changing = ChangingTlsFiles(tls_dir)
        self._address = address
        self._server_name = server_name
        self._channel: grpc.aio.Channel | None = None
        self._methods: dict[str, Any] = {}
        self._closing: set[asyncio.Task[None]] = set()

    def unary_unary(
        self,
        method: str,
        request_serializer: Callable[[Any], bytes],
        response_deserializer: Callable[[bytes], Any],
        _registered_method: bool = False,
    ) -> Callable[..., Awaitable[Any]]:
        """A method as stubs call it; whether it is registered makes calls no different, only the server's part."""

        async def call(request: Any, *, timeout: float | None = None) -> Any:  # noqa: ASYNC109 - gRPC's own
            if timeout is None:
                raise TypeError(f"{method} needs timeout=, the seconds to wait.")
            channel = self._current()
            if method not in self._methods:
                self._methods[method] = channel.unary_unary(method, request_serializer, response_deserializer)
            with span(method.lstrip("/"), kind="client"):
                try:
                    return await self._methods[method](request, timeout=within_deadline(timeout), metadata=_metadata())
                except grpc.aio.AioRpcError as error:
                    raise unpacked(error) from None

        return call

    async def close(self) -> None:
        self._retire()
        await asyncio.gather(*self._closing)

    def _current(self) -> grpc.aio.Channel:
        files = self._changing.renewed()
        if files is not None:
            self._retire()
        if self._channel is None:
            self._channel = _open(files or TlsFiles.read(self._tls_dir), self._address, self._server_name)
        return self._channel

    def _retire(self) -> None:
        if self._channel is not None:
            task = asyncio.create_task(self._channel.close(_CLOSE_SECONDS))
            self._closing.add(task)
            task.add_done_callback(self._closing.discard)
        self._channel = None
        self._methods.clear()


def _open(files: TlsFiles, address: str, server_name: str) -> grpc.aio.Channel:
    return grpc.aio.secure_channel(
        address,
        grpc.ssl_channel_credentials(files.ca, files.key, files.certificate),
        options=(
            ("grpc.ssl_target_name_override", server_name),
            ("grpc.service_config", _SERVICE_CONFIG),
            ("grpc.initial_reconnect_backoff_ms", 100),
            ("grpc.min_reconnect_backoff_ms", 100),
            ("grpc.max_reconnect_backoff_ms", 2000),
        ),
    )


def target(address: str) -> str:
    """The gRPC name of an address list.

    Raises:
        ValueError: several addresses, and one is not IPv4.
    """
    parts = [part.strip() for part in address.split(",") if part.strip()]
    if parts and all(_is_ipv4(part.rpartition(":")[0]) for part in parts):
        return "ipv4:" + ",".join(parts)
    if len(parts) != 1:
        raise ValueError(f"{address!r} must be IPv4 addresses with ports, or one name with a port.")
    return f"dns:///{parts[0]}"


def _metadata() -> tuple[tuple[str, str], ...]:
    named = ("x-request-id", accepted_request_id(request_id.get()))
    traceparent = inject()
    return (named,) if traceparent is None else (named, ("traceparent", traceparent))


def _is_ipv4(host: str) -> bool:
    try:
        return ip_address(host).version == 4  # noqa: PLR2004 - the version's name
    except ValueError:
        return False
