"""What a person tells of themselves: names, postal address, telephone (A3)."""

from dataclasses import asdict, replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from identity.domain.countries import COUNTRIES, WITHOUT_POSTAL_CODES
from identity.domain.profile import FIELDS, LONGEST, Profile
from identity_builders import an_account

WHOLE = Profile(
    salutation="ms",
    first_name="Anna",
    last_name="Muster",
    company="Gasthaus Zum Goldenen Ton",
    street="Ungargasse 12",
    postal_code="1030",
    city="Wien",
    country="AT",
    phone="+43 1 5550 410",
)


def test_a_whole_profile_has_no_problems() -> None:
    assert WHOLE.problems(required=FIELDS) == {}


def test_what_the_brand_insists_on_is_missing_in_the_order_of_the_form() -> None:
    required = ("country", "first_name", "postal_code")
    assert Profile().problems(required) == {
        "first_name": "first_name_missing",
        "postal_code": "postal_code_missing",
        "country": "country_missing",
    }
    assert Profile().problems() == {}


@pytest.mark.parametrize(("name", "longest"), LONGEST.items())
def test_each_text_has_an_end(name: str, longest: int) -> None:
    filled = {"phone": "1" * (longest + 1), "postal_code": "1" * (longest + 1)}.get(name, "a" * (longest + 1))
    assert replace(WHOLE, **{name: filled}).problems() == {name: f"{name}_long"}


@pytest.mark.parametrize(
    ("code", "country"),
    [
        ("1030", "AT"),
        ("88131", "DE"),
        ("8001", "CH"),
        ("9490", "LI"),
        ("SW1A 1AA", "GB"),
        ("110-0007", "JP"),
        ("00-950", "PL"),
        ("1012 AB", "NL"),
        ("", "AE"),
    ],
)
def test_postal_codes_of_many_countries(code: str, country: str) -> None:
    assert replace(WHOLE, postal_code=code, country=country).problems(required=("postal_code",)) == {}


@pytest.mark.parametrize(
    ("code", "country"), [("103", "AT"), ("0103", "AT"), ("1030", "DE"), ("80010", "CH"), ("1030", "LI"), ("?!", "GB")]
)
def test_postal_codes_that_cannot_be(code: str, country: str) -> None:
    assert replace(WHOLE, postal_code=code, country=country).problems() == {"postal_code": "postal_code_invalid"}


@pytest.mark.parametrize("country", ["Österreich", "A", "XX", "UK", "EU"])
def test_countries_that_are_none(country: str) -> None:
    assert "country" in replace(WHOLE, country=country).problems()


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("+43 1 5550-410", "+43 1 5550-410"),
        ("0043 1 5550410", "+43 1 5550410"),
        ("+43 (0)1 5550410", "+43 1 5550410"),
        ("(01) 555 04 10", "(01) 555 04 10"),
        ("01/5550410", "01/5550410"),
        ("+49 30 123456", "+49 30 123456"),
    ],
)
def test_telephone_numbers_as_people_write_them(typed: str, kept: str) -> None:
    profile = replace(WHOLE, phone=typed).cleaned()
    assert (profile.phone, profile.problems()) == (kept, {})


@pytest.mark.parametrize("typed", ["12345", "+1234567890123456", "call me", "+43 1 555 ext", "++43 1 555041"])
def test_telephone_numbers_that_nobody_can_dial(typed: str) -> None:
    assert replace(WHOLE, phone=typed).cleaned().problems() == {"phone": "phone_invalid"}


@pytest.mark.parametrize(
    "name", ["Jean-Luc", "O’Neill", "D'Arcy", "María José", "Nguyễn", "Łukasz", "李小龍", "Мария", "van der Berg"]
)
def test_names_are_what_people_are_called(name: str) -> None:
    assert replace(WHOLE, first_name=name, last_name=name).cleaned().problems() == {}


@pytest.mark.parametrize("name", ["https://evil.example", "<b>Anna</b>", "a@b.example", "evil.example/win", "---"])
def test_a_name_is_no_advertisement(name: str) -> None:
    """Names stand in mails to addresses that somebody else may own: a link there would be sent in our name."""
    assert replace(WHOLE, first_name=name).problems() == {"first_name": "first_name_invalid"}


def test_signs_that_turn_or_hide_text_are_dropped() -> None:
    assert replace(WHOLE, city=" \u202eWien\u200f\x00 ").cleaned().city == "Wien"
    assert replace(WHOLE, company="Gast\nhaus\u2028A").cleaned().company == "Gast haus A"


@given(st.builds(Profile, **dict.fromkeys(FIELDS, st.text(max_size=40))))
def test_cleaning_twice_is_cleaning_once(profile: Profile) -> None:
    assert profile.cleaned().cleaned() == profile.cleaned()


@given(st.builds(Profile, **dict.fromkeys(FIELDS, st.text(max_size=200))), st.sets(st.sampled_from(FIELDS)))
def test_whatever_is_typed_gets_a_code_of_its_own_field(profile: Profile, required: set[str]) -> None:
    for name, code in profile.cleaned().problems(required).items():
        assert code in {f"{name}_missing", f"{name}_long", f"{name}_invalid"}


@given(st.sampled_from(sorted(COUNTRIES)))
def test_an_empty_postal_code_is_missing_only_where_there_are_some(country: str) -> None:
    found = replace(WHOLE, postal_code="", country=country).problems(required=("postal_code",))
    assert ("postal_code" in found) == (country not in WITHOUT_POSTAL_CODES)


def test_an_account_gives_its_profile_and_takes_it_back() -> None:
    account = replace(an_account(), **asdict(WHOLE))
    assert account.profile == WHOLE
    assert replace(account, **asdict(account.profile)) == account


def test_a_company_without_people_goes_by_its_name() -> None:
    assert Profile(company="Gasthaus").display_name == "Gasthaus"
    assert WHOLE.display_name == "Anna Muster"
