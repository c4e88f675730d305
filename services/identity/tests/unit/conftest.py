"""The world of each unit test."""

import pytest

from identity_world import World


@pytest.fixture
def world() -> World:
    """A world of its own for each test."""
    return World()
