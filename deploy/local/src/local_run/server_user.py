"""PostgreSQL refuses to run as root. Where the portal itself is started by root, it runs as `nobody`."""

import os
import pwd
import shutil
from pathlib import Path

from local_run.cannot_start import CannotStart

_USER = "nobody"


def server_prefix() -> list[str]:
    """What goes in front of a server's command: nothing, or a change of user when we are root.

    The server keeps the capability to pass folders that are closed to `nobody`: a checkout of root's is often
    below one, and opening root's folders for everybody is not ours to do.
    """
    if os.geteuid() != 0:
        return []
    if shutil.which("setpriv") is None:
        raise CannotStart("PostgreSQL cannot run as root here (no setpriv): start ./portal as an ordinary user.")
    account = pwd.getpwnam(_USER)
    return [
        "setpriv",
        f"--reuid={account.pw_uid}",
        f"--regid={account.pw_gid}",
        "--clear-groups",
        "--inh-caps=+dac_override",
        "--ambient-caps=+dac_override",
        "--",
    ]


def give_to_server_user(path: Path) -> None:
    """Makes `path` (and what is in it) the property of the user that `server_prefix` changes to."""
    if os.geteuid() != 0:
        return
    account = pwd.getpwnam(_USER)
    for entry in (path, *path.rglob("*")):
        os.chown(entry, account.pw_uid, account.pw_gid, follow_symlinks=False)
