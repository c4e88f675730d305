"""Structured logs on standard output: one JSON object a line, with the request's id and without secrets."""

import logging
import re
import sys
from collections.abc import Mapping, MutableMapping
from typing import Any

import structlog
from structlog.typing import Processor

from chassis.request_context import request_id
from chassis.settings import ServiceSettings

REDACTED = "[redacted]"
_SECRET_WORDS = frozenset(
    {"password", "passwort", "token", "code", "secret", "authorization", "cookie", "email", "mail"}
)
_HARMLESS = frozenset({"error_code", "status_code", "exit_code", "event"})
_WORD = re.compile(r"[a-z]+")
# Addresses and mailed links may stand in the text of foreign exceptions (asyncpg quotes rows).
_MAIL_ADDRESS = re.compile(r"[^\s@<>\"'(),:;]+@[^\s@<>\"'(),:;]+\.[^\s@<>\"'(),:;]+")
_MAILED_LINK = re.compile(r"/c/[^\s\"'?#]+")


def configure(settings: ServiceSettings) -> None:
    """Sends structlog and standard logging (uvicorn, gRPC, libraries) through one chain."""
    shared: list[Processor] = [
        structlog.contextvars.merge_contextvars,
        structlog.stdlib.add_log_level,
        structlog.stdlib.add_logger_name,
        structlog.stdlib.ExtraAdder(),
        structlog.processors.TimeStamper(fmt="iso", utc=True),
        _Origin(settings.service, settings.replica),
        structlog.processors.format_exc_info,
        redact,
    ]
    final: Processor = structlog.processors.JSONRenderer()
    if settings.log_format == "console":
        final = structlog.dev.ConsoleRenderer(colors=False)
    handler = logging.StreamHandler(sys.stdout)
    remove_meta = structlog.stdlib.ProcessorFormatter.remove_processors_meta
    handler.setFormatter(structlog.stdlib.ProcessorFormatter(foreign_pre_chain=shared, processors=[remove_meta, final]))
    logging.basicConfig(level=settings.log_level.upper(), handlers=[handler], force=True)
    for chatty in ("uvicorn.access", "uvicorn.error", "httpx", "procrastinate", "aio_pika", "aiormq", "alembic"):
        logging.getLogger(chatty).setLevel(logging.WARNING)
    # At level debug it writes the tokens down that it makes.
    logging.getLogger("authlib").setLevel(logging.WARNING)
    # An error for each attempt to reach an absent broker; the bus itself says once that it is unreachable.
    logging.getLogger("aiormq.connection").setLevel(logging.CRITICAL)
    structlog.configure(
        processors=[
            structlog.stdlib.filter_by_level,
            *shared,
            structlog.stdlib.ProcessorFormatter.wrap_for_formatter,
        ],
        logger_factory=structlog.stdlib.LoggerFactory(),
        wrapper_class=structlog.stdlib.BoundLogger,
        cache_logger_on_first_use=True,
    )


class _Origin:
    """Adds service, replica and the present request's id."""

    def __init__(self, service: str, replica: str) -> None:
        self._service = service
        self._replica = replica

    def __call__(self, _logger: Any, _method: str, entry: MutableMapping[str, Any]) -> MutableMapping[str, Any]:
        entry["service"] = self._service
        entry["replica"] = self._replica
        if identifier := request_id.get():
            entry["request_id"] = identifier
        return entry


def redact(_logger: Any, _method: str, entry: MutableMapping[str, Any]) -> MutableMapping[str, Any]:
    """Takes out values whose name says secret or personal, and addresses and mailed links within texts."""
    for name, value in entry.items():
        entry[name] = _redacted(name, value)
    return entry


def _redacted(name: str, value: Any) -> Any:
    if _is_secret(name):
        return REDACTED
    if isinstance(value, str):
        return _MAILED_LINK.sub(f"/c/{REDACTED}", _MAIL_ADDRESS.sub(REDACTED, value))
    if isinstance(value, Mapping):
        return {key: _redacted(str(key), item) for key, item in value.items()}
    if isinstance(value, (list, tuple, set, frozenset)):
        return [_redacted("", item) for item in value]
    return value


def _is_secret(name: str) -> bool:
    lowered = name.lower()
    return lowered not in _HARMLESS and not _SECRET_WORDS.isdisjoint(_WORD.findall(lowered))
