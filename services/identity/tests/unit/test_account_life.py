"""The life of accounts on the fakes."""

from hypothesis import settings
from hypothesis.stateful import run_state_machine_as_test

from account_life import AccountLife
from account_life_model import InMemory


def test_whatever_happens_to_accounts_they_stay_what_the_model_says() -> None:
    run_state_machine_as_test(
        lambda: AccountLife(InMemory()),
        settings=settings(max_examples=150, stateful_step_count=40),
    )
