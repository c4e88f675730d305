"""Makes the server fixtures known to the tests of every folder."""

pytest_plugins = ["portal_fixtures"]
