"""What operations do by hand, and the demo data of both brands (A4, S1)."""

import json
from pathlib import Path

import pyotp
import pytest
from argon2 import PasswordHasher

from chassis.errors import DomainError
from identity.__main__ import main
from identity.app import make_admin
from identity_harness import BASE_URL, BRANDS, KEY, PASSWORD, Portal
from ui.brand import Brand, demo_id


async def log_in(portal: Portal, username: str, password: str) -> str:
    answer = await portal.browser().post("/login", data={"login": username, "password": password})
    return str(answer.headers.get("location", answer.status_code))


async def test_demo_people_of_each_brand_can_log_in(portal: Portal, software: Portal) -> None:
    for site in (portal, software):
        told = await make_admin(site.core).load_demo()
        assert len(told["staff"]) >= 6
        for person in told["staff"]:
            assert await log_in(site, person["username"], person["password"]) == "/login/code"
        for person in told["customers"]:
            assert await log_in(site, person["username"], person["password"]) == "/"


async def test_demo_staff_can_make_codes(portal: Portal) -> None:
    person = (await make_admin(portal.core).load_demo())["staff"][0]
    await portal.client.post("/login", data={"login": person["username"], "password": person["password"]})
    code = pyotp.TOTP(person["totp_secret"]).at(portal.clock())
    assert (await portal.client.post("/login/code", data={"code": code})).headers["location"] == "/"


async def test_loading_twice_changes_nothing_and_tells_the_same(portal: Portal) -> None:
    admin = make_admin(portal.core)
    first, events = await admin.load_demo(), len(await portal.events())
    assert await admin.load_demo() == first
    assert len(await portal.events()) == events


async def test_ids_follow_from_the_keys(portal: Portal) -> None:
    await make_admin(portal.core).load_demo()
    entry = Brand.load(BRANDS / "musik").demo()["account"][0]
    assert (await portal.account(entry["username"])).id == demo_id("account", entry["key"])


async def test_added_staff_set_their_password_by_mail_and_come_in_with_both_factors(portal: Portal) -> None:
    admin = make_admin(portal.core)
    told = await admin.add_staff(username="m.bauer", email="m.bauer@x.example", name="Max Bauer", roles=["agent"])
    await portal.client.post("/password/forgot", data={"login": "m.bauer"})
    await portal.client.post(await portal.last_link(), data={"password": PASSWORD})
    assert await log_in(portal, "m.bauer", PASSWORD) == "/login/code"
    await portal.client.post("/login", data={"login": "m.bauer", "password": PASSWORD})
    code = pyotp.parse_uri(told["otpauth"]).at(portal.clock())
    assert (await portal.client.post("/login/code", data={"code": code})).headers["location"] == "/"


async def test_the_user_name_of_added_staff_is_their_address_or_holds_none(portal: Portal) -> None:
    admin, staff = make_admin(portal.core), {"email": "m.bauer@x.example", "name": "Max Bauer", "roles": ["agent"]}
    for wrong, code in (("director@x.example", "username_characters"), ("mb", "username_length")):
        with pytest.raises(DomainError, match=code):
            await admin.add_staff(username=wrong, **staff)
    told = await admin.add_staff(username="M.Bauer@X.example", **staff)
    assert told["username"] == (await portal.account("m.bauer@x.example")).username == "m.bauer@x.example"


async def test_staff_who_lost_phone_and_codes_get_a_new_factor_at_the_login(portal: Portal) -> None:
    admin = make_admin(portal.core)
    await portal.add_staff("agent")
    assert await admin.reset_factor("agent", "Handy verloren") == {"username": "agent"}
    assert await log_in(portal, "agent", PASSWORD) == "/login/enrol"
    assert (await portal.event_types())[-1] == "account.security_changed"
    for username, code in (("agent", "factor_gone"), ("nobody", "account_unknown")):
        with pytest.raises(DomainError, match=code):
            await admin.reset_factor(username, "")


async def test_imported_accounts_simply_log_in(portal: Portal, tmp_path: Path) -> None:
    stored = PasswordHasher(time_cost=1, memory_cost=16, parallelism=2).hash(PASSWORD)
    file = tmp_path / "accounts.csv"
    file.write_text(
        "username,email,display_name,language,password_hash\n"
        f'alt.bekannt,alt@beispiel.at,Alt Bekannt,de,"{stored}"\n'
        "ohne,keine Adresse,Ohne,de,\n"
        "klartext,k@beispiel.at,Klar Text,de,geheim\n"
        "alt.bekannt,zwei@beispiel.at,Zwei,de,\n"
        "x,x@beispiel.at,Kurz,de,\n",
        "utf-8",
    )
    told = await make_admin(portal.core).import_accounts(file, dry_run=False)
    assert told == {
        "dry_run": False,
        "active": 1,
        "invited": 0,
        "known": 0,
        "refused": 4,
        "bad_lines": [
            {"line": 3, "column": "email", "problem": "email_invalid"},
            {"line": 4, "column": "password_hash", "problem": "password_hash_unknown"},
            {"line": 5, "column": "username", "problem": "username_twice"},
            {"line": 6, "column": "username", "problem": "username_length"},
        ],
    }
    assert await log_in(portal, "alt.bekannt", PASSWORD) == "/"
    renewed = (await portal.account("alt.bekannt")).password_hash
    assert renewed is not None
    assert renewed != stored
    assert await log_in(portal, "alt.bekannt", PASSWORD) == "/"


def test_the_commands_migrate_and_load(
    empty_database: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    for name, value in {
        "BASE_URL": BASE_URL,
        "BRAND_DIR": str(BRANDS / "musik"),
        "DATABASE_URL": empty_database,
        "BUS_URL": "postgresql://x@127.0.0.1:1/bus",
        "HTTP_PORT": "0",
        "GRPC_PORT": "0",
        "MANAGEMENT_PORT": "0",
        "TLS_DIR": "/nonexistent",
        "CHALLENGE_KEYS": f"k1:{KEY}",
        "SECOND_FACTOR_KEYS": f"s1:{KEY}",
        "NOTIFICATION_GRPC": "127.0.0.1:1",
        "CUSTOMER_LINK_GRPC": "127.0.0.1:1",
        "TICKETING_GRPC": "127.0.0.1:1",
        "PASSWORD_PASSES": "1",
        "PASSWORD_MEMORY_KIB": "8",
    }.items():
        monkeypatch.setenv(f"PORTAL_{name}", value)
    assert main(["migrate"]) == 0
    assert main(["migrate"]) == 0
    assert main(["admin", "load-demo"]) == 0
    told = json.loads(capsys.readouterr().out)
    assert {"key", "username", "password", "totp_secret", "roles"} == set(told["staff"][0])
    assert {"key", "username", "password"} == set(told["customers"][0])
    assert main(["admin", "add-staff", "m.bauer", "keine Adresse", "Max", "agent"]) == 2
    assert "email_invalid" in capsys.readouterr().err


async def test_demo_customers_have_whole_profiles(portal: Portal, software: Portal) -> None:
    for site in (portal, software):
        for person in (await make_admin(site.core).load_demo())["customers"]:
            profile = (await site.account(person["username"])).profile
            assert profile.display_name
            assert profile.problems() == {}


async def test_imported_lines_bring_their_address_along(portal: Portal, tmp_path: Path) -> None:
    file = tmp_path / "accounts.csv"
    file.write_text(
        "username,email,first_name,last_name,street,postal_code,city,country,phone\n"
        "alt.eins,eins@beispiel.at, Änne ,Alt,Ungargasse 12,1030,Wien,at,0043 1 5550410\n"
        "alt.zwei,zwei@beispiel.at,Zwei,Alt,,103,Wien,AT,\n",
        "utf-8",
    )
    told = await make_admin(portal.core).import_accounts(file, dry_run=False)
    assert (told["invited"], told["refused"]) == (1, 1)
    assert told["bad_lines"] == [{"line": 3, "column": "postal_code", "problem": "postal_code_invalid"}]
    account = await portal.account("alt.eins")
    assert (account.display_name, account.country, account.phone) == ("Änne Alt", "AT", "+43 1 5550410")
