"""One running portal for all that only the whole shows: https, the gateway, two instances of a service."""

import shutil
from collections.abc import Iterator

import pytest
from security_portal import GuardedPortal


@pytest.fixture(scope="session")
def _running() -> Iterator[GuardedPortal]:
    """The licensing society's portal over https, with ticketing twice."""
    portal = GuardedPortal.over_https()
    try:
        portal.run.start()
        yield portal
    finally:
        portal.run.stop()
        shutil.rmtree(portal.run.data, ignore_errors=True)


@pytest.fixture
def guarded(_running: GuardedPortal) -> Iterator[GuardedPortal]:
    """The running portal; everybody leaves after the test."""
    yield _running
    _running.all_leave()
