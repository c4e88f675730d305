"""The settings that every service process has; a service adds its own in one subclass."""

import os
import socket
from functools import cached_property
from ipaddress import ip_address
from pathlib import Path
from typing import ClassVar, Literal
from urllib.parse import urlsplit

from pydantic import Field, SecretStr, field_validator
from pydantic_settings import BaseSettings, PydanticBaseSettingsSource, SecretsSettingsSource, SettingsConfigDict


def _this_process() -> str:
    return f"{socket.gethostname()}-{os.getpid()}"


class ServiceSettings(BaseSettings):
    """Read from `PORTAL_…` variables, then from files of the same names in PORTAL_SECRETS_DIR.

    Nothing else in a service reads the environment. A missing or bad value refuses to start.
    """

    model_config = SettingsConfigDict(env_prefix="PORTAL_", extra="ignore", frozen=True)
    service: ClassVar[str]
    """Name of the service, which is the name in its certificate too."""

    base_url: str
    """Address in the browser, without a path. Plain http for loopback hosts only."""
    brand_dir: Path
    database_url: SecretStr
    """postgresql://user:password@host:port/name"""
    bus_url: SecretStr
    """amqp://… or postgresql://… (the local bus)"""
    http_host: str = "127.0.0.1"
    http_port: int = Field(ge=0, le=65535)
    grpc_port: int = Field(ge=0, le=65535)
    management_port: int = Field(ge=0, le=65535)
    tls_dir: Path
    """Folder of ca.pem, cert.pem and key.pem for mutual TLS between services."""
    replica: str = Field(default_factory=_this_process)
    log_level: Literal["debug", "info", "warning", "error"] = "info"
    log_format: Literal["json", "console"] = "json"
    otlp_endpoint: str | None = None
    """Where traces go (OTLP over HTTP); None: no traces."""
    trusted_proxies: str = "127.0.0.1"
    """Comma list of addresses whose X-Forwarded-For is believed; the gateway's."""
    job_concurrency: int = Field(default=4, ge=1)
    drain_seconds: float = Field(default=2.5, ge=0, le=10)
    """How long requests are still taken after readiness ended; longer than the gateway takes to ask for it."""

    @field_validator("base_url")
    @classmethod
    def _is_safe_address(cls, value: str) -> str:
        parts = urlsplit(value)
        if parts.hostname is None or parts.path not in {"", "/"} or parts.query or parts.fragment or parts.username:
            raise ValueError("must be scheme://host[:port] and nothing else")
        if parts.scheme != "https" and not (parts.scheme == "http" and _is_loopback(parts.hostname)):
            raise ValueError("must be https; plain http is for loopback hosts only")
        return value.rstrip("/").lower()

    @cached_property
    def cookie_secure(self) -> bool:
        """Whether browsers reach the portal over https."""
        return self.base_url.startswith("https://")

    @cached_property
    def cookie_name(self) -> str:
        """Name of the session cookie (ASVS 3.3.1: the __Host- prefix wherever it is possible)."""
        return "__Host-session" if self.cookie_secure else "session"

    @classmethod
    def settings_customise_sources(
        cls,
        settings_cls: type[BaseSettings],
        init_settings: PydanticBaseSettingsSource,
        env_settings: PydanticBaseSettingsSource,
        dotenv_settings: PydanticBaseSettingsSource,
        file_secret_settings: PydanticBaseSettingsSource,
    ) -> tuple[PydanticBaseSettingsSource, ...]:
        """Arguments, then the environment, then the folder of secrets; no .env files."""
        del dotenv_settings
        folder = os.environ.get("PORTAL_SECRETS_DIR")
        secrets = file_secret_settings if folder is None else SecretsSettingsSource(settings_cls, folder)
        return init_settings, env_settings, secrets


def _is_loopback(host: str) -> bool:
    if host == "localhost" or host.endswith(".localhost"):
        return True
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return False
