"""Users of a broker, made as a page of the documents says."""

import re
import shlex
import subprocess
from collections.abc import Sequence
from pathlib import Path

from local_run.rabbitmq import RabbitNode

_COMMAND = re.compile(r"^ +(rabbitmqctl .*)$", re.MULTILINE)
_CONTROL = "/usr/lib/rabbitmq/bin/rabbitmqctl"  # the script behind Debian's wrapper, which wants root


def make_users(node: RabbitNode, page: Path) -> None:
    """Runs every `rabbitmqctl` of the page."""
    commands = _COMMAND.findall(page.read_text(encoding="utf-8"))
    assert commands, "the page says how to make a user"
    for command in commands:
        control(node, shlex.split(command)[1:])


def control(node: RabbitNode, arguments: Sequence[str]) -> None:
    """Runs one `rabbitmqctl`."""
    tool = _CONTROL if Path(_CONTROL).exists() else "rabbitmqctl"
    subprocess.run([tool, *arguments], env=node.environment(), check=True, capture_output=True, timeout=60)
