"""The tool for catalogues: what it finds, what it writes, and that our own catalogues are whole."""

from pathlib import Path

import pytest

from ui.catalogues import LANGUAGES, check, find_packages, main, update
from ui.translations import load_translations
from ui_site import ROOT


@pytest.fixture
def root(tmp_path: Path) -> Path:
    package = tmp_path / "services" / "shop" / "src" / "shop"
    (package / "templates").mkdir(parents=True)
    (package / "locales").mkdir()
    (package / "pages.py").write_text('from ui.translations import N_\nFAULT = N_("Enter %(what)s")\n')
    (package / "templates" / "a.html").write_text(
        '{{ _("Buy") }}{{ ngettext("%(num)s shoe", "%(num)s shoes", n) }}'
        "{% trans trimmed name=n %}\n Dear {{ name }},\n welcome {% endtrans %}"
    )
    return tmp_path


def german(root: Path) -> Path:
    return root / "services" / "shop" / "src" / "shop" / "locales" / "de.po"


def test_messages_of_code_and_templates_are_missing_at_first(root: Path) -> None:
    findings = check(root)
    messages = ("Buy", "Enter %(what)s", "%(num)s shoe", "Dear %(name)s, welcome")
    for language in LANGUAGES:
        for message in messages:
            assert f"shop/{language}: missing: {message!r}" in findings
    assert len(findings) == 2 * len(messages)


def test_update_fills_english_and_leaves_german_to_people(root: Path) -> None:
    update(root)
    assert {finding.split(": ")[0] for finding in check(root)} == {"shop/de"}
    assert {finding.split(": ")[1] for finding in check(root)} == {"untranslated"}


def test_update_twice_changes_nothing(root: Path) -> None:
    update(root)
    before = german(root).read_text()
    update(root)
    assert german(root).read_text() == before


@pytest.mark.parametrize(
    ("old", "new", "finding"),
    [
        ('msgid "Buy"', '#, fuzzy\nmsgid "Buy"', "fuzzy: 'Buy'"),
        ('msgid "Buy"', 'msgid "Sell"', "obsolete: 'Sell'"),
        ('msgstr "%(what)s"', 'msgstr "%(who)s"', "other placeholders than the id: 'Enter %(what)s'"),
        ('msgstr "Kaufen"', 'msgstr "Jetzt kaufen. Jetzt kaufen. "', "translated twice in one: 'Buy'"),
        ('msgstr "Kaufen"', 'msgstr "Jetzt kaufen.Kaufen Sie jetzt."', "translated twice in one: 'Buy'"),
    ],
)
def test_each_fault_is_found(root: Path, old: str, new: str, finding: str) -> None:
    update(root)
    text = german(root).read_text().replace('msgid "Buy"\nmsgstr ""', 'msgid "Buy"\nmsgstr "Kaufen"')
    text = text.replace('msgid "Enter %(what)s"\nmsgstr ""', 'msgid "Enter %(what)s"\nmsgstr "%(what)s"')
    german(root).write_text(text.replace(old, new))
    assert f"shop/de: {finding}" in check(root)


def test_update_drops_what_nobody_says_any_more(root: Path) -> None:
    update(root)
    (root / "services" / "shop" / "src" / "shop" / "pages.py").write_text("")
    update(root)
    assert "Enter" not in german(root).read_text()


def test_the_tool_says_how_many_findings_there_are(root: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["--check", str(root)]) == 1
    assert "8 findings" in capsys.readouterr().out
    assert main(["--update", str(root)]) == 1


def test_our_own_catalogues_are_whole() -> None:
    assert [finding for finding in check(ROOT / "ui") if finding.startswith("ui/")] == []


def test_what_ui_translates_needs_no_second_translation() -> None:
    names = [package.name for package in find_packages(ROOT)]
    assert names[0] == "ui"


def test_a_package_without_catalogue_says_its_ids() -> None:
    assert load_translations("de", ["ui_gallery"]).gettext("Settings") == "Settings"
    assert load_translations("de", ["ui", "ui_gallery"]).gettext("Settings") == "Einstellungen"
