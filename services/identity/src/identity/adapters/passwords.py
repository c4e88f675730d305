"""Argon2id in a small pool of threads: hashing must neither block the event loop nor eat the machine."""

import asyncio
import hashlib
import hmac
import secrets
import unicodedata
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import TypeVar

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

from chassis.errors import DomainError, ErrorKind
from identity.domain.foreign_hash import is_argon2, is_bcrypt, read_pbkdf2

T = TypeVar("T")
_WAITING = 64
_BCRYPT_BYTES = 72


@dataclass(frozen=True, slots=True)
class HashCosts:
    """Costs of Argon2id. OWASP's minimum is 2 passes over 19 MiB (51 ms on one core of the reference machine)."""

    passes: int = 2
    memory_kib: int = 19_456
    threads: int = 2
    """How many hashes are made at once."""


class ArgonPasswords:
    """Passes the contract of Passwords. Texts are hashed in NFC, so that any keyboard makes the same password."""

    def __init__(self, costs: HashCosts) -> None:
        self._hasher = PasswordHasher(time_cost=costs.passes, memory_cost=costs.memory_kib, parallelism=1)
        self._pool = ThreadPoolExecutor(costs.threads, thread_name_prefix="passwords")
        self._under_way = 0
        self._nobodys = self._hasher.hash(secrets.token_urlsafe(32))

    async def hash(self, password: str) -> str:
        return await self._off_loop(lambda: self._hasher.hash(_received(password)))

    async def matches(self, password_hash: str | None, password: str) -> bool:
        found = await self._off_loop(lambda: self._verify(password_hash or self._nobodys, _received(password)))
        return found and password_hash is not None

    def outdated(self, password_hash: str) -> bool:
        return not is_argon2(password_hash) or self._hasher.check_needs_rehash(password_hash)

    def close(self) -> None:
        """Lets the hashes under way finish."""
        self._pool.shutdown()

    def _verify(self, password_hash: str, password: str) -> bool:
        if not password_hash.startswith("$argon2"):
            return _verify_foreign(password_hash, password.encode())
        try:
            return self._hasher.verify(password_hash, password)
        except (VerificationError, InvalidHashError):
            return False

    async def _off_loop(self, work: Callable[[], T]) -> T:
        if self._under_way >= _WAITING:
            raise DomainError(ErrorKind.UNAVAILABLE, "too_busy", "Too many passwords are being checked just now.")
        self._under_way += 1
        try:
            return await asyncio.get_running_loop().run_in_executor(self._pool, work)
        finally:
            self._under_way -= 1


def _verify_foreign(password_hash: str, password: bytes) -> bool:
    """By the scheme of the older system that made the hash (A4)."""
    if found := read_pbkdf2(password_hash):
        made = hashlib.pbkdf2_hmac(found.digest, password, found.salt, found.rounds, len(found.key))
        return hmac.compare_digest(made, found.key)
    return is_bcrypt(password_hash) and _verify_bcrypt(password_hash, password)


def _verify_bcrypt(password_hash: str, password: bytes) -> bool:
    import bcrypt  # noqa: PLC0415 - most installations never meet one

    # bcrypt knows 72 bytes; the systems that made these hashes cut off the rest too. No such password has a NUL.
    return b"\0" not in password and bcrypt.checkpw(password[:_BCRYPT_BYTES], password_hash.encode())


def _received(password: str) -> str:
    return unicodedata.normalize("NFC", password)
