"""The test suites, in the order in which `./portal test` runs them."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from local_run.checkout import ROOT

_NOT_A_SUITE = {"bench", "journeys", "million"}
_USUAL = "not slow"


@dataclass(frozen=True, slots=True)
class Suite:
    """A folder of tests. `workers` 0: in one process, because it has the machine to itself.

    `usual` chooses by marks what `./portal test` takes of it; with `--all` it takes everything.
    `long`: it takes the suite itself with `--all` only, or when it is named.
    """

    name: str
    folder: str
    workers: int = 2
    usual: str = _USUAL
    environment: Mapping[str, str] = field(default_factory=dict)
    long: bool = False


def all_suites() -> list[Suite]:
    """Every suite that this checkout has."""
    return [suite for suite in _named() if (ROOT / suite.folder).exists()]


def _named() -> Iterator[Suite]:
    yield Suite("chassis", "chassis/tests")
    yield Suite("ui", "ui/tests")
    for service in ("identity", "customer-link", "ticketing", "notification"):
        yield Suite(service, f"services/{service}/tests")
    yield Suite("gateway", "gateway/tests")
    yield Suite("local-run", "deploy/local/tests")
    for folder in sorted(path for path in (ROOT / "tests").iterdir() if path.is_dir()):
        if folder.name not in _NOT_A_SUITE and any(folder.rglob("test_*.py")):
            yield Suite(folder.name, f"tests/{folder.name}", workers=0)
    yield _journeys("musik", "amqp")
    # Which bus carries the events changes no page: on the other one only what events bring is usually walked.
    yield _journeys("musik", "local", manners="desktop", usual=f"either_bus and {_USUAL}")
    yield _journeys("software", "local")
    # `mailed` is the software house's pack with the other way to a new password.
    yield _journeys("mailed", "local")
    yield Suite("million", "tests/million", workers=0, long=True)


def _journeys(brand: str, bus: str, *, manners: str = "desktop phone no_scripts", usual: str = _USUAL) -> Suite:
    """The journeys through one portal, which is one brand on one bus."""
    return Suite(
        f"journeys-{brand}-{bus}",
        "tests/journeys",
        workers=0,
        usual=usual,
        environment={"PORTAL_TEST_BRAND": brand, "PORTAL_TEST_BUS": bus, "PORTAL_TEST_MANNERS": manners},
    )
