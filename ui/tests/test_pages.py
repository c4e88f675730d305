"""Every component and every error page, in both brands and languages, through the page check."""

import time
from pathlib import Path
from types import SimpleNamespace

import pytest
from jinja2 import TemplateSyntaxError
from starlette.responses import Response

from ui.page_check import check_fragment, check_page
from ui.pages import Pages
from ui.template_loader import CompiledLoader
from ui_site import BRANDS, GALLERY, NOW, ROOT, TICKETS, Visitor, gallery_page, load_brand, make_pages, make_request

PAGES = {name: make_pages(load_brand(name)) for name in BRANDS}


def html(response: Response) -> str:
    return bytes(response.body).decode()


@pytest.mark.parametrize("brand", BRANDS)
@pytest.mark.parametrize("name", GALLERY)
@pytest.mark.parametrize("language", ["de", "en"])
def test_every_gallery_page_passes_the_page_check(brand: str, name: str, language: str) -> None:
    page = gallery_page(PAGES[brand], name, cookie=f"language={language}")
    check_page(html(page))
    assert f'<html lang="{language}">' in html(page)


@pytest.mark.parametrize("status", [400, 403, 404, 405, 409, 413, 418, 422, 429, 500, 502, 503])
def test_an_error_page_hands_back_what_was_typed_but_no_secret(status: int) -> None:
    typed = {"subject": "Mein <Betreff>", "new_password": "geheim-1", "activation_code": "7K4M", "empty": " "}
    page = PAGES["musik"].error(make_request("/x"), status, "something", "0193-af", typed)
    assert page.status_code == status
    check_page(html(page))
    assert "Mein &lt;Betreff&gt;" in html(page)
    assert "geheim-1" not in html(page)
    assert "7K4M" not in html(page)
    assert "0193-af" in html(page)


def test_a_cross_site_form_is_explained_differently_from_a_missing_right() -> None:
    pages, request = PAGES["musik"], make_request("/x")
    refused = html(pages.error(request, 403, "cross_site_request", "1", {}))
    assert "Formular" in refused
    assert refused != html(pages.error(request, 403, "forbidden", "1", {}))


@pytest.mark.parametrize("brand", BRANDS)
@pytest.mark.parametrize("name", ["imprint", "privacy", "accessibility", "help"])
@pytest.mark.parametrize("language", ["de", "en"])
def test_pages_of_the_brand_pass_the_page_check(brand: str, name: str, language: str) -> None:
    request = make_request(f"/{name}", query=f"lang={language}")
    check_page(html(PAGES[brand].document(request, name)))


def test_a_stranger_sees_login_and_no_navigation_for_customers() -> None:
    page = html(PAGES["musik"].error(make_request("/x"), 404, "x", "1", {}))
    assert 'href="/login"' in page
    assert "/logout" not in page
    assert 'href="/customers"' not in page


def test_a_customer_sees_the_profile_menu_and_where_one_is() -> None:
    page = html(gallery_page(PAGES["musik"], "customers"))
    assert '<a href="/customers" aria-current="page">Kundennummern</a>' in page
    assert "Zugeordnete Kundennummern</a></li>" in page
    assert 'href="/settings">Einstellungen' in page
    assert '<form method="post" action="/logout"><button type="submit">Abmelden' in page


def test_the_bell_is_for_people_with_a_session_and_tells_nobody_a_secret_address() -> None:
    loads = 'data-hx-get="/notices/bell"'
    for path, visitor, expected in (("/x", Visitor(), True), ("/c/secret", Visitor(), False), ("/x", None, False)):
        page = html(PAGES["musik"].error(make_request(path, visitor=visitor), 404, "x", "1", {}))
        assert (loads in page) is expected, path
        assert ('href="/notices"' in page) is (visitor is not None), path


def test_a_page_below_an_entry_marks_the_entry_but_not_as_the_page() -> None:
    page = html(gallery_page(PAGES["software"], "ticket"))
    assert '<a href="/tickets" aria-current="true">' in page


def test_staff_see_their_own_navigation() -> None:
    request = make_request("/desk", visitor=Visitor(staff=True))
    page = html(PAGES["software"].error(request, 404, "x", "1", {}))
    assert 'href="/desk" aria-current="page"' in page
    assert 'href="/tickets"' not in page


def test_the_title_of_a_faulty_form_begins_with_the_error_prefix() -> None:
    page = html(gallery_page(PAGES["musik"], "components-faulty"))
    assert "<title>Fehler: Alle Bausteine – tonrecht Service-Portal</title>" in page
    assert '<a href="#email">' in page


def test_typed_text_is_escaped_and_a_password_never_comes_back() -> None:
    page = html(gallery_page(PAGES["musik"], "components-faulty"))
    assert "Seit &lt;gestern&gt; &amp; heute" in page
    assert 'type="password" value' not in page


def test_signed_in_pages_are_not_kept_by_anybody() -> None:
    page = gallery_page(PAGES["musik"], "customers")
    assert page.headers["cache-control"] == "no-store"
    assert page.headers["content-language"] == "de"


def test_the_language_switch_returns_to_this_page_without_the_language_asked_for() -> None:
    page = html(PAGES["musik"].error(make_request("/news", query="lang=en&page=2"), 404, "x", "1", {}))
    assert 'name="next" value="/news?page=2"' in page
    assert 'name="language" value="de"' in page
    assert 'lang="de">Deutsch</button>' in page


def test_outside_the_hours_the_footer_says_when_somebody_answers() -> None:
    sunday = html(gallery_page(PAGES["musik"], "start"))
    assert "wieder am Montag, 23. Nov., ab 09:00 Uhr" in sunday
    monday = make_pages(load_brand("musik"), NOW.replace(day=23))
    assert "nicht besetzt" not in html(gallery_page(monday, "start"))


def test_a_fragment_is_a_part_and_stops_polling_when_it_lacks_the_loading_box() -> None:
    waiting = html(PAGES["musik"].fragment(make_request("/f"), "gallery/fragment.html", since=NOW))
    check_fragment(waiting)
    assert 'data-hx-get="/customers/1/data"' in waiting
    assert 'href="/customers/1"' in waiting


def test_a_template_with_a_mistake_stops_the_start(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "broken_pages" / "templates").mkdir(parents=True)
    (tmp_path / "broken_pages" / "__init__.py").touch()
    (tmp_path / "broken_pages" / "templates" / "x.html").write_text("{% if %}")
    monkeypatch.syspath_prepend(tmp_path)
    with pytest.raises(TemplateSyntaxError):
        Pages(SimpleNamespace(base_url="http://localhost"), load_brand("musik"), "broken_pages")


def test_templates_are_compiled_once_for_all_languages(monkeypatch: pytest.MonkeyPatch) -> None:
    compiled = []
    plain = CompiledLoader.compile_all
    monkeypatch.setattr(CompiledLoader, "compile_all", lambda self, env: (compiled.append(env), plain(self, env)))
    make_pages(load_brand("musik"))
    assert len(compiled) == 1


def test_texts_outside_of_templates_are_translated_with_their_values() -> None:
    pages = PAGES["musik"]
    assert pages.gettext("de")("Settings") == "Einstellungen"
    assert pages.ngettext("de")("Please check one thing", "Please check %(num)s things", 3) == (
        "Bitte prüfen Sie 3 Angaben"
    )
    assert pages.gettext("de")("100 % of %(what)s".replace(" % ", " %% "), what="it") == "100 % of it"


def test_a_page_with_25_rows_costs_a_few_milliseconds() -> None:
    pages, request = PAGES["software"], make_request("/tickets", visitor=Visitor())
    tickets = [TICKETS[index % len(TICKETS)] for index in range(25)]
    spent = []
    for _ in range(10):
        started = time.perf_counter()
        pages.render(request, "gallery/tickets.html", tickets=tickets)
        spent.append(time.perf_counter() - started)
    assert min(spent) < 0.015


def test_class_names_of_kern_stand_in_the_components_only() -> None:
    templates = [path for path in ROOT.glob("**/src/*/templates/**/*.html") if ".venv" not in path.parts]
    outside = [path for path in templates if path.parent != ROOT / "ui/src/ui/templates/components"]
    assert len(outside) >= 3
    assert [str(path) for path in outside if "kern-" in path.read_text("utf-8")] == []
