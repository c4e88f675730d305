"""Changing only what one has seen."""

from pathlib import Path

import pytest

from chassis.etags import etag_of
from chassis.testing import FakeSessions, make_caller, page_client
from edge_samples import NewThing, sample_app, sample_settings

SEEN = etag_of(NewThing(subject="old"))


@pytest.mark.parametrize(
    ("if_match", "status", "code"),
    [
        ([SEEN], 200, None),
        (["*"], 200, None),
        ([f'"other", {SEEN}'], 200, None),
        (['"other"', SEEN], 200, None),
        ([], 428, "precondition_required"),
        ([" "], 428, "precondition_required"),
        (['"other"'], 412, "precondition_failed"),
        ([f"W/{SEEN}"], 412, "precondition_failed"),
        ([SEEN.strip('"')], 412, "precondition_failed"),
    ],
)
async def test_change_needs_the_present_tag(if_match: list[str], status: int, code: str | None, tmp_path: Path) -> None:
    settings, sessions = sample_settings(tmp_path), FakeSessions()
    cookie = sessions.sign_in(make_caller())
    headers = [("If-Match", each) for each in if_match]
    async with page_client(sample_app(settings, sessions), settings, cookie) as browser:
        answer = await browser.patch("/api/v1/things/first", json={"subject": "new"}, headers=headers)
    assert answer.status_code == status
    if code:
        assert answer.json()["code"] == code
    else:
        assert answer.headers["etag"] == etag_of(NewThing(subject="new")) != SEEN


@pytest.mark.parametrize(
    ("name", "headers", "status"),
    [
        ("first", [], 200),
        ("first", [("If-Match", SEEN)], 200),
        ("first", [("If-Match", "*")], 200),
        ("first", [("If-Match", '"other"')], 412),
        ("first", [("If-Match", '"other"'), ("If-Match", SEEN)], 200),
        ("first", [("If-None-Match", "*")], 412),
        ("first", [("If-None-Match", SEEN)], 412),
        ("first", [("If-None-Match", '"other"')], 200),
        ("new", [], 200),
        ("new", [("If-Match", "*")], 412),
        ("new", [("If-Match", SEEN)], 412),
        ("new", [("If-None-Match", "*")], 200),
    ],
)
async def test_a_put_that_names_a_condition_is_held_to_it(
    name: str, headers: list[tuple[str, str]], status: int, tmp_path: Path
) -> None:
    settings, sessions = sample_settings(tmp_path), FakeSessions()
    cookie = sessions.sign_in(make_caller())
    async with page_client(sample_app(settings, sessions), settings, cookie) as browser:
        answer = await browser.put(f"/api/v1/things/{name}", json={"subject": "new"}, headers=headers)
    assert answer.status_code == status
