"""Words that are no passwords: German words and names, passwords often used (data/README.md says where from)."""

from importlib.resources import files


def blocked_words() -> frozenset[str]:
    """About 65 000 words, in plain lower-case letters."""
    text = (files("identity") / "data" / "blocklist.txt").read_text("ascii")
    return frozenset(text.split())
