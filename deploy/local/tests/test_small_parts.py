"""The parts of the local run that need no server."""

import argparse
import stat
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chassis.certificates import Issued
from local_run.bus_choice import AMQP_URL, choose_bus
from local_run.cannot_start import CannotStart
from local_run.certificates import PEERS, renew, renewal_due
from local_run.data_folder import DataFolder, told_as_sentence
from local_run.demo_file import merge_demo
from local_run.free_ports import free_port, is_free
from local_run.options import SERVICES, UpOptions, add_up_options, up_arguments, up_options
from local_run.ports_file import Ports
from local_run.postgres import PostgresServer
from local_run.run_tests import chosen_suites, pytest_of
from local_run.secrets_file import load_secrets
from local_run.source_rules import breaches
from local_run.suite_results import SuiteResult, read_result, report
from local_run.suites import all_suites

NOW = datetime(2026, 11, 22, tzinfo=UTC)


def test_secrets_are_made_once_and_for_the_owner_only(tmp_path: Path) -> None:
    file = tmp_path / "secrets.json"
    first = load_secrets(file, databases_exist=False)
    assert first == load_secrets(file, databases_exist=True)
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    assert len({first["postgres"], first["database_identity"], first["database_bus"]}) == 3
    assert first["challenge_keys"].startswith("k1:")


def test_databases_without_their_secrets_are_refused(tmp_path: Path) -> None:
    with pytest.raises(CannotStart, match="is missing"):
        load_secrets(tmp_path / "secrets.json", databases_exist=True)


def test_certificates_are_made_once_and_renewed_before_they_end(tmp_path: Path) -> None:
    assert renewal_due(tmp_path, NOW)
    renew(tmp_path, NOW)
    assert not renewal_due(tmp_path, NOW + timedelta(days=59))
    later = NOW + timedelta(days=61)
    assert renewal_due(tmp_path, later)
    authority = (tmp_path / "identity" / "ca.pem").read_bytes()
    renew(tmp_path, later)
    assert not renewal_due(tmp_path, later)
    assert (tmp_path / "identity" / "ca.pem").read_bytes() == authority
    for peer in PEERS:
        assert Issued((tmp_path / peer / "cert.pem").read_bytes(), b"").expire_time > later + timedelta(days=80)
        assert stat.S_IMODE((tmp_path / peer / "key.pem").stat().st_mode) == 0o600


def test_a_brand_pack_may_lie_anywhere(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    pack, folder = tmp_path / "packs" / "verein", DataFolder(tmp_path / "data")
    pack.mkdir(parents=True)
    with folder.opened():
        with pytest.raises(CannotStart, match="no brand pack"):
            folder.brand(str(pack))
        (pack / "brand.toml").touch()
        monkeypatch.chdir(tmp_path)
        assert folder.brand("packs/verein") == str(pack)
        folder.keep_brand(str(pack))
        assert folder.brand(None) == folder.brand(str(pack)) == str(pack)


def test_a_folder_belongs_to_its_first_brand_and_to_one_run(tmp_path: Path) -> None:
    folder = DataFolder(tmp_path / "data")
    with folder.opened():
        assert folder.brand("software") == "software"
        folder.keep_brand("software")
        assert folder.brand(None) == "software"
        with pytest.raises(CannotStart, match="belongs to the brand 'software'"):
            folder.brand("musik")
        with pytest.raises(CannotStart, match="no brand pack 'nope'"):
            folder.brand("nope")
        with pytest.raises(CannotStart, match="already runs"), DataFolder(tmp_path / "data").opened():
            pass


@pytest.mark.parametrize(("number", "sentence"), [(28, "no space left"), (30, "Read-only file system"), (13, "denied")])
def test_a_bad_disk_is_told_in_a_sentence(number: int, sentence: str) -> None:
    with pytest.raises(CannotStart, match=sentence), told_as_sentence(Path("/data")):
        raise OSError(number, "told in code")


def test_a_file_in_the_folders_place_is_told_in_a_sentence(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    with pytest.raises(CannotStart, match="cannot be written"), DataFolder(tmp_path / "file").opened():
        pass


def test_another_postgresql_major_is_refused(tmp_path: Path) -> None:
    data = tmp_path / "postgres"
    data.mkdir()
    (data / "PG_VERSION").write_text("17\n")
    with pytest.raises(CannotStart, match="belongs to PostgreSQL 17, this portal runs 18"):
        PostgresServer(data, "pw").prepare()


def test_ports_are_kept_as_long_as_they_are_free(tmp_path: Path) -> None:
    ports = Ports(tmp_path / "ports.json")
    first = ports.port("mailbox")
    ports.save()
    assert Ports(tmp_path / "ports.json").port("mailbox") == first
    assert is_free(first)
    assert free_port() != free_port()


def test_the_bus_is_what_is_given_then_what_is_installed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(AMQP_URL, "amqp://u:secret@broker:5672/")
    assert choose_bus("auto").url == "amqp://u:secret@broker:5672/"
    assert "secret" not in choose_bus("auto").name
    assert not choose_bus("local").url
    monkeypatch.delenv(AMQP_URL)
    monkeypatch.setattr("local_run.bus_choice.find_rabbitmq_server", lambda: None)
    assert choose_bus("auto").name.startswith("local")
    with pytest.raises(CannotStart, match="no RabbitMQ"):
        choose_bus("amqp")


@given(
    st.builds(
        UpOptions,
        data=st.just(Path("/data")),
        port=st.integers(1, 65535),
        brand=st.sampled_from([None, "musik", "software"]),
        bus=st.sampled_from(["auto", "amqp", "local"]),
        scale=st.dictionaries(st.sampled_from(SERVICES), st.integers(1, 20)),
        tls=st.booleans(),
    )
)
def test_a_detached_run_gets_the_same_options(options: UpOptions) -> None:
    parser = argparse.ArgumentParser()
    add_up_options(parser)
    assert up_options(parser.parse_args(up_arguments(options))) == options


def test_the_demo_file_joins_what_the_services_tell_and_tells_no_keys() -> None:
    login = {"username": "anna", "password": "p"}
    staff = {"username": "tarek", "password": "p", "totp_secret": "S", "roles": ["agent"]}
    code = {"customer_number": "4711 0702", "type": "gastronomie", "code": "X", "valid_until": "2027-01-01"}
    merged = merge_demo(
        {
            "identity": {"staff": [{"key": "tarek", **staff}], "customers": [{"key": "anna", **login}]},
            "customer-link": {
                "customers": [{"key": "anna", "organisation": "Gasthaus", "customer_numbers": ["4711 0702"]}],
                "codes": [{"key": "c", **code}],
                "contacts": [{"key": "k", "email": "a@b.example", "organisation": "Gasthaus"}],
            },
        }
    )
    assert merged == {
        "staff": [staff],
        "customers": [{**login, "organisation": "Gasthaus", "customer_numbers": ["4711 0702"]}],
        "codes": [code],
        "contacts": [{"email": "a@b.example", "organisation": "Gasthaus"}],
    }


def test_house_rules_find_what_they_are_for() -> None:
    long_function = "def f():\n" + "    x = 1\n" * 40
    assert list(breaches("services/x/src/x/utils.py", "")) != []
    assert list(breaches("services/x/src/x/a.py", long_function)) != []
    assert list(breaches("services/x/src/x/a.py", "x = 1\n" * 301)) != []
    assert list(breaches("chassis/src/chassis/a.py", "x = 1\n" * 201)) != []
    assert list(breaches("services/x/tests/test_a.py", "x = 1\n" * 301)) == []
    assert list(breaches("services/x/src/x/domain/a.py", "import sqlalchemy\n")) != []
    assert list(breaches("services/x/src/x/domain/a.py", "import re\nfrom x.domain.b import c\n")) == []


def test_results_are_summed_as_pytest_writes_them(tmp_path: Path) -> None:
    file = tmp_path / "a.xml"
    file.write_text(
        '<testsuites><testsuite><testcase name="a"/><testcase name="b"><failure message="x"/></testcase>'
        '<testcase name="c"><skipped message="no RabbitMQ"/></testcase></testsuite></testsuites>'
    )
    result = read_result("chassis", 1.5, 1, file)
    assert result == SuiteResult("chassis", 1.5, 1, 1, 1, ("no RabbitMQ",))
    text = report([result, read_result("ui", 0.5, 3, tmp_path / "none.xml")])
    assert "1 x no RabbitMQ" in text
    assert text.splitlines()[-1].strip("= ") == "2 failed, 1 passed, 1 skipped in 2.00s"


def test_a_million_rows_are_for_all_or_for_who_names_them() -> None:
    def names(*named: str, everything: bool) -> list[str]:
        return [suite.name for suite in chosen_suites(named, everything=everything)]

    assert "million" not in names(everything=False)
    assert "million" in names(everything=True)
    assert names("million", everything=False) == ["million"]


def test_the_journeys_are_walked_for_both_brands_and_on_both_buses() -> None:
    journeys = {
        (suite.environment["PORTAL_TEST_BRAND"], suite.environment["PORTAL_TEST_BUS"])
        for suite in all_suites()
        if suite.name.startswith("journeys")
    }
    assert journeys == {("musik", "amqp"), ("musik", "local"), ("software", "local"), ("mailed", "local")}


def test_the_journeys_of_each_brand_are_walked_in_every_manner_on_one_bus() -> None:
    walked = {suite.name: suite.environment.get("PORTAL_TEST_MANNERS") for suite in all_suites()}
    assert walked["journeys-musik-amqp"] == walked["journeys-software-local"] == "desktop phone no_scripts"
    assert walked["journeys-musik-local"] == "desktop"


def test_usually_only_what_is_about_events_is_walked_on_both_buses_and_with_all_everything_is() -> None:
    suites = {suite.name: suite for suite in all_suites()}
    other = suites.pop("journeys-musik-local")
    assert pytest_of(other, everything=False)[-2:] == ["-m", "either_bus and not slow"]
    assert {suite.usual for suite in suites.values()} == {"not slow"}
    assert all("-m" not in pytest_of(suite, everything=True)[3:] for suite in (other, *suites.values()))
