"""Recorded entries: what a bundle says of a week, and how a broken one is told."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from sundaypaper.errors import ParseError
from sundaypaper.models import Ask, Fetched, PollState, Slice, Votes
from sundaypaper.sources import BundleSource, bundle
from sundaypaper.urls import canonical, post_id

MANIFEST: dict[str, Any] = {
    "format": 1,
    "title": "A sample",
    "now": "2026-03-08T12:00:00Z",
    "weeks": ["2026-W09", "2026-W10"],
}
PAPER: dict[str, Any] = {
    "id": "arxiv:2603.00001",
    "kind": "paper",
    "source": "arXiv",
    "url": "https://arxiv.org/abs/2603.00001",
    "title": "A paper",
    "published": "2026-03-02T10:00:00Z",
    "categories": ["cs.LG"],
    "comment": "10 pages",
    "week": "2026-W10",
}
POST: dict[str, Any] = {
    "kind": "post",
    "source": "",
    "url": "https://blog.example/one?utm_source=x",
    "title": "A post",
    "week": "2026-W09",
}


def written(folder: Path, *entries: dict[str, Any] | str, **manifest: Any) -> BundleSource:
    """A bundle on disk; an entry may be a raw line."""
    folder.mkdir(exist_ok=True)
    (folder / "manifest.json").write_text(json.dumps(MANIFEST | manifest), "utf-8")
    lines = [e if isinstance(e, str) else json.dumps(e, ensure_ascii=False) for e in entries]
    (folder / "entries.jsonl").write_text("\n".join(lines) + "\n", "utf-8")
    return BundleSource("Sample", str(folder))


def asked(spec: BundleSource, week: str = "2026-W10") -> Fetched:
    """What the bundle brings for a week."""
    now = datetime(2026, 3, 8, 12, tzinfo=UTC)
    return bundle.fetch(spec, PollState(spec.name), Ask(week, now, now))


def test_a_week_brings_what_was_recorded_up_to_it(tmp_path: Path) -> None:
    """Nothing of a later week; the counts say what came."""
    spec = written(tmp_path, PAPER, POST)
    assert [e.title for e in asked(spec).news] == ["A paper", "A post"]
    early = asked(spec, "2026-W09")
    assert [e.title for e in early.news] == ["A post"]
    assert (early.report.state, early.report.expected, early.report.fetched) == ("fresh", 1, 1)


def test_an_entry_of_no_week_is_not_news(tmp_path: Path) -> None:
    """It may be a landmark of the shelf."""
    spec = written(tmp_path, PAPER | {"week": "", "shelf": True}, POST)
    assert [e.title for e in asked(spec).news] == ["A post"]
    (landmark,) = asked(BundleSource("Shelf", spec.path, "shelf")).shelf
    assert landmark.id == "arxiv:2603.00001"


def test_a_post_without_an_id_has_that_of_its_canonical_address(tmp_path: Path) -> None:
    """The same as a feed gives it, so that a post is one post wherever it comes from."""
    (entry,) = asked(written(tmp_path, POST)).news
    assert entry.id == post_id(canonical("https://blog.example/one"))
    assert entry.source == "A sample"


@pytest.mark.parametrize("backwards", [False, True])
def test_wordings_tell_a_comment_as_it_stood(backwards: bool, tmp_path: Path) -> None:
    """Of three wordings those up to the week, the last one on the entry, in whatever order written."""
    wordings = [
        {"week": "2026-W08", "comment": "Submitted to ICML"},
        {"week": "2026-W09", "version": 2, "comment": "Accepted at ICML 2026"},
        {"week": "2026-W11", "version": 3, "comment": "ICML 2026 oral"},
    ]
    recorded = PAPER | {"week": "2026-W08", "wordings": wordings[:: -1 if backwards else 1]}
    got = asked(written(tmp_path, recorded))
    (entry,) = got.news
    assert (entry.comment, entry.version, entry.week) == ("Accepted at ICML 2026", 2, "2026-W08")
    assert entry.updated == datetime(2026, 2, 25, 12, tzinfo=UTC)
    assert [w.comment for w in got.wordings[entry.id]] == [
        "Submitted to ICML",
        "Accepted at ICML 2026",
    ]


def test_votes_stand_as_they_stood_on_the_sunday_of_the_week(tmp_path: Path) -> None:
    """Of three days the last of the week or before it, of each list by itself."""
    said = [
        {"source": "B", "count": 0, "asked": "2026-03-06T08:00:00Z"},
        {"source": "A", "count": 118, "asked": "2026-03-08T08:00:00Z"},
        {"source": "A", "count": 61, "asked": "2026-03-06T08:00:00Z"},
        {"source": "A", "count": 140, "asked": "2026-03-09T08:00:00Z"},
    ]
    got = asked(written(tmp_path, PAPER | {"votes": said}, POST, format=2))
    friday, sunday = (datetime(2026, 3, day, 8, tzinfo=UTC) for day in (6, 8))
    assert got.votes == {
        "arxiv:2603.00001": (Votes("A", 118, sunday), Votes("B", 0, friday)),
    }


def test_an_entry_of_a_later_week_brings_no_votes_yet(tmp_path: Path) -> None:
    """Nobody could have voted for it."""
    said = [{"source": "A", "count": 3, "asked": "2026-02-27T08:00:00Z"}]
    assert asked(written(tmp_path, PAPER | {"votes": said}), "2026-W09").votes == {}


def test_votes_that_are_no_count_are_told_with_their_line(tmp_path: Path) -> None:
    """A negative count, in the second line."""
    said = [{"source": "A", "count": -3, "asked": "2026-02-27T08:00:00Z"}]
    with pytest.raises(ParseError, match=r"entries\.jsonl:2: votes\.0\.count: "):
        asked(written(tmp_path, POST, PAPER | {"votes": said}))


def test_dates_become_utc_and_empty_ones_nothing(tmp_path: Path) -> None:
    """A date without a zone is UTC, another zone is converted, an empty string is no date."""
    moments = {"published": "2026-03-02", "starts": "2026-03-02T01:00:00+02:00", "ends": ""}
    (entry,) = asked(written(tmp_path, PAPER | moments)).news
    assert entry.published == datetime(2026, 3, 2, tzinfo=UTC)
    assert entry.starts is not None
    assert entry.starts.isoformat() == "2026-03-01T23:00:00+00:00"
    assert entry.ends is None


def test_text_is_cleaned(tmp_path: Path) -> None:
    """Control characters and line ends go, also from the names of authors."""
    recorded = PAPER | {"title": "A\u202e paper\n", "authors": ["Ada\x07 Example", " "]}
    (entry,) = asked(written(tmp_path, recorded | {"n_authors": 5})).news
    assert (entry.title, entry.authors) == ("A paper", ("Ada Example",))
    assert entry.more_authors == 3


def test_only_a_line_feed_ends_a_line(tmp_path: Path) -> None:
    """A line separator or next-line character inside a string is part of the string."""
    (entry, _) = asked(written(tmp_path, PAPER | {"summary": "one\u2028two\x85three"}, POST)).news
    assert entry.summary == "one two three"


def test_empty_lines_and_windows_line_ends_are_passed_over(tmp_path: Path) -> None:
    """A file that went through an editor is still read."""
    assert len(asked(written(tmp_path, json.dumps(PAPER) + "\r", "", "  ", POST)).news) == 2


def test_the_recorded_ledger_of_the_week_is_told(tmp_path: Path) -> None:
    """With its gaps; another week's is not."""
    row = {"source": "X", "kind": "feed", "state": "incomplete", "missing": [{"name": "page 2", "why": "cut"}]}  # fmt: skip
    spec = written(tmp_path, PAPER, ledger={"2026-W10": [row]}, reprint="A reprint.")
    got = asked(spec)
    assert got.recorded[0].missing == (Slice("page 2", None, 0, "cut"),)
    assert got.reprint == "A reprint."
    assert asked(spec, "2026-W09").recorded == ()


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"kind": "rumour"}, "kind"),
        ({"url": "javascript:alert(1)"}, "url"),
        ({"url": "http:///nowhere"}, "url"),
        ({"links": ["data:text/html,x"]}, "links.0"),
        ({"week": "2026-10"}, "week: .*write it as"),
        ({"week": "2025-W53"}, "has no week 53"),
        ({"wordings": [{"week": "soon"}]}, "wordings.0.week"),
        ({"published": "9999-12-31T23:00:00-05:00"}, "published"),
        ({"published": "soon"}, "published"),
        ({"abstract": "unknown"}, "abstract"),
    ],
)
def test_a_broken_entry_is_told_with_its_line(
    change: dict[str, Any], words: str, tmp_path: Path
) -> None:
    """File, line and field; nothing of the bundle is taken."""
    spec = written(tmp_path, POST, PAPER | change)
    with pytest.raises(ParseError, match=rf"entries\.jsonl:2: .*{words}"):
        asked(spec)


@pytest.mark.parametrize("line", ['{"kind": "paper"', "[]", "nonsense", "[" * 100_000])
def test_a_line_that_is_no_entry_is_told(line: str, tmp_path: Path) -> None:
    """Cut, of another shape, no JSON, or nested too deep."""
    with pytest.raises(ParseError, match=r"entries\.jsonl:2: "):
        asked(written(tmp_path, POST, line))


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"format": 3, "made_by": "a later program"}, "format 3 is newer than this program"),
        ({"made_by": "somebody"}, "made_by"),
        ({"weeks": ["W10"]}, "weeks.0"),
        ({"now": "today"}, "now"),
        ({"ledger": {"W10": []}}, "ledger"),
        ({"ledger": {"2026-W10": [{"source": "X", "kind": "feed", "state": "fresh", "missing": [{"page": 2}]}]}}, "missing"),
    ],
)  # fmt: skip
def test_a_broken_manifest_is_told(change: dict[str, Any], words: str, tmp_path: Path) -> None:
    """A newer format is told as such, not by the first key that is unknown."""
    with pytest.raises(ParseError, match=rf"manifest\.json: .*{words}"):
        asked(written(tmp_path, PAPER, **change))


def test_a_moment_without_a_zone_is_utc_in_the_manifest_too(tmp_path: Path) -> None:
    """So that it can be compared with the clock."""
    spec = written(tmp_path, PAPER, now="2026-03-08T12:00:00")
    assert bundle.read(spec.path).manifest.now == datetime(2026, 3, 8, 12, tzinfo=UTC)


def test_a_bundle_that_is_not_there_is_told(tmp_path: Path) -> None:
    """The path of the file that was looked for; and text that is not UTF-8."""
    with pytest.raises(ParseError, match=r"nowhere.manifest\.json: cannot be read"):
        asked(BundleSource("Sample", str(tmp_path / "nowhere")))
    spec = written(tmp_path, PAPER)
    (tmp_path / "entries.jsonl").write_bytes(b'{"title": "\xff"}')
    with pytest.raises(ParseError, match="cannot be read"):
        asked(spec)


def test_the_packaged_shelf_is_read_by_its_word() -> None:
    """The word `shelf` is a bundle that ships with the program, and every landmark has an id."""
    got = asked(BundleSource("Shelf", "shelf", "shelf"))
    assert got.shelf
    assert all(entry.id and entry.url for entry in got.shelf)
    assert got.report.fetched == len(got.shelf)


@pytest.mark.parametrize("name", ["manifest.json", "entries.jsonl"])
def test_a_file_of_a_bundle_that_links_out_of_it_is_not_read(name: str, tmp_path: Path) -> None:
    """A link to a file beside it is fine."""
    spec = written(tmp_path / "bundle", PAPER)
    file = tmp_path / "bundle" / name
    file.rename(inside := file.with_name("real"))
    file.symlink_to("real")
    assert bundle.read(spec.path).entries
    inside.rename(tmp_path / "real")
    file.unlink()
    file.symlink_to(tmp_path / "real")
    with pytest.raises(ParseError, match=f"{name}: is a link that leads out of the bundle"):
        bundle.read(spec.path)
