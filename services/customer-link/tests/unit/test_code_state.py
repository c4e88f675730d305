"""What a code may still do, and when guessing is paused."""

from datetime import timedelta
from uuid import UUID

import pytest

from chassis.testing_edges import START
from customer_link.domain.code_state import GRACE, ActivationCode, CodeState
from customer_link.domain.guesses import PER_ACCOUNT_A_DAY, PER_SOURCE_AN_HOUR, Guesses

SOON = START + timedelta(days=30)


@pytest.mark.parametrize(
    ("state", "usable"),
    [
        (CodeState.ISSUED, True),
        (CodeState.PRINTED, True),
        (CodeState.USED, False),
        (CodeState.WITHDRAWN, False),
        (CodeState.SUPERSEDED, True),
    ],
)
def test_only_open_codes_unlock(state: CodeState, usable: bool) -> None:
    assert ActivationCode(UUID(int=1), UUID(int=2), state, START, SOON, START).usable(START) is usable


def test_a_code_ends_with_its_date_and_a_superseded_one_with_its_grace() -> None:
    code = ActivationCode(UUID(int=1), UUID(int=2), CodeState.ISSUED, START, SOON)
    assert code.usable(SOON - timedelta(seconds=1))
    assert not code.usable(SOON)
    old = ActivationCode(UUID(int=1), UUID(int=2), CodeState.SUPERSEDED, START, SOON, START)
    assert old.usable(START + GRACE - timedelta(seconds=1))
    assert not old.usable(START + GRACE)


def test_limits_pause_until_the_oldest_failure_no_longer_counts() -> None:
    assert Guesses(PER_ACCOUNT_A_DAY - 1, START, PER_SOURCE_AN_HOUR - 1, START, 10_000).paused_until() is None
    assert Guesses(PER_ACCOUNT_A_DAY, START, 0, None, 0).paused_until() == START + timedelta(days=1)
    assert Guesses(0, None, PER_SOURCE_AN_HOUR, START, 0).paused_until() == START + timedelta(hours=1)
