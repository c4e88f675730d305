"""A brand pack of one's own, as an organisation would make it: a copy with another setting."""

import shutil
from pathlib import Path

from local_run.checkout import BRANDS


def mailing_pack(folder: Path) -> Path:
    """The software house's pack with `password_reset = "mailed"`."""
    brand = shutil.copytree(BRANDS / "software", folder) / "brand.toml"
    chosen = brand.read_text("utf-8")
    mailed = chosen.replace('password_reset = "chosen"', 'password_reset = "mailed"')
    assert mailed != chosen
    brand.write_text(mailed, "utf-8")
    return folder
