"""Makes the server fixtures known to the tests of every folder."""

import structlog
from hypothesis import settings

# Two folders bear the names of the packages in them. Imported first, the packages keep their names: in importlib
# mode pytest would give them to the folders.
import chassis  # noqa: F401
import ui  # noqa: F401

pytest_plugins = ["portal_fixtures"]

# Plain tracebacks: the default ones, in colours with all locals, take a second each.
structlog.configure(processors=[structlog.processors.format_exc_info, structlog.processors.KeyValueRenderer()])

# How fast a machine is no test's matter.
settings.register_profile("portal", deadline=None)
settings.load_profile("portal")
