"""Small rules: numbers as they are typed, places under a limit, keys that were rotated."""

import base64
from uuid import UUID

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from chassis.key_ring import KeyRing
from customer_link.adapters.code_keeper import SealingKeeper
from customer_link.domain.customer_number import number_key, read_number
from customer_link.domain.link_slots import free_slot
from customer_link_builders import KEEPER, KEYS, a_code


@pytest.mark.parametrize(
    "typed", ["4711 0702", "4711-0702", "47110702", " 4711\u00a00702 ", "4711\u20130702", "4711.0702"]
)
def test_blanks_and_dashes_of_a_number_do_not_matter(typed: str) -> None:
    assert number_key(typed) == "47110702"


@pytest.mark.parametrize(
    "label",
    [
        "Kundennummer: ",
        "kundennummer ",
        "KUNDEN-NR. ",
        "Kundennr.:",
        " Kunden-Nummer =",
        "Customer number: ",
        "Customer no. ",
    ],
)
def test_the_label_that_was_pasted_with_a_number_does_not_matter(label: str) -> None:
    assert read_number(f"{label}4711 0702 ") == "47110702"
    assert read_number(f"{label}K-4711") == "K4711"


@pytest.mark.parametrize("number", ["Kunde-7", "NR 12", "Kundennrx7"])
def test_a_number_that_only_looks_like_a_label_stays_whole(number: str) -> None:
    assert read_number(number) == number_key(number)


@given(st.text())
def test_a_number_is_read_once_for_all(typed: str) -> None:
    assert number_key(number_key(typed)) == number_key(typed)


@given(st.sets(st.integers(1, 30)), st.integers(1, 20))
@example({2}, 1)
def test_the_lowest_free_place_is_taken(taken: set[int], limit: int) -> None:
    slot = free_slot(taken, limit)
    if slot is None:
        assert len(taken) >= limit
    else:
        assert len(taken) < limit
        assert slot not in taken
        assert set(range(1, slot)) <= taken


def test_codes_are_found_and_opened_after_a_change_of_keys() -> None:
    kept = KEEPER.keep(UUID(int=1), a_code())
    rotated = SealingKeeper(KeyRing.parse(f"k2:{base64.b64encode(b'n' * 32).decode()},{KEYS}"))
    assert kept.mac in rotated.macs(a_code())
    assert rotated.open(UUID(int=1), kept) == a_code()
    assert rotated.open(UUID(int=2), kept) is None
    assert rotated.keep(UUID(int=1), a_code()).key_id == "k2"
    assert KEEPER.open(UUID(int=1), rotated.keep(UUID(int=1), a_code())) is None
    assert a_code().encode() not in kept.sealed + kept.mac
