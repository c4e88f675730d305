import json
import logging
from collections.abc import Iterator
from pathlib import Path

import pytest
import structlog
from hypothesis import given
from hypothesis import strategies as st

from chassis.logging import REDACTED, configure, redact
from chassis.request_context import handling
from edge_samples import sample_settings


@pytest.fixture(autouse=True)
def _logging_as_before() -> Iterator[None]:
    before, root = structlog.get_config(), logging.getLogger()
    handlers, level = root.handlers[:], root.level
    yield
    structlog.configure(**before)
    root.handlers[:] = handlers
    root.setLevel(level)


def _lines(captured: pytest.CaptureFixture[str]) -> list[dict[str, str]]:
    return [json.loads(line) for line in captured.readouterr().out.splitlines()]


def test_line_names_service_replica_and_request(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    configure(sample_settings(tmp_path))
    with handling("request-0001"):
        structlog.get_logger("sample").info("ticket opened", ticket_id=7)
        logging.getLogger("library").warning("slow %s", "query")
    ours, theirs = _lines(capsys)
    assert ours["event"] == "ticket opened"
    assert (ours["service"], ours["replica"], ours["request_id"]) == ("sample", "test", "request-0001")
    assert (ours["level"], ours["logger"]) == ("info", "sample")
    assert ours["timestamp"].endswith("Z")
    assert (theirs["event"], theirs["request_id"]) == ("slow query", "request-0001")


def test_exception_is_logged_without_personal_data(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    configure(sample_settings(tmp_path))
    error = ValueError("Key (email)=(anna@example.org) exists; see /c/9f8e7d6c5b4a?x=1")
    structlog.get_logger("sample").error("failed", exc_info=error)
    logging.getLogger("library").error("failed", exc_info=error)
    lines = _lines(capsys)
    assert len(lines) == 2
    for line in lines:
        assert "ValueError" in line["exception"]
        assert "anna" not in line["exception"]
        assert "9f8e7d6c5b4a" not in line["exception"]


def test_console_format_is_for_people(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    configure(sample_settings(tmp_path, log_format="console"))
    structlog.get_logger("sample").info("started", port=8001)
    assert "[info     ] started" in capsys.readouterr().out


@pytest.mark.parametrize(
    "name",
    ["password", "new_password", "token", "session_token", "code", "activation_code", "secret", "totp-secret",
     "Authorization", "cookie", "Set-Cookie", "email", "email_address", "mail"],
)  # fmt: skip
def test_secret_names_are_redacted_wherever_they_stand(name: str) -> None:
    entry = redact(None, "info", {"event": "x", name: "canary", "nested": {name: "canary", "list": [{name: "canary"}]}})
    assert "canary" not in str(entry)
    assert entry[name] == REDACTED


@pytest.mark.parametrize("name", ["error_code", "status_code", "event", "ticket_id", "decoded", "mailbox"])
def test_harmless_names_are_kept(name: str) -> None:
    assert redact(None, "info", {name: "kept"})[name] == "kept"


@given(st.text())
def test_what_a_user_typed_never_begins_a_new_line(typed: str) -> None:
    renderer = structlog.processors.JSONRenderer()
    line = renderer(
        None, "info", redact(None, "info", {"event": "typed", "text": typed + '\n{"event": "forged"}\x1b[2J'})
    )
    assert len(str(line).splitlines()) == 1
    assert "\x1b" not in str(line)
