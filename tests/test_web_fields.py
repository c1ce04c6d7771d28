"""Forms full of code, torn bodies and endless ones: a clear answer, and nothing is carried out."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from abusing import FORM, Paper, paper
from hostile import BODIES, PAYLOADS, assert_harmless, is_guarded


@pytest.fixture
def house(tmp_path: Path) -> Iterator[Paper]:
    """The app over a root."""
    with paper(tmp_path) as opened:
        yield opened


FIELDS = ("address", "edition", "topic", "venue", "people", "queries", "empty", "stamp", "website", "do", "until", "weeks", "sure")  # fmt: skip


@pytest.mark.parametrize("name", FIELDS)
def test_no_field_is_believed(house: Paper, name: str) -> None:
    """Code, controls and endless texts in each field: a clear answer, nothing carried out."""
    who = house.reader("ada@lab.example")
    for text in PAYLOADS.values():
        fields = {"address": "eve@lab.example", "stamp": house.stamp(), "do": "subscribe"}
        kept = {"do": "save", "queries": "depth"}
        for path, given in (("/subscribe/", fields), (f"/preferences/{who.preferences}", kept)):
            got = house.post(path, given | {name: text}, peer="192.0.2.1")
            assert got.status in (200, 400, 422, 429), (path, text)
            assert is_guarded(got)
            assert_harmless(got.text)
    for letter in house.tend():
        assert_harmless(letter.body.decode())
        assert letter.recipient in ("eve@lab.example", "ada@lab.example")
        assert b"\nBcc:" not in letter.body
    assert [row[1] for row in house.held()["subscribers"]] == ["ada@lab.example"]


def test_a_body_that_is_no_form_is_told_so(house: Paper) -> None:
    """Other types and charsets, torn multipart, thousands of fields: no fault, and nothing is noted."""
    who = house.reader("ada@lab.example")
    before = house.held()
    for name, (kind, body) in BODIES.items():
        headers = (("content-type", kind), ("origin", "null"), ("sec-fetch-site", "same-origin"))
        for path in ("/subscribe/", f"/preferences/{who.preferences}"):
            got = house.get(path, "POST", headers=headers, body=[body])
            assert got.status in (400, 413, 422), (name, path)
            assert is_guarded(got), name
            assert_harmless(got.text)
    assert house.held() == before
    assert house.world.said == []


def test_a_link_to_leave_works_whatever_the_body_is(house: Paper) -> None:
    """Who shows the token leaves, however their mail program puts it."""
    for number, (name, (kind, body)) in enumerate(BODIES.items()):
        house.pass_by(hours=1)
        who = house.reader(f"reader{number}@lab.example")
        headers = (("content-type", kind),)
        got = house.get(f"/leave/{who.token}", "POST", headers=headers, body=[body])
        assert got.status == 200, name
    assert {"left" in row for row in house.held()["subscribers"]} == {True}
    assert house.world.said == []


def test_a_field_that_comes_twice_is_asked_about(house: Paper) -> None:
    """Two addresses, two stamps, one of each place: whichever a proxy looked at, none is taken."""
    stamp = house.stamp()
    body = f"address=ada@lab.example&address=eve@lab.example&stamp={stamp}&do=subscribe"
    assert house.post("/subscribe/", body.encode()).status == 422
    asked = house.post("/subscribe/?address=eve@lab.example", {"stamp": stamp, "do": "subscribe"})
    assert asked.status == 422
    assert house.asked() == []


@pytest.mark.parametrize(
    "pieces", [[b"x" * 2_000_000], [b"x" * 1000] * 2000], ids=["at once", "in pieces"]
)
def test_two_megabytes_are_refused(house: Paper, pieces: list[bytes]) -> None:
    """In a form, in a link to leave, in JSON: 413, the connection ends, nothing is done."""
    who = house.reader("ada@lab.example")
    before = house.held()
    for path in ("/subscribe/", f"/leave/{who.token}", f"/preferences/{who.preferences}", "/", "/nothing"):  # fmt: skip
        for headers in ((("content-type", FORM),), (("content-type", FORM), ("transfer-encoding", "chunked"))):  # fmt: skip
            got = house.get(path, "POST", headers=headers, body=pieces)
            assert (got.status, got.header("connection")) == (413, "close")
            assert is_guarded(got)
    assert house.held() == before
