"""Which language wins."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ui.language import language_of
from ui_site import Visitor, make_request

LANGUAGES = ("de", "en")


@pytest.mark.parametrize(
    ("query", "cookie", "account", "accepted", "expected"),
    [
        ("lang=en", "de", "de", "de", "en"),
        ("lang=xx", "en", "de", "de", "en"),
        ("", "xx", "en", "de", "en"),
        ("", "", "", "en-GB,en;q=0.9,de;q=0.8", "en"),
        ("", "", "", "fr, en;q=0.5, de;q=0.7", "de"),
        ("", "", "", "en;q=0, fr", "de"),
        ("", "", "", "en;q=nonsense", "de"),
        ("", "", "", "", "de"),
    ],
)
def test_asked_for_chosen_account_browser_brand(
    query: str, cookie: str, account: str, accepted: str, expected: str
) -> None:
    visitor = Visitor(language=account) if account else None
    headers = {"cookie": f"language={cookie}", "accept_language": accepted}
    assert language_of(make_request("/", visitor=visitor, query=query, **headers), LANGUAGES) == expected


@given(st.text(st.characters(max_codepoint=255), max_size=60))
def test_any_header_gives_a_language_of_the_brand(header: str) -> None:
    request = make_request("/")
    request.scope["headers"] = [(b"accept-language", header.encode("latin-1"))]
    assert language_of(request, LANGUAGES) in LANGUAGES
