"""One contract for the stores of second factors: the fakes of the unit tests keep it as PostgreSQL does."""

from dataclasses import replace
from datetime import timedelta
from uuid import uuid4

from identity.domain.account import Account
from identity.domain.factors import Factors
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
