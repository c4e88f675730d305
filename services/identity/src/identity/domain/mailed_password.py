"""The form of a generated password (M5 `mailed`): five groups of four symbols that no reader mistakes, 90 bits."""

import hmac

_SYMBOLS = "346789BCDFGHJKMPQRTVWXY"
"""No vowels, so no words; none of 0 O 1 I L 2 Z 5 S."""
_GROUPS, _GROUP = 5, 4


def spell(mac: bytes) -> str:
    """The password that a MAC of 32 bytes stands for; its 256 bits leave no symbol likelier than another."""
    rest, symbols = int.from_bytes(mac), []
    for _ in range(_GROUPS * _GROUP):
        rest, place = divmod(rest, len(_SYMBOLS))
        symbols.append(_SYMBOLS[place])
    return "-".join("".join(symbols[start : start + _GROUP]) for start in range(0, len(symbols), _GROUP))


def is_same(typed: str, password: str) -> bool:
    """Whether somebody typed it, with or without its dashes, in either case; takes the same time for every typo."""
    return hmac.compare_digest(_bare(typed), _bare(password))


def _bare(text: str) -> bytes:
    return "".join(text.upper().replace("-", "").split()).encode()
