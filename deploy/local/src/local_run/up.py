"""`./portal up`: brings the whole portal up on this machine and keeps it running."""

import asyncio
import shutil

from local_run.bus_choice import choose_bus
from local_run.cannot_start import CannotStart
from local_run.data_folder import DataFolder, told_as_sentence
from local_run.free_ports import is_free
from local_run.installation import Installation
from local_run.log_files import Screen
from local_run.options import UpOptions
from local_run.ports_file import Ports
from local_run.process_records import RunRecord, stop_left_behind
from local_run.run import Run
from local_run.secrets_file import load_secrets

_SPACE_TO_BEGIN = 300
"""MiB: new databases with their logs, and what they grow to in the first days."""
_SPACE_TO_GO_ON = 50


def up(options: UpOptions) -> int:
    """Runs the portal until it is asked to stop; gives the exit code.

    Raises:
        CannotStart: something outside the portal stands in the way.
    """
    folder = DataFolder(options.data)
    screen = Screen(width=16)
    with folder.opened(), told_as_sentence(folder.path):
        brand = folder.brand(options.brand)
        _require_space(folder)
        _take_over(folder, screen)
        if not is_free(options.port):
            raise CannotStart(f"Port {options.port} is in use: stop what uses it, or choose another with --port.")
        folder.keep_brand(brand)
        secrets = load_secrets(folder.secrets, databases_exist=folder.postgres.exists())
        ports, bus = Ports(folder.ports), choose_bus(options.bus)
        return asyncio.run(Run(Installation(folder, brand, options, secrets, ports, bus), screen).run())


def _require_space(folder: DataFolder) -> None:
    needed = _SPACE_TO_GO_ON if folder.postgres.exists() else _SPACE_TO_BEGIN
    if shutil.disk_usage(folder.path).free < needed * 1024 * 1024:
        raise CannotStart(f"There is no space left for {folder.path}: {needed} MiB are needed.")


def _take_over(folder: DataFolder, screen: Screen) -> None:
    previous = RunRecord.read(folder.run)
    if previous is None:
        return
    stopped = stop_left_behind(previous.programs)
    if stopped:
        screen.say(f"Stopped what an earlier run had left behind: {', '.join(stopped)}.")
    folder.run.unlink()
