"""What journeys share: one running portal, a browser, people with stored logins, and the figures they measure.

A run of journeys is about one brand on one bus: PORTAL_TEST_BRAND (musik, software, or mailed: a copy of the latter
that mails generated passwords) and PORTAL_TEST_BUS (local). A module says
with BRANDS which brands it walks through; the others are left out. A test marked `every_manner` is walked once in each
manner of the run (PORTAL_TEST_MANNERS): at a desk, with a phone, without scripts; the others at a desk. One marked
`either_bus` is about what events bring: `./portal test` walks it on RabbitMQ and on the local bus, with `--all`
every journey is walked on both.
"""

import os
import shutil
from collections.abc import Generator, Iterator

import pytest
from journey_look import Look
from journey_manners import DESKTOP, Manner, manners_of_the_run
from journey_pack import mailing_pack
from journey_people import People
from journey_portal import Note, Portal
from playwright.sync_api import Browser, sync_playwright

from local_run.checkout import BRANDS
from local_run.rabbitmq import find_rabbitmq_server
from ui.brand import Brand

_BRAND = os.environ.get("PORTAL_TEST_BRAND", "musik")
_BUS = os.environ.get("PORTAL_TEST_BUS", "local")
_FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
_figures = pytest.StashKey[list[str]]()


def pytest_configure(config: pytest.Config) -> None:
    """Keeps the figures of a run, and names the marks."""
    config.addinivalue_line("markers", "every_manner: walked at a desk, with a phone and without scripts")
    config.addinivalue_line("markers", "either_bus: walked on both buses by ./portal test too, as it is about events")
    config.stash[_figures] = []


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Leaves out what walks through another brand."""
    here = [item for item in items if _BRAND in getattr(item.getparent(pytest.Module).obj, "BRANDS", (_BRAND,))]  # type: ignore[union-attr]
    config.hook.pytest_deselected(items=[item for item in items if item not in here])
    items[:] = here


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    """Walks what is marked so in every manner."""
    if metafunc.definition.get_closest_marker("every_manner"):
        metafunc.parametrize("manner", manners_of_the_run(), ids=lambda manner: manner.name)


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item: pytest.Item) -> Generator[None, pytest.TestReport, pytest.TestReport]:
    """Adds what the portal said to the report of a journey that failed."""
    report = yield
    portal = getattr(item, "funcargs", {}).get("portal")
    if report.failed and portal is not None:
        report.sections.append(("what the portal said", portal.end_of_log()))
    return report


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter, config: pytest.Config) -> None:
    """Prints what the journeys measured."""
    for line in config.stash[_figures]:
        terminalreporter.write_line(line)


@pytest.fixture(scope="session")
def note(pytestconfig: pytest.Config) -> Note:
    """`note("registration to mail", 0.4)`: prints a figure, in seconds, at the end of the run."""
    return lambda what, seconds: pytestconfig.stash[_figures].append(f"{what} ({_BRAND}, {_BUS}): {seconds:.2f} s")


@pytest.fixture(scope="session")
def portal() -> Iterator[Portal]:
    """The portal of this run, started as a person starts it."""
    if _BUS == "amqp" and not (os.environ.get("PORTAL_AMQP_URL") or find_rabbitmq_server()):
        pytest.skip("no RabbitMQ on this machine (./portal test --install)")
    portal = Portal(_BRAND, _BUS)
    if _BRAND == "mailed":
        portal.brand = str(mailing_pack(portal.data / "mailed"))
    try:
        portal.start()
        yield portal
    finally:
        portal.stop()
        if "PORTAL_KEEP_DATA" not in os.environ:
            shutil.rmtree(portal.data, ignore_errors=True)


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """Chromium."""
    with sync_playwright() as playwright:
        path = shutil.which("chromium") or "/usr/bin/chromium"
        chromium = playwright.chromium.launch(executable_path=path, args=_FLAGS)
        yield chromium
        chromium.close()


@pytest.fixture(scope="session")
def crowd(browser: Browser, portal: Portal) -> People:
    """Everybody who may visit this portal, with their stored logins."""
    return People(browser, portal, Look(Brand.load(BRANDS / portal.brand), f"{_BRAND}-{portal.bus}"))


@pytest.fixture
def manner() -> Manner:
    """How people walk a journey that is not marked `every_manner`."""
    return DESKTOP


@pytest.fixture
def people(crowd: People, manner: Manner) -> Iterator[People]:
    """The people of the portal. They leave after the test; what their browsers complained about fails it."""
    crowd.manner = manner
    yield crowd
    crowd.all_leave()
