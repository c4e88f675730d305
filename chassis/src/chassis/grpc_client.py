"""Calls to a neighbour: mutual TLS, an explicit timeout on every call, errors in the one vocabulary."""

import json
from collections.abc import Callable
from ipaddress import ip_address
from typing import Any

import grpc

from chassis.grpc_errors import unpacked
from chassis.request_context import accepted_request_id, request_id, within_deadline
from chassis.settings import ServiceSettings
from chassis.telemetry import inject, span
from chassis.tls_files import TlsFiles

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
    """A channel to all replicas of one service.

    Args:
        settings: own certificate.
        address: comma list of IPv4 addresses with ports, taken in turn, or one name with a port (all its addresses).
        server_name: the name that the neighbour's certificate must bear.
    """

    def __init__(self, settings: ServiceSettings, address: str, server_name: str) -> None:
        files = TlsFiles.read(settings.tls_dir)
        self.channel = grpc.aio.secure_channel(
            target(address),
            grpc.ssl_channel_credentials(files.ca, files.key, files.certificate),
            options=(
                ("grpc.ssl_target_name_override", server_name),
                ("grpc.service_config", _SERVICE_CONFIG),
                ("grpc.initial_reconnect_backoff_ms", 100),
                ("grpc.min_reconnect_backoff_ms", 100),
                ("grpc.max_reconnect_backoff_ms", 2000),
            ),
            interceptors=[_Calls()],
        )
        """For the stubs; every call needs `timeout=` in seconds and raises DomainError."""

    async def close(self) -> None:
        """Ends the channel; calls under way have two seconds."""
        await self.channel.close(2)


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


class _Calls(grpc.aio.UnaryUnaryClientInterceptor):
    async def intercept_unary_unary(
        self,
        continuation: Callable[[grpc.aio.ClientCallDetails, Any], Any],
        client_call_details: grpc.aio.ClientCallDetails,
        request: Any,
    ) -> Any:
        details = client_call_details
        if details.timeout is None:
            raise TypeError(f"{_name(details)} needs timeout=, the seconds to wait.")
        with span(_name(details).lstrip("/"), kind="client"):
            timed = grpc.aio.ClientCallDetails(
                details.method,
                within_deadline(details.timeout),
                _metadata(details),
                details.credentials,
                details.wait_for_ready,
            )
            try:
                return await (await continuation(timed, request))
            except grpc.aio.AioRpcError as error:
                raise unpacked(error) from None


def _metadata(details: grpc.aio.ClientCallDetails) -> grpc.aio.Metadata:
    metadata = grpc.aio.Metadata(*(details.metadata or ()))
    metadata.add("x-request-id", accepted_request_id(request_id.get()))
    if (traceparent := inject()) is not None:
        metadata.add("traceparent", traceparent)
    return metadata


def _name(details: grpc.aio.ClientCallDetails) -> str:
    method: Any = details.method
    return method.decode() if isinstance(method, bytes) else str(method)


def _is_ipv4(host: str) -> bool:
    try:
        return ip_address(host).version == 4  # noqa: PLR2004 - the version's name
    except ValueError:
        return False
