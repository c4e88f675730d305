"""Brand packs: both are whole, and a broken one says what is wrong."""

import shutil
from pathlib import Path
from uuid import UUID

import pytest

from ui.brand import Brand, BrandError, Link, demo_id
from ui_site import BRANDS, ROOT, load_brand

PAGES = ("imprint", "privacy", "accessibility", "help")


@pytest.fixture
def pack(tmp_path: Path) -> Path:
    return Path(shutil.copytree(ROOT / "brands" / "musik", tmp_path / "musik"))


@pytest.mark.parametrize("name", BRANDS)
def test_every_language_has_every_text_and_every_page(name: str) -> None:
    brand = load_brand(name)
    assert brand.languages == ("de", "en")
    assert {frozenset(texts) for texts in brand.texts.values()} == {frozenset(brand.texts["de"])}
    for language in brand.languages:
        for page in PAGES:
            assert (brand.dir / "pages" / language / f"{page}.md").is_file()
            assert brand.page(page, language).title


def test_both_packs_have_the_same_texts() -> None:
    assert load_brand("musik").texts["de"].keys() == load_brand("software").texts["de"].keys()


@pytest.mark.parametrize("name", BRANDS)
def test_labels_exist_in_every_language(name: str) -> None:
    brand = load_brand(name)
    tables = [link.label for link in (*brand.navigation, *brand.profile)]
    tables += [brand.hotline.label, brand.hotline.hours_text]
    tables += [entry["label"] for entry in brand.section("customer_link")["types"]]
    tables += [entry["label"] for entry in brand.section("ticketing")["kinds"]]
    assert all(set(table) == set(brand.languages) for table in tables)


def test_the_hint_on_other_credentials_stands_in_the_words_of_the_seed() -> None:
    words = (
        "Ihre Zugangsdaten für das Serviceportal gelten hier nicht, bitte registrieren Sie sich zusätzlich als Kunde."
    )
    brand = load_brand("musik")
    for place in ("start.hint", "login.hint", "register.hint"):
        assert brand.text(place, "de").endswith(words)
    assert brand.text("register.existing", "de").startswith(
        "Sollten Sie bereits über ein Benutzerkonto für die Meldung von Veranstaltungen verfügen, "
        "so entfällt dieser Schritt."
    )


def test_a_text_falls_back_to_the_base_language_and_an_unknown_one_is_an_error(pack: Path) -> None:
    (pack / "texts" / "en.toml").write_text('[start]\nclaim = "You want music"\n')
    brand = Brand.load(pack)
    assert brand.text("start.claim", "en") == "You want music"
    assert brand.text("start.lead", "en") == "Anmelden oder Benutzerkonto erstellen:"
    with pytest.raises(BrandError, match=r"start\.nothing"):
        brand.text("start.nothing", "de")


def test_a_missing_page_falls_back_and_an_unknown_one_is_an_error(pack: Path) -> None:
    (pack / "pages" / "en" / "imprint.md").unlink()
    brand = Brand.load(pack)
    assert brand.page("imprint", "en").title == "Impressum"
    for name in ("nothing", "../texts/de"):
        with pytest.raises(BrandError):
            brand.page(name, "de")


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ('id = "musik"', 'id = "Musik!"', "id"),
        ('dial = "+43507170"', 'dial = "050 717"', "dial"),
        ('path = "/tickets"', 'path = "tickets"', "path"),
        ('name = "tonrecht"', "", "name"),
        ('id = "musik"', "id = ", "brand.toml"),
    ],
)
def test_a_wrong_entry_is_named_with_its_file(pack: Path, old: str, new: str, said: str) -> None:
    file = pack / "brand.toml"
    file.write_text(file.read_text("utf-8").replace(old, new, 1), "utf-8")
    with pytest.raises(BrandError, match=said) as caught:
        Brand.load(pack)
    assert "brand.toml" in str(caught.value)


def test_a_missing_pack_and_a_missing_table_are_named(tmp_path: Path) -> None:
    with pytest.raises(BrandError, match="missing"):
        Brand.load(tmp_path)
    with pytest.raises(BrandError, match=r"\[nothing\]"):
        load_brand("musik").section("nothing")


@pytest.mark.parametrize(
    ("audience", "strangers", "customers", "staff"),
    [("anyone", True, True, True), ("customer", False, True, False), ("staff", False, False, True)],
)
def test_who_sees_an_entry(audience: str, strangers: bool, customers: bool, staff: bool) -> None:
    link = Link.model_validate({"path": "/x", "label": {"de": "X"}, "audience": audience})
    assert link.shown_to(signed_in=False, staff=False) is strangers
    assert link.shown_to(signed_in=True, staff=False) is customers
    assert link.shown_to(signed_in=True, staff=True) is staff


def test_an_entry_leads_to_what_lies_below_it_but_not_beside_it() -> None:
    link = Link.model_validate({"path": "/tickets", "label": {}})
    assert link.leads_to("/tickets")
    assert link.leads_to("/tickets/1")
    assert not link.leads_to("/ticketsx")
    start = Link.model_validate({"path": "/", "label": {}})
    assert not start.leads_to("/tickets")


def test_demo_ids_are_the_same_everywhere_and_always() -> None:
    assert demo_id("account", "anna") == UUID("7eb32032-6aa5-5c2a-bfee-c23e5e68538c")
    assert demo_id("account", "anna") != demo_id("ticket", "anna")
