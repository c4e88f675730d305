"""What the brand packs say of tickets."""

from pathlib import Path
from typing import Any

import pytest
from pydantic import ValidationError

from ticketing.adapters.brand_policy import TicketingBrand
from ticketing.adapters.demo_tickets import demo_agents, demo_reader, demo_tickets
from ticketing.domain.ticket_state import TicketState
from ticketing.domain.visibility import Visibility
from ui.brand import Brand

BRANDS = Path(__file__).parents[4] / "brands"


@pytest.mark.parametrize(("brand", "visibility"), [("musik", Visibility.OWN), ("software", Visibility.ORGANISATION)])
def test_both_packs_are_complete(brand: str, visibility: Visibility) -> None:
    pack = Brand.load(BRANDS / brand)
    policy = TicketingBrand.read(pack.section("ticketing"), pack.languages).policy()
    assert policy.default_visibility is visibility
    assert policy.endings("change") == {TicketState.REJECTED}
    assert policy.endings("suggestion") == {TicketState.NOTED}
    for language in pack.languages:
        assert all(policy.state_label(state, language) != state.value for state in TicketState)
        assert all(policy.kind_label(kind, language) != kind for kind in policy.kinds)


@pytest.mark.parametrize("brand", ["musik", "software"])
def test_the_demo_tickets_can_be_read(brand: str) -> None:
    demo = Brand.load(BRANDS / brand).demo()
    tickets = demo_tickets(demo)
    assert tickets
    assert [one.hours_ago for one in tickets] == sorted((one.hours_ago for one in tickets), reverse=True)
    assert len(demo_agents(demo)) >= 3
    reader, organisation = demo_reader(demo)
    assert any(one.reporter == reader and one.place.organisation_id == organisation for one in tickets)


def _section(**changes: Any) -> dict[str, Any]:
    kinds = [{"id": "incident", "flow": "incident", "label": {"de": "Störung", "en": "Incident"}}]
    states = {language: {state.value: state.value for state in TicketState} for language in ("de", "en")}
    return {"default_visibility": "own", "kinds": kinds, "states": states} | changes


@pytest.mark.parametrize(
    "changes",
    [
        {"default_visibility": "confidential"},
        {"kinds": []},
        {"states": {"de": {"new": "Neu"}}},
        {"states": {"de": _section()["states"]["de"]}},
        {"kinds": [{"id": "a", "flow": "incident", "label": {"de": "Nur deutsch"}}]},
        {"nonsense": 1},
    ],
)
def test_a_pack_that_lacks_something_does_not_start(changes: dict[str, Any]) -> None:
    with pytest.raises((ValidationError, ValueError)):
        TicketingBrand.read(_section(**changes), ("de", "en"))


def test_a_kind_that_the_brand_has_given_up_is_shown_by_its_id() -> None:
    policy = TicketingBrand.read(_section(), ("de", "en")).policy()
    assert policy.kind_label("old", "de") == "old"
    assert policy.endings("old") == frozenset()
