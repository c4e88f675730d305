"""One contract for the stores of second factors: the fakes of the unit tests keep it as PostgreSQL does."""

from dataclasses import replace
from datetime import timedelta
from typing import Any
from uuid import uuid4

from identity.domain.account import Account
from identity.domain.factors import Factors
from identity.domain.passkey import CEREMONY_LIFETIME, Ceremony, CeremonyPurpose, Passkey
from identity.usecases.factor_ports import Enrolment, SecondFactor
from identity.usecases.ports import Records
from identity_builders import NOW, an_account


async def add(records: Records, *accounts: Account) -> None:
    for account in accounts:
        assert await records.accounts.add(account)


async def test_a_code_is_accepted_once_and_never_an_older_one(records: Records) -> None:
    account = an_account()
    await add(records, account)
    factor = SecondFactor(account.id, "s1", b"sealed", last_step=10)
    await records.second_factors.add(factor)
    await records.second_factors.add(replace(factor, sealed=b"another"))
    assert await records.second_factors.get(account.id) == factor
    accept = records.second_factors.accept_step
    assert [await accept(account.id, step) for step in (10, 11, 11, 9, 12)] == [False, True, False, False, True]
    assert not await accept(uuid4(), 1)


async def test_a_factor_is_replaced_and_removed(records: Records) -> None:
    account, other = an_account("anna"), an_account("berta")
    await add(records, account, other)
    first = SecondFactor(account.id, "s1", b"first", last_step=10)
    await records.second_factors.begin(Enrolment(account.id, "s1", b"second", NOW))
    for factor in (first, replace(first, sealed=b"second", last_step=3)):
        await records.second_factors.put(factor)
        assert await records.second_factors.get(account.id) == factor
        assert await records.second_factors.enrolment(account.id) is None
    assert await records.second_factors.factors(account.id, lock=True) == Factors(app=True)
    assert not await records.second_factors.remove(other.id)
    assert await records.second_factors.remove(account.id)
    assert await records.second_factors.factors(account.id) == Factors()


async def test_one_secret_waits_for_its_first_code(records: Records) -> None:
    account = an_account()
    await add(records, account)
    first = Enrolment(account.id, "s1", b"first", NOW)
    second = replace(first, sealed=b"second", started_at=NOW + timedelta(minutes=1))
    for started in (first, second):
        await records.second_factors.begin(started)
        assert await records.second_factors.enrolment(account.id) == started
    assert await records.second_factors.factors(account.id) == Factors()
    assert await records.second_factors.delete_enrolments(second.started_at) == 0
    assert await records.second_factors.delete_enrolments(second.started_at + timedelta(seconds=1)) == 1
    assert await records.second_factors.enrolment(account.id) is None


async def test_a_recovery_code_works_once_and_for_its_account_alone(records: Records) -> None:
    anna, berta = an_account("anna"), an_account("berta")
    await add(records, anna, berta)
    await records.recovery_codes.replace(anna.id, [b"1", b"2"])
    assert not await records.recovery_codes.use(berta.id, [b"1"])
    assert [await records.recovery_codes.use(anna.id, [b"x", b"1"]) for _ in range(2)] == [True, False]
    assert (await records.second_factors.factors(anna.id)).recovery_codes == 1
    await records.recovery_codes.replace(anna.id, [b"3"])
    assert not await records.recovery_codes.use(anna.id, [b"2"])
    await records.recovery_codes.replace(anna.id, [])
    assert not await records.recovery_codes.use(anna.id, [b"3"])


def a_passkey(account: Account, credential_id: bytes = b"credential", **changes: Any) -> Passkey:
    values: dict[str, Any] = {
        "id": uuid4(),
        "account_id": account.id,
        "credential_id": credential_id,
        "public_key": b"public",
        "sign_count": 0,
        "name": "Laptop",
        "created_at": NOW,
    }
    return Passkey(**(values | changes))


async def test_passkeys_are_kept_whole_and_belong_to_one_account(records: Records) -> None:
    anna, berta = an_account("anna"), an_account("berta")
    await add(records, anna, berta)
    first, second = a_passkey(anna), a_passkey(anna, b"other", created_at=NOW + timedelta(days=1))
    assert [await records.passkeys.add(each) for each in (second, first)] == [True, True]
    assert not await records.passkeys.add(a_passkey(berta))
    assert await records.passkeys.of_account(anna.id) == [first, second]
    assert await records.passkeys.find(b"credential") == first
    assert await records.passkeys.find(b"unknown") is None
    assert await records.second_factors.factors(anna.id) == Factors(passkeys=2)
    for change in (records.passkeys.remove(berta.id, first.id), records.passkeys.rename(berta.id, first.id, "x")):
        assert not await change
    assert await records.passkeys.rename(anna.id, first.id, "Telefon")
    assert await records.passkeys.remove(anna.id, second.id)
    assert await records.passkeys.of_account(anna.id) == [replace(first, name="Telefon")]


async def test_sec_a16_a_sign_count_only_grows_unless_the_device_does_not_count(records: Records) -> None:
    account = an_account()
    await add(records, account)
    passkey = a_passkey(account)
    await records.passkeys.add(passkey)
    accept = records.passkeys.accept
    counts = (0, 0, 5, 5, 4, 0, 6)
    assert [await accept(passkey.id, count, NOW) for count in counts] == [True, True, True, False, False, False, True]
    assert await records.passkeys.find(b"credential") == replace(passkey, sign_count=6, last_used_at=NOW)


async def test_sec_a16_a_challenge_is_taken_once_for_its_purpose_and_account_and_in_time(records: Records) -> None:
    account, other = an_account("anna"), an_account("berta")
    await add(records, account, other)
    purpose, end = CeremonyPurpose.GIVE_FACTOR, NOW + CEREMONY_LIFETIME
    mine = Ceremony(id=uuid4(), purpose=purpose, account_id=account.id, challenge=b"mine", expires_at=end)
    anyones = Ceremony(id=uuid4(), purpose=CeremonyPurpose.LOG_IN, account_id=None, challenge=b"any", expires_at=end)
    for ceremony in (mine, anyones):
        await records.ceremonies.add(ceremony)
    take = records.ceremonies.take
    assert await take(mine.id, CeremonyPurpose.CONFIRM, account.id, NOW) is None
    assert await take(mine.id, purpose, other.id, NOW) is None
    assert await take(mine.id, purpose, None, NOW) is None
    assert await take(mine.id, purpose, account.id, end) is None
    assert [await take(mine.id, purpose, account.id, NOW) for _ in range(2)] == [b"mine", None]
    assert await records.ceremonies.delete_expired(NOW) == 0
    assert await records.ceremonies.delete_expired(end) == 1
    assert await take(anyones.id, CeremonyPurpose.LOG_IN, None, NOW) is None
