"""Password hashes of older systems, which are taken over and verified by their own scheme until the first login (A4).

Costs beyond what any of these systems used are refused: who brings a hash chooses how much work a login is.
"""

import base64
import binascii
import re
from dataclasses import dataclass

_MOST_ROUNDS = 2_000_000
_MOST_BCRYPT_COST = 15
_MOST_ARGON_KIB, _MOST_ARGON_PASSES, _MOST_ARGON_LANES = 262_144, 10, 16
_ARGON = re.compile(
    r"\$argon2(?:id|i)\$v=19\$m=(\d{1,7}),t=(\d{1,3}),p=(\d{1,3})\$[A-Za-z0-9+/]{11,86}\$[A-Za-z0-9+/]{16,86}"
)
_BCRYPT = re.compile(r"\$2[aby]\$(\d\d)\$[./A-Za-z0-9]{53}")
_PASSLIB = re.compile(r"\$pbkdf2-(sha256|sha512)\$(\d{1,7})\$([./A-Za-z0-9]{1,86})\$([./A-Za-z0-9]{20,86})")
_DJANGO = re.compile(r"pbkdf2_(sha256|sha512)\$(\d{1,7})\$([A-Za-z0-9+/=._-]{1,86})\$([A-Za-z0-9+/]{20,88}={0,2})")


@dataclass(frozen=True, slots=True)
class Pbkdf2Hash:
    """A hash after RFC 8018, section 5.2."""

    digest: str
    rounds: int
    salt: bytes
    key: bytes


def is_argon2(password_hash: str) -> bool:
    """Whether it is of our own family, with bearable costs."""
    found = _ARGON.fullmatch(password_hash)
    if found is None:
        return False
    kib, passes, lanes = (int(cost) for cost in found.groups())
    return 0 < kib <= _MOST_ARGON_KIB and 0 < passes <= _MOST_ARGON_PASSES and 0 < lanes <= _MOST_ARGON_LANES


def is_bcrypt(password_hash: str) -> bool:
    """Whether it is one of bcrypt, with a bearable cost."""
    found = _BCRYPT.fullmatch(password_hash)
    return found is not None and 4 <= int(found[1]) <= _MOST_BCRYPT_COST  # noqa: PLR2004 - bcrypt's least


def read_pbkdf2(password_hash: str) -> Pbkdf2Hash | None:
    """A hash as passlib (`$pbkdf2-sha256$…`) or Django (`pbkdf2_sha256$…`) writes it; None for any other."""
    try:
        if found := _PASSLIB.fullmatch(password_hash):
            salt, key = _passlib_bytes(found[3]), _passlib_bytes(found[4])
        elif found := _DJANGO.fullmatch(password_hash):
            salt, key = found[3].encode(), base64.b64decode(found[4], validate=True)
        else:
            return None
    except binascii.Error:
        return None
    rounds = int(found[2])
    return Pbkdf2Hash(found[1], rounds, salt, key) if 0 < rounds <= _MOST_ROUNDS else None


def is_known_hash(password_hash: str) -> bool:
    """Whether a login can be verified against it."""
    return is_argon2(password_hash) or is_bcrypt(password_hash) or read_pbkdf2(password_hash) is not None


def _passlib_bytes(text: str) -> bytes:
    return base64.b64decode(text.replace(".", "+") + "=" * (-len(text) % 4), validate=True)
