"""What one service emits and another tells by mail is the same set of words."""

from identity.domain.security_change import TOLD_BY_LINK, SecurityChange
from notification.security_letters import CHANGES


def test_every_change_of_an_account_has_its_letter() -> None:
    assert set(CHANGES) == {change.value for change in SecurityChange} - TOLD_BY_LINK
