"""The migrations of each service are one chain: each after another one, none twice, one head."""

import re
from pathlib import Path

import pytest

from local_run.checkout import ROOT

SERVICES = sorted(folder.name for folder in (ROOT / "services").iterdir() if (folder / "migrations").is_dir())
_REVISION = re.compile(r'^(?:down_)?revision = (?:"(\w+)"|None)$', re.MULTILINE)


def _link(file: Path) -> tuple[str, str]:
    """The revision of a file and the one before; empty for the first."""
    revision, before = _REVISION.findall(file.read_text(encoding="utf-8"))
    return revision, before


@pytest.mark.parametrize("service", SERVICES)
def test_migrations_are_one_chain(service: str) -> None:
    links = [_link(file) for file in (ROOT / "services" / service / "migrations" / "versions").glob("*.py")]
    after = {before: revision for revision, before in links}
    chain = [""]
    while chain[-1] in after and len(chain) <= len(links):
        chain.append(after[chain[-1]])
    assert sorted(chain[1:]) == sorted(revision for revision, _ in links)
