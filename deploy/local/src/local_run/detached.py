"""`./portal up --detach`: the run goes on without a terminal; its beginning is shown until it stands."""

import subprocess
import sys
import time

from local_run.data_folder import DataFolder, told_as_sentence
from local_run.options import UpOptions, up_arguments
from local_run.process_records import RunRecord
from local_run.run import PARTS_SPEAK


def up_detached(options: UpOptions) -> int:
    """Starts the run in a session of its own, shows its progress, returns when it is ready or has failed."""
    folder = DataFolder(options.data)
    with told_as_sentence(folder.path):
        folder.logs.mkdir(parents=True, exist_ok=True)
        log = folder.logs / "portal.log"
        output = log.open("wb")
    command = [sys.executable, "-m", "local_run", "up", *up_arguments(options)]
    with output:
        process = subprocess.Popen(
            command, stdin=subprocess.DEVNULL, stdout=output, stderr=output, start_new_session=True
        )
    with log.open(errors="replace") as shown:
        while True:
            ready = _is_ready(folder, process.pid)
            code = process.poll()
            text = shown.read()
            print(text.partition(PARTS_SPEAK)[0], end="", flush=True)
            if ready or code is not None:
                print(flush=True)
                return code or 0
            time.sleep(0.1)


def _is_ready(folder: DataFolder, pid: int) -> bool:
    record = RunRecord.read(folder.run)
    return record is not None and record.supervisor.pid == pid and record.ready
