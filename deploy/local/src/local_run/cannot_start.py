"""The one exception that a person is meant to read."""


class CannotStart(Exception):  # noqa: N818 - it names what happened, and is told as one sentence
    """Something outside the portal stands in the way. Its text is one clear sentence; the exit code is 2."""
