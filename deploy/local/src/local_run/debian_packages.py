"""`./portal test --install`: the system packages that some tests need, on Debian and what descends from it."""

import os
import shutil
import subprocess
from collections.abc import Sequence

PACKAGES = {"rabbitmq-server": "rabbitmq-server", "chromium": "chromium"}
"""Package by the program that it brings."""


def missing() -> list[str]:
    """The packages whose program is not on this machine."""
    path = f"{os.environ.get('PATH', '')}:/usr/sbin:/usr/local/sbin"
    return [package for program, package in PACKAGES.items() if shutil.which(program, path=path) is None]


def install_missing() -> None:
    """Installs them, as root or through sudo; says so where it cannot. The tests that need them then do not run."""
    wanted = missing()
    if not wanted:
        return
    print(f"Installing {', '.join(wanted)}", flush=True)
    if shutil.which("apt-get") is None or (os.geteuid() != 0 and shutil.which("sudo") is None):
        print("This needs apt-get, and root or sudo: install them by hand.", flush=True)
        return
    prefix = [] if os.geteuid() == 0 else ["sudo", "-n", "--preserve-env=DEBIAN_FRONTEND"]
    install = ["apt-get", "install", "-y", "-qq", "--no-install-recommends", *wanted]
    if not (_run([*prefix, "apt-get", "update", "-qq"]) and _run([*prefix, *install])):
        print("The packages could not be installed; what needs them will not run.", flush=True)


def _run(command: Sequence[str]) -> bool:
    result = subprocess.run(
        command,
        env={**os.environ, "DEBIAN_FRONTEND": "noninteractive"},
        capture_output=True,
        text=True,
        check=False,
    )
    if result.returncode != 0:
        print(f"{result.stdout}{result.stderr}"[-2000:], flush=True)
    return result.returncode == 0
