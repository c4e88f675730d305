"""What every page must be, whatever it says: valid HTML5, one heading, labels, unique ids, nothing inline.

Tests call `check_page` on every page that they load, so each page test is a test of accessibility too (WCAG 2.2).
"""

import itertools
from collections import Counter
from collections.abc import Callable, Iterator
from xml.etree.ElementTree import Element

import html5lib

ERROR_PREFIXES = ("Fehler: ", "Error: ")
_UNLABELLED_TYPES = {"hidden", "submit", "button", "image", "reset"}
_REFERENCES = ("for", "aria-describedby", "aria-labelledby", "aria-controls", "aria-owns")
_CONTROLS = {"input", "select", "textarea"}

Check = Callable[[Element], Iterator[str]]


class PageError(AssertionError):
    """A page breaks rules; the message lists all of them."""


def check_page(html: str) -> None:
    """Raise PageError with everything that is wrong with a whole page."""
    parser = html5lib.HTMLParser(namespaceHTMLElements=False)
    root = parser.parse(html)
    _report([*_parse_errors(parser), *_run(root, [_frame, _headings, *_EVERYWHERE])])


def check_fragment(html: str) -> None:
    """The same for a part of a page."""
    parser = html5lib.HTMLParser(namespaceHTMLElements=False)
    root = parser.parseFragment(html)
    _report([*_parse_errors(parser), *_run(root, _EVERYWHERE)])


def _report(findings: list[str]) -> None:
    if findings:
        raise PageError("\n".join(["the page breaks these rules:", *findings]))


def _run(root: Element, checks: list[Check]) -> Iterator[str]:
    for check in checks:
        yield from check(root)


def _parse_errors(parser: html5lib.HTMLParser) -> Iterator[str]:
    for (line, column), code, data in parser.errors:
        yield f"invalid HTML at line {line}, column {column}: {code} {data}"


def _frame(root: Element) -> Iterator[str]:
    if not root.get("lang"):
        yield "html has no lang"
    if sum(1 for _ in root.iter("main")) != 1:
        yield "there is not exactly one main"


def _headings(root: Element) -> Iterator[str]:
    headings = [_text(heading) for heading in root.iter("h1")]
    if len(headings) != 1:
        yield f"there are {len(headings)} h1, not one"
        return
    title = _text(root.find("head/title"))
    for prefix in ERROR_PREFIXES:
        title = title.removeprefix(prefix)
    if not headings[0] or not title.startswith(headings[0]):
        yield f"the title {title!r} does not begin with the heading {headings[0]!r}"


def _levels(root: Element) -> Iterator[str]:
    levels = [int(str(element.tag)[1]) for element in _elements(root) if element.tag in {"h1", "h2", "h3", "h4"}]
    for above, below in itertools.pairwise(levels):
        if below > above + 1:
            yield f"a heading of level {below} follows one of level {above}"


def _ids(root: Element) -> Iterator[str]:
    counted = Counter(element.get("id") for element in _elements(root) if element.get("id") is not None)
    yield from (f"id {name!r} is there {count} times" for name, count in counted.items() if count > 1)
    for element in _elements(root):
        for attribute in _REFERENCES:
            for name in element.get(attribute, "").split():
                if name not in counted:
                    yield f"{attribute} of {_name(element)} names {name!r}, which is not there"
        target = element.get("href", "")
        if target.startswith("#") and target[1:] not in counted:
            yield f"a link leads to {target!r}, which is not there"


def _labels(root: Element) -> Iterator[str]:
    labelled = {label.get("for") for label in root.iter("label") if _text(label)}
    inside = {id(control) for label in root.iter("label") if _text(label) for control in label.iter()}
    for element in _elements(root):
        if element.tag not in _CONTROLS or element.get("type") in _UNLABELLED_TYPES:
            continue
        named = element.get("aria-label") or element.get("aria-labelledby")
        if not named and element.get("id") not in labelled and id(element) not in inside:
            yield f"{_name(element)} has no label"


def _names(root: Element) -> Iterator[str]:
    for element in _elements(root):
        if element.tag in {"a", "button", "summary", "th", "legend", "caption"} and not _accessible_text(element):
            yield f"{_name(element)} says nothing"
        if element.tag == "img" and element.get("alt") is None:
            yield f"{_name(element)} has no alt"


def _forms(root: Element) -> Iterator[str]:
    for form in root.iter("form"):
        if form.get("method", "").lower() not in {"get", "post"} or not form.get("action"):
            yield f"{_name(form)} has no method or no action"


def _inline(root: Element) -> Iterator[str]:
    for element in _elements(root):
        if element.tag == "style" or element.get("style") is not None:
            yield f"{_name(element)} has inline style"
        if element.tag == "script" and not element.get("src"):
            yield "there is an inline script"
        handlers = [name for name in element.keys() if str(name).startswith("on")]  # noqa: SIM118 - not a mapping
        yield from (f"{_name(element)} has an inline handler {name}" for name in handlers)


def _tab_order(root: Element) -> Iterator[str]:
    for element in _elements(root):
        if element.get("tabindex", "0") not in {"0", "-1"}:
            yield f"{_name(element)} changes the tab order"


_EVERYWHERE: list[Check] = [_levels, _ids, _labels, _names, _forms, _inline, _tab_order]


def _elements(root: Element) -> Iterator[Element]:
    """All elements; comments have no string as their tag."""
    return (element for element in root.iter() if isinstance(element.tag, str))


def _text(element: Element | None) -> str:
    return "" if element is None else " ".join("".join(element.itertext()).split())


def _accessible_text(element: Element) -> str:
    pictures = " ".join(image.get("alt", "") for image in element.iter("img"))
    return f"{element.get('aria-label', '')}{element.get('aria-labelledby', '')}{_text(element)}{pictures}".strip()


def _name(element: Element) -> str:
    naming = element.get("id") or element.get("name") or element.get("class") or element.get("href") or ""
    return f"<{element.tag} {naming}>" if naming else f"<{element.tag}>"
