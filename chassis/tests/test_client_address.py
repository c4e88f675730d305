import pytest
from starlette.requests import Request

from chassis.client_address import client_address


@pytest.mark.parametrize(
    ("host", "expected"),
    [
        ("203.0.113.9", "203.0.113.9"),
        ("2001:db8:1:2:3:4:5:6", "2001:db8:1:2::/64"),
        ("2001:db8:1:2::1", "2001:db8:1:2::/64"),
        ("::ffff:203.0.113.9", "203.0.113.9"),
        ("testclient", "unknown"),
    ],
)
def test_address_counts_for_one_person(host: str, expected: str) -> None:
    assert client_address(Request({"type": "http", "client": (host, 1), "headers": []})) == expected


def test_no_address_is_counted_too() -> None:
    assert client_address(Request({"type": "http", "client": None, "headers": []})) == "0.0.0.0"
