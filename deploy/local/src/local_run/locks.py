"""`./portal lock`: writes the lock files anew. They hold hashes and no address of a registry."""

import subprocess
import sys
from pathlib import Path

from local_run.checkout import ROOT

_UV = str(Path(sys.executable).parent / "uv")


def lock() -> int:
    """Newest versions that fit Python 3.11 and later; what works is held to the versions of what runs."""
    for name, constraints in (("run", []), ("dev", ["--constraint", "requirements/run.lock"])):
        command = [
            _UV,
            "pip",
            "compile",
            "--universal",
            "--generate-hashes",
            "--no-header",
            "--no-annotate",
            "--upgrade",
        ]
        command += ["--python-version", "3.11", *constraints]
        command += ["--output-file", f"requirements/{name}.lock", f"requirements/{name}.in"]
        code = subprocess.run(command, cwd=ROOT, stdout=subprocess.DEVNULL, check=False).returncode
        if code != 0:
            return code
    return 0
