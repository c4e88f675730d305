"""The page check finds what it promises to find, all of it at once."""

import pytest

from ui.page_check import PageError, check_fragment, check_page

GOOD = (
    '<!doctype html><html lang="de"><head><title>Titel – Portal</title></head>'
    "<body><main><h1>Titel</h1>{}</main></body></html>"
)


def test_a_good_page_passes() -> None:
    check_page(GOOD.format('<form method="post" action="/x"><label for="a">A</label><input id="a" name="a"></form>'))


@pytest.mark.parametrize(
    ("part", "finding"),
    [
        ("<p><div></div></p>", "invalid HTML"),
        ("<h1>Noch einer</h1>", "2 h1"),
        ("<h3>Zu tief</h3>", "level 3"),
        ('<i id="a"></i><i id="a"></i>', "2 times"),
        ('<input name="a">', "no label"),
        ('<label for="b">B</label>', "'b', which is not there"),
        ('<input aria-label="a" aria-describedby="x">', "'x', which is not there"),
        ('<a href="#x">hin</a>', "'#x', which is not there"),
        ("<button></button>", "says nothing"),
        ('<img src="x">', "no alt"),
        ("<form></form>", "no method"),
        ('<p style="color:red">x</p>', "inline style"),
        ("<script>x()</script>", "inline script"),
        ('<p onclick="x()">x</p>', "handler onclick"),
        ('<a href="/" tabindex="3">x</a>', "tab order"),
    ],
)
def test_each_fault_is_found(part: str, finding: str) -> None:
    with pytest.raises(PageError, match=finding):
        check_page(GOOD.format(part))


def test_all_faults_are_told_at_once() -> None:
    with pytest.raises(PageError) as caught:
        check_page("<html><head><title>Anders</title></head><body><h1>Titel</h1><img src=x></body></html>")
    for finding in ("invalid HTML", "no lang", "exactly one main", "does not begin", "no alt"):
        assert finding in str(caught.value)


def test_a_fragment_needs_no_frame_but_keeps_the_rules() -> None:
    check_fragment("<p>Teil</p>")
    with pytest.raises(PageError, match="inline style"):
        check_fragment('<p style="x">Teil</p>')


def test_the_error_prefix_may_stand_before_the_heading() -> None:
    check_page(GOOD.format("").replace("<title>", "<title>Fehler: "))
