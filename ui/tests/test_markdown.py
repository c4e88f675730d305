"""Markdown is safe whatever somebody writes."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ui.markdown import read_document, render


@pytest.mark.parametrize(
    "text",
    [
        "<script>alert(1)</script>",
        "[x](javascript:alert(1))",
        "![x](https://elsewhere.example/pixel.gif)",
        '<img src=x onerror="alert(1)">',
        "[x](data:text/html;base64,PHNjcmlwdD4=)",
        '<a href="https://x.example" style="position:fixed" onclick="x()">x</a>',
    ],
)
def test_nothing_active_gets_through(text: str) -> None:
    tags = re.findall(r"<[^>]+>", render(text))
    assert not [tag for tag in tags if re.search(r"script|img|on\w+=|style=|javascript:|data:", tag)]


@given(st.text(max_size=200))
def test_any_text_renders_without_active_tags(text: str) -> None:
    assert not re.search(r"<(script|img|style|iframe|svg|form|input)\b", render(text), re.IGNORECASE)


def test_what_people_need_is_there() -> None:
    html = render(
        "## Titel\n\n1. eins\n\n| a | b |\n| - | - |\n| 1 | 2 |\n\n[Hilfe](/help) und [Amt](https://x.example)"
    )
    assert "<h2>Titel</h2>" in html
    assert "<th>a</th>" in html
    assert '<a href="/help"' in html
    assert 'rel="noopener noreferrer"' in html


def test_a_document_has_a_heading_and_the_rest() -> None:
    document = read_document("# Impressum\n\nWien")
    assert document.title == "Impressum"
    assert document.body == "<p>Wien</p>\n"
    with pytest.raises(ValueError, match="Title"):
        read_document("Wien")
