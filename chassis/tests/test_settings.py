from pathlib import Path

import pytest
from pydantic import ValidationError

from chassis.settings import ServiceSettings
from edge_samples import SampleSettings, sample_settings

ENVIRONMENT = {
    "PORTAL_BASE_URL": "https://portal.example",
    "PORTAL_BRAND_DIR": "brands/musik",
    "PORTAL_DATABASE_URL": "postgresql://user:hunter2@db/identity",
    "PORTAL_BUS_URL": "amqp://bus",
    "PORTAL_HTTP_PORT": "8001",
    "PORTAL_GRPC_PORT": "5001",
    "PORTAL_MANAGEMENT_PORT": "9001",
    "PORTAL_TLS_DIR": "tls/identity",
}


class EnvironmentSettings(ServiceSettings):
    service = "identity"


@pytest.fixture
def environment(monkeypatch: pytest.MonkeyPatch) -> pytest.MonkeyPatch:
    for name, value in ENVIRONMENT.items():
        monkeypatch.setenv(name, value)
    return monkeypatch


def test_environment_is_read(environment: pytest.MonkeyPatch) -> None:
    settings = EnvironmentSettings()  # type: ignore[call-arg]  # from the environment
    assert settings.base_url == "https://portal.example"
    assert settings.http_port == 8001
    assert "hunter2" not in repr(settings)


def test_secrets_come_from_files_too(environment: pytest.MonkeyPatch, tmp_path: Path) -> None:
    environment.delenv("PORTAL_DATABASE_URL")
    environment.setenv("PORTAL_SECRETS_DIR", str(tmp_path))
    (tmp_path / "portal_database_url").write_text("postgresql://from-a-file\n")
    (tmp_path / "portal_bus_url").write_text("amqp://the-environment-wins")
    settings = EnvironmentSettings()  # type: ignore[call-arg]  # from the environment
    assert settings.database_url.get_secret_value() == "postgresql://from-a-file"
    assert settings.bus_url.get_secret_value() == "amqp://bus"


@pytest.mark.parametrize("name", ENVIRONMENT)
def test_missing_value_refuses_to_start(name: str, environment: pytest.MonkeyPatch) -> None:
    environment.delenv(name)
    with pytest.raises(ValidationError, match=name.removeprefix("PORTAL_").lower()):
        EnvironmentSettings()  # type: ignore[call-arg]  # from the environment


@pytest.mark.parametrize(
    ("base_url", "cookie", "secure"),
    [
        ("https://portal.example", "__Host-session", True),
        ("https://localhost:8443", "__Host-session", True),
        ("http://localhost:8080/", "session", False),
        ("http://127.0.0.1:8080", "session", False),
        ("http://[::1]:8080", "session", False),
        ("http://musik.localhost:8080", "session", False),
    ],
)
def test_cookie_follows_the_base_url(base_url: str, cookie: str, secure: bool, tmp_path: Path) -> None:
    settings = sample_settings(tmp_path, base_url=base_url)
    assert (settings.cookie_name, settings.cookie_secure) == (cookie, secure)
    assert not settings.base_url.endswith("/")


@pytest.mark.parametrize(
    "base_url",
    ["http://portal.example", "http://10.0.0.1", "http://localhost.evil.example", "ftp://localhost", "localhost:8080",
     "https://portal.example/path", "https://portal.example?x=1", "https://user@portal.example", ""],
)  # fmt: skip
def test_unsafe_base_url_refuses_to_start(base_url: str, tmp_path: Path) -> None:
    with pytest.raises(ValidationError):
        sample_settings(tmp_path, base_url=base_url)


def test_settings_do_not_change(tmp_path: Path) -> None:
    settings: SampleSettings = sample_settings(tmp_path)
    with pytest.raises(ValidationError):
        settings.http_port = 1
