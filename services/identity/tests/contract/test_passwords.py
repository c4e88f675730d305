"""The contract of Passwords: the fake of the unit tests keeps it as Argon2 does."""

import asyncio
import base64
import hashlib
import unicodedata
from collections.abc import Iterator

import bcrypt
import pytest

from chassis.errors import DomainError, ErrorKind
from identity.adapters.passwords import ArgonPasswords, HashCosts
from identity.usecases.ports import Passwords
from identity_fakes import FakePasswords

CHEAP = HashCosts(passes=1, memory_kib=8, threads=1)


@pytest.fixture(params=["fake", "argon2"])
def passwords(request: pytest.FixtureRequest) -> Iterator[Passwords]:
    if request.param == "fake":
        yield FakePasswords()
        return
    real = ArgonPasswords(CHEAP)
    yield real
    real.close()


async def test_a_password_matches_its_hash_and_no_other(passwords: Passwords) -> None:
    stored = await passwords.hash("vier ruhige Wasserfarben")
    assert await passwords.matches(stored, "vier ruhige Wasserfarben")
    assert not await passwords.matches(stored, "vier ruhige wasserfarben")
    assert not await passwords.matches(stored, "")


async def test_every_character_counts(passwords: Passwords) -> None:
    stored = await passwords.hash("x" * 127 + "y")
    assert not await passwords.matches(stored, "x" * 128)
    assert not await passwords.matches(stored, "x" * 127)


async def test_any_keyboard_makes_the_same_password(passwords: Passwords) -> None:
    stored = await passwords.hash("schöne Grüße")
    assert await passwords.matches(stored, unicodedata.normalize("NFD", "schöne Grüße"))


async def test_without_a_hash_nothing_matches(passwords: Passwords) -> None:
    assert not await passwords.matches(None, "")
    assert not await passwords.matches(None, "anything")


async def test_a_hash_that_is_none_matches_nothing(passwords: Passwords) -> None:
    assert not await passwords.matches("imported from elsewhere", "anything")


async def test_a_fresh_hash_is_not_outdated(passwords: Passwords) -> None:
    assert not passwords.outdated(await passwords.hash("vier ruhige Wasserfarben"))


async def test_hashes_of_one_password_differ(passwords: Passwords) -> None:
    assert await passwords.hash("same") != await passwords.hash("same")


async def test_hashes_with_other_costs_are_outdated() -> None:
    cheap, dear = ArgonPasswords(CHEAP), ArgonPasswords(HashCosts(passes=2, memory_kib=16, threads=1))
    stored = await cheap.hash("vier ruhige Wasserfarben")
    assert dear.outdated(stored)
    assert await dear.matches(stored, "vier ruhige Wasserfarben")
    cheap.close()
    dear.close()


async def test_a_flood_is_refused_instead_of_queued_without_end() -> None:
    passwords = ArgonPasswords(CHEAP)
    results = await asyncio.gather(*(passwords.hash("x") for _ in range(200)), return_exceptions=True)
    refused = [result for result in results if isinstance(result, DomainError)]
    assert 0 < len(refused) < 200
    assert {error.kind for error in refused} == {ErrorKind.UNAVAILABLE}
    passwords.close()


PASSLIB_512 = "$pbkdf2-sha512$1000$c29tZXNhbHQ$" + base64.b64encode(
    hashlib.pbkdf2_hmac("sha512", "schöne Grüße".encode(), b"somesalt", 1000)
).decode().rstrip("=").replace("+", ".")
DJANGO = (
    "pbkdf2_sha256$1000$seasalt$"
    + base64.b64encode(hashlib.pbkdf2_hmac("sha256", "schöne Grüße".encode(), b"seasalt", 1000)).decode()
)
OLDER = [
    ("$2y$07$usesomesillystringfore2uDLvp1Ii2e./U9C8sBjqp8I90dH6hi", "rasmuslerdorf"),  # from the manual of PHP
    (PASSLIB_512, "schöne Grüße"),
    (DJANGO, "schöne Grüße"),
    (bcrypt.hashpw("schöne Grüße".encode(), b"$2b$04$gnyWU3kr4BGHYCLiYJRELu").decode(), "schöne Grüße"),
]


@pytest.mark.parametrize(("stored", "password"), OLDER)
async def test_hashes_of_older_systems_are_verified_and_to_be_renewed(stored: str, password: str) -> None:
    passwords = ArgonPasswords(CHEAP)
    assert await passwords.matches(stored, password)
    assert not await passwords.matches(stored, password + "x")
    assert not await passwords.matches(stored, "\0")
    assert passwords.outdated(stored)
    passwords.close()


async def test_of_a_long_password_bcrypt_knows_the_beginning_as_the_older_system_did() -> None:
    passwords = ArgonPasswords(CHEAP)
    stored = bcrypt.hashpw(b"x" * 72, bcrypt.gensalt(4)).decode()
    assert await passwords.matches(stored, "x" * 100)
    passwords.close()
