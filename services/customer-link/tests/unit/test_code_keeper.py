"""Codes as they are kept, through a change of keys."""

import base64
from uuid import uuid4

from chassis.key_ring import KeyRing
from customer_link.adapters.code_keeper import SealingKeeper
from customer_link_builders import a_code

OLD = "k1:" + base64.b64encode(b"o" * 32).decode()
NEW = "k2:" + base64.b64encode(b"n" * 32).decode()


def test_after_a_rotation_old_codes_are_found_and_read_and_new_ones_are_kept_under_the_new_key() -> None:
    before, after = SealingKeeper(KeyRing.parse(OLD)), SealingKeeper(KeyRing.parse(f"{NEW},{OLD}"))
    code_id = uuid4()
    kept = before.keep(code_id, a_code())
    assert kept.mac in after.macs(a_code())
    assert after.open(code_id, kept) == a_code()
    renewed = after.keep(code_id, a_code())
    assert (kept.key_id, renewed.key_id) == ("k1", "k2")
    assert renewed.mac != kept.mac


def test_without_its_key_a_code_is_neither_found_nor_read() -> None:
    kept = SealingKeeper(KeyRing.parse(OLD)).keep(code_id := uuid4(), a_code())
    stranger = SealingKeeper(KeyRing.parse(NEW))
    assert kept.mac not in stranger.macs(a_code())
    assert stranger.open(code_id, kept) is None


def test_a_sealed_copy_opens_for_its_own_code_only() -> None:
    keeper = SealingKeeper(KeyRing.parse(OLD))
    kept = keeper.keep(uuid4(), a_code())
    assert keeper.open(uuid4(), kept) is None
    assert a_code().encode() not in kept.sealed
