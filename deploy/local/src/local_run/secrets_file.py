"""The passwords and keys of one installation, made at its first run."""

import base64
import json
import secrets
from pathlib import Path

from local_run.cannot_start import CannotStart
from local_run.data_folder import write_whole

DATABASES = ("identity", "customer_link", "ticketing", "notification", "bus")
_PASSWORDS = ("postgres", "rabbitmq", *(f"database_{name}" for name in DATABASES))
_KEY_RINGS = ("challenge_keys", "second_factor_keys", "code_keys")


def load_secrets(path: Path, *, databases_exist: bool) -> dict[str, str]:
    """The secrets by name; those that are missing are made and kept in `path`, readable by its owner only.

    A key ring is "id:base64" of 32 bytes; to rotate, put a new one in front: "k2:…,k1:…".

    Raises:
        CannotStart: the file is gone while the databases that it opens are still there.
    """
    if databases_exist and not path.exists():
        raise CannotStart(f"{path} is missing, without it the databases beside it cannot be opened: restore it.")
    known: dict[str, str] = json.loads(path.read_text()) if path.exists() else {}
    made = {name: secrets.token_hex(16) for name in _PASSWORDS if name not in known}
    made |= {
        name: f"k1:{base64.b64encode(secrets.token_bytes(32)).decode()}" for name in _KEY_RINGS if name not in known
    }
    if made:
        write_whole(path, known | made, mode=0o600)
    return known | made
