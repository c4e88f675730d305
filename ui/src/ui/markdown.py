"""Markdown to safe HTML: pages of the brand, news, topics. No raw HTML, no images, an allowlist at the end."""

from dataclasses import dataclass

import nh3
from markdown_it import MarkdownIt
from markupsafe import Markup

_MARKDOWN = MarkdownIt("commonmark", {"html": False, "linkify": False}).enable("table").disable("image")
_TAGS = {
    *("p", "br", "hr", "h2", "h3", "h4", "ul", "ol", "li", "strong", "em", "code", "pre", "blockquote", "a"),
    *("table", "thead", "tbody", "tr", "th", "td"),
}
_ATTRIBUTES = {"a": {"href", "title"}, "ol": {"start"}}
_SCHEMES = {"http", "https", "mailto", "tel"}


@dataclass(frozen=True, slots=True)
class Document:
    """A page written in Markdown: its heading, and everything below it as safe HTML."""

    title: str
    body: Markup


def render(text: str) -> Markup:
    """Safe HTML of a Markdown text; remote images and raw HTML come out as nothing or as text."""
    html = nh3.clean(
        _MARKDOWN.render(text),
        tags=_TAGS,
        attributes=_ATTRIBUTES,
        url_schemes=_SCHEMES,
        link_rel="noopener noreferrer",
    )
    return Markup(html)  # noqa: S704 - nh3 has just cleaned it


def read_document(text: str) -> Document:
    """The first line, `# Title`, is the heading; raises ValueError when it is not there."""
    first, _, rest = text.lstrip().partition("\n")
    if not first.startswith("# "):
        raise ValueError("a page begins with a line '# Title'")
    return Document(title=first[2:].strip(), body=render(rest))
