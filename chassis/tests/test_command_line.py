import argparse
import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any, ClassVar

import pytest

from chassis.command_line import CommandLine
from chassis.errors import DomainError, ErrorKind
from chassis.settings import ServiceSettings
from chassis.testing import settings_for


class SampleSettings(ServiceSettings):
    service: ClassVar[str] = "sample"


async def _serve(_settings: SampleSettings) -> None:
    raise AssertionError("not asked for")


async def _admin(_settings: SampleSettings, chosen: argparse.Namespace) -> Mapping[str, Any]:
    if chosen.word == "refuse":
        raise DomainError(ErrorKind.CONFLICT, "taken", "It is taken.")
    return {"said": chosen.word, "bad_lines": [3] if chosen.word == "bad" else []}


def _add_actions(actions: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    actions.add_parser("say").add_argument("word")


@pytest.fixture
def command_line(tmp_path: Path) -> CommandLine[SampleSettings]:
    return CommandLine("sample", lambda: settings_for(SampleSettings, tmp_path), _serve, _admin, _add_actions)


@pytest.mark.parametrize(("word", "status"), [("Grüße", 0), ("bad", 1)])
def test_an_answer_is_printed_as_json(
    command_line: CommandLine[SampleSettings], capsys: pytest.CaptureFixture[str], word: str, status: int
) -> None:
    assert command_line.run(["admin", "say", word]) == status
    assert json.loads(capsys.readouterr().out)["said"] == word


def test_a_refusal_is_a_sentence_and_status_2(
    command_line: CommandLine[SampleSettings], capsys: pytest.CaptureFixture[str]
) -> None:
    assert command_line.run(["admin", "say", "refuse"]) == 2
    assert "taken" in capsys.readouterr().err


def test_an_unknown_command_is_refused(command_line: CommandLine[SampleSettings]) -> None:
    with pytest.raises(SystemExit):
        command_line.run(["fly"])
