"""The archive's index as runs publish it: which weeks are one segment, what is made anew, what is hidden."""

from __future__ import annotations

import shutil
from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest

from archive_reader import of_build, unpacked
from published import publish
from sample_issue import claim, paper
from sundaypaper.models import Amendment, Issue, Pick
from sundaypaper.pipeline import archive_groups
from sundaypaper.pipeline.archive_groups import Span, parts_of, spans_of
from sundaypaper.pipeline.publishing_context import PublishingContext
from test_archive import week_of

MADE = datetime(2026, 3, 20, 9, tzinfo=UTC)


def weeks(first: int, last: int) -> tuple[str, ...]:
    """Weeks of 2026, both ends among them."""
    return tuple(f"2026-W{n:02}" for n in range(first, last + 1))


def issue(week: str, *picks: Pick) -> Issue:
    """A small issue whose entries are of its week."""
    return week_of(week, *(replace(pick, week=week) for pick in picks))


def files(site: Path) -> dict[str, bytes]:
    """All files of the index, with what they hold inflated."""
    folder = site / "archive"
    return {
        f.relative_to(folder).as_posix(): unpacked(f.read_bytes()) for f in folder.rglob("*.js")
    }


def places(site: Path, segment: str) -> set[int]:
    """Where the files of a segment lie on the disk: the same where they were linked."""
    return {file.stat().st_ino for file in (site / "archive" / segment).iterdir()}


# ---------------------------------------------------------------- which weeks are one


@pytest.mark.parametrize(
    ("held", "frozen", "names"),
    [
        ((), "", ()),
        (weeks(1, 3), "2026-W03", ("2026-W01", "2026-W02", "2026-W03")),
        (weeks(1, 4), "2026-W03", ("2026-W01", "2026-W02", "2026-W03", "2026-W04")),
        (weeks(1, 4), "2026-W04", ("2026-W01-04",)),
        (weeks(1, 12), "2026-W12", ("2026-W01-04", "2026-W05-08", *weeks(9, 12))),
        (weeks(1, 14), "2026-W13", ("2026-W01-13", "2026-W14")),
        (weeks(11, 14), "2026-W14", ("2026-W01-13", "2026-W14")),
        (("2025-W52", "2026-W02"), "2026-W02", ("2025-W40-53", "2026-W02")),
        (("2026-W52", "2026-W53", "2027-W01"), "2027-W01", ("2026-W40-53", "2027-W01")),
        (("2026-W03", "2026-W07"), "2026-W07", ("2026-W01-04", "2026-W07")),
    ],
)  # fmt: skip
def test_weeks_of_a_span_whose_last_is_printed_are_one_segment(
    held: Sequence[str], frozen: str, names: tuple[str, ...]
) -> None:
    """By calendar: months of four or five weeks, then quarters of thirteen; a draft ends none."""
    spans = spans_of(held, frozen)
    assert tuple(span.name for span in spans) == names
    assert tuple(week for span in spans for week in span.weeks) == tuple(held)


def test_a_year_is_at_most_ten_segments() -> None:
    """In each week of 2026, which has 53."""
    counts = [len(spans_of(weeks(1, n), f"2026-W{n:02}")) for n in range(1, 54)]
    assert max(counts) == 10
    assert counts[52] == 4


def test_a_quarter_is_joined_of_what_was_there_before_its_last_week() -> None:
    """Two months that were over, and five weeks."""
    parts = parts_of(Span("2026-W01-13", weeks(1, 13)))
    assert [part.name for part in parts] == ["2026-W01-04", "2026-W05-08", *weeks(9, 13)]
    assert parts_of(Span("2026-W01-04", ("2026-W03",))) == (Span("2026-W03", ("2026-W03",)),)


# ---------------------------------------------------------------- what is made anew


def test_a_quarter_is_joined_from_the_build_before_and_made_alike_from_nothing(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    """Its last week alone is read from the store; an empty folder for pages gives the same bytes."""
    read: list[str] = []
    of_store = archive_groups._issue

    def noted(context: PublishingContext, week: str) -> Issue:
        read.append(week)
        return of_store(context, week)

    monkeypatch.setattr(archive_groups, "_issue", noted)
    issues = [issue(week, paper(3 * n), paper(3 * n + 1)) for n, week in enumerate(weeks(1, 13))]
    publish(tmp_path, *issues[:12])
    assert sorted(read) == sorted(weeks(1, 12))
    read.clear()
    site = publish(tmp_path, issues[12])
    assert read == ["2026-W13"]
    assert [part.name for part in of_build(site).parts] == ["2026-W01-13"]
    assert len(of_build(site).find("kind:paper")) == 26
    joined = files(site)
    shutil.rmtree(tmp_path / "output")
    assert files(publish(tmp_path)) == joined


def test_a_new_week_and_a_new_look_leave_older_segments_in_place(tmp_path: Path) -> None:
    """The same files on the disk; only the manifest is written again."""
    site = publish(tmp_path, issue("2026-W09", paper(1)))
    before = places(site, "2026-W09")
    publish(tmp_path, issue("2026-W10", paper(2)))
    assert places(site, "2026-W09") == before
    looks = tmp_path / "templates"
    looks.mkdir()
    (looks / "style.css").write_text("body { color: black }")
    publish(tmp_path, issue("2026-W11", paper(3)), templates=looks)
    assert places(site, "2026-W09") == before
    assert [week for week, _ in of_build(site).find("kind:paper")] == ["2026-W11", "2026-W10", "2026-W09"]  # fmt: skip


def test_a_draft_is_indexed_and_made_anew_as_it_changes(tmp_path: Path) -> None:
    """Its entries are found as its page lists them, by now."""
    draft = replace(issue("2026-W10", paper(1)), state="draft", why_draft="It is early.")
    site = publish(tmp_path, draft)
    assert of_build(site).find("kind:paper") == [("2026-W10", "arxiv:2603.00001")]
    later = replace(issue("2026-W10", paper(2)), state="draft", why_draft="It is early.")
    publish(tmp_path, later)
    assert of_build(site).find("kind:paper") == [("2026-W10", "arxiv:2603.00002")]


# ---------------------------------------------------------------- what is hidden


def test_an_entry_that_a_later_issue_holds_again_is_found_once_as_it_is_now(tmp_path: Path) -> None:
    """Hidden in the earlier week, whose own list still shows it; its page is told as it was then."""
    before = replace(paper(1), claims=())
    after = replace(before, claims=(claim(1),), standing="update", week="2026-W09")
    site = publish(tmp_path, issue("2026-W09", before, paper(2)), week_of("2026-W11", after))
    archive = of_build(site)
    assert archive.find(f"id:{before.id}") == [("2026-W11", before.id)]
    assert archive.find(f"id:{before.id}", hidden=True) == [
        ("2026-W11", before.id),
        ("2026-W09", before.id),
    ]
    assert archive.find("week:2026-W09") == [("2026-W11", before.id), ("2026-W09", paper(2).id)]
    assert archive.manifest["older"] == {"2026-W09": "A"}


def test_an_entry_within_one_segment_is_older_than_itself_too(tmp_path: Path) -> None:
    """Weeks that are joined hold it twice."""
    site = publish(
        tmp_path,
        issue("2026-W03", paper(1)),
        issue("2026-W04", paper(2), paper(1)),
        issue("2026-W06"),
    )
    assert [part.name for part in of_build(site).parts] == ["2026-W01-04", "2026-W06"]
    assert of_build(site).find("id:2603.00001") == [("2026-W04", "arxiv:2603.00001")]


def test_what_was_taken_out_is_found_by_nothing_and_named_nowhere(tmp_path: Path) -> None:
    """Not by what it is not, either; neither title nor author is left, also where weeks are joined."""
    gone = replace(paper(1), title="Zebrafish Chess", authors=("Quirin Unfindable",))
    issues = [issue(week, paper(10 + n)) for n, week in enumerate(weeks(1, 2))]
    issues += [issue("2026-W03", gone, paper(3)), issue("2026-W04", paper(4))]
    site = publish(tmp_path, *issues)
    assert len(of_build(site).find("zebrafish")) == 1
    publish(tmp_path, amendments=(Amendment(gone.id, MADE, "removed", "Its authors asked."),))
    archive = of_build(site)
    assert archive.find("zebrafish OR author:unfindable") == []
    assert gone.id not in {id for _, id in archive.find("-kettle")}
    assert len(archive.find("-kettle")) == 4
    left = b"".join(files(site).values()).lower()
    assert b"zebrafish" not in left
    assert b"unfindable" not in left


def test_no_part_of_before_brings_back_what_was_taken_out(tmp_path: Path) -> None:
    """Where a removal and the last week of a span come at once, its weeks are indexed again."""
    gone = replace(paper(1), title="Zebrafish Chess")
    publish(tmp_path, issue("2026-W01", gone, paper(2)), issue("2026-W03", paper(3)))
    removal = Amendment(gone.id, MADE, "removed", "Its authors asked.")
    site = publish(tmp_path, issue("2026-W04", paper(4)), amendments=(removal,))
    assert [part.name for part in of_build(site).parts] == ["2026-W01-04"]
    assert b"zebrafish" not in b"".join(files(site).values()).lower()
