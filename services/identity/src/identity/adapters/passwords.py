"""Argon2id in a small pool of threads: hashing must neither block the event loop nor eat the machine."""

import asyncio
import secrets
import unicodedata
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import TypeVar

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

from chassis.errors import DomainError, ErrorKind

T = TypeVar("T")
_WAITING = 64


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
        return self._hasher.check_needs_rehash(password_hash)

    def close(self) -> None:
        """Lets the hashes under way finish."""
        self._pool.shutdown()

    def _verify(self, password_hash: str, password: str) -> bool:
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


def _received(password: str) -> str:
    return unicodedata.normalize("NFC", password)
