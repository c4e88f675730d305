"""Who reads, who comments, and why: every kind of viewer at every visibility."""

from uuid import UUID

import pytest

from ticketing.domain.transitions import Actor
from ticketing.domain.visibility import Reason, Viewer, Visibility, reason_of, rights_of
from ticketing.usecases.change_visibility import visibility_choices
from ticketing_builders import AGENT, ANNA, JONAS, OTHER_WORKS, STRANGER, WORKS, a_ticket

OWN, SHARED, SECRET = Visibility.OWN, Visibility.ORGANISATION, Visibility.CONFIDENTIAL
VIEWERS = {
    "reporter": Viewer(ANNA, frozenset({WORKS})),
    "reporter who left": Viewer(ANNA),
    "colleague": Viewer(JONAS, frozenset({WORKS, OTHER_WORKS})),
    "former colleague": Viewer(JONAS),
    "stranger": Viewer(STRANGER, frozenset({OTHER_WORKS})),
    "staff": Viewer(AGENT, staff=True),
}
READERS = {
    OWN: {"reporter", "reporter who left", "staff"},
    SHARED: {"reporter", "reporter who left", "colleague", "staff"},
    SECRET: {"reporter", "reporter who left", "staff"},
}


@pytest.mark.parametrize("visibility", list(Visibility))
@pytest.mark.parametrize("name", VIEWERS)
def test_who_reads(name: str, visibility: Visibility) -> None:
    reason = reason_of(VIEWERS[name], a_ticket(visibility=visibility))
    assert (reason is not None) is (name in READERS[visibility])


@pytest.mark.parametrize("visibility", list(Visibility))
@pytest.mark.parametrize("name", VIEWERS)
@pytest.mark.parametrize("allowed", [True, False])
def test_who_comments(name: str, visibility: Visibility, allowed: bool) -> None:
    rights = rights_of(VIEWERS[name], a_ticket(visibility=visibility), colleagues_comment=allowed)
    comments = name in READERS[visibility] and (name != "colleague" or allowed)
    assert (rights is not None and rights.comment) is comments


def test_the_reason_is_the_nearest_one() -> None:
    shared = a_ticket(visibility=SHARED)
    reasons = {name: reason_of(viewer, shared) for name, viewer in VIEWERS.items()}
    assert reasons["reporter"] is Reason.REPORTER
    assert reasons["colleague"] is Reason.COLLEAGUE
    assert reasons["staff"] is Reason.STAFF


@pytest.mark.parametrize(
    ("name", "actors"),
    [
        ("reporter", {Actor.REPORTER, Actor.CUSTOMER}),
        ("colleague", {Actor.CUSTOMER}),
        ("staff", {Actor.STAFF}),
    ],
)
def test_in_which_parts_one_acts(name: str, actors: set[Actor]) -> None:
    rights = rights_of(VIEWERS[name], a_ticket(visibility=SHARED), colleagues_comment=True)
    assert rights is not None
    assert rights.actors == actors


@pytest.mark.parametrize(
    ("name", "visibility", "organisation", "offered"),
    [
        ("reporter", OWN, WORKS, (OWN, SHARED)),
        ("reporter", SHARED, WORKS, (OWN, SHARED)),
        ("reporter", SECRET, WORKS, ()),
        ("reporter", OWN, None, ()),
        ("reporter who left", SHARED, WORKS, ()),
        ("colleague", SHARED, WORKS, ()),
        ("stranger", SHARED, WORKS, ()),
        ("staff", OWN, WORKS, (OWN, SHARED, SECRET)),
        ("staff", OWN, None, (OWN, SECRET)),
    ],
)
def test_who_may_change_who_sees_it(
    name: str, visibility: Visibility, organisation: UUID | None, offered: tuple[Visibility, ...]
) -> None:
    ticket = a_ticket(visibility=visibility, organisation_id=organisation)
    assert visibility_choices(VIEWERS[name], ticket) == offered
