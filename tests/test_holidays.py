"""arXiv's holidays: those of the data file, those by rule, and who says which they are."""

from __future__ import annotations

from contextlib import nullcontext
from dataclasses import replace
from datetime import UTC, date, datetime
from pathlib import Path
from typing import cast

import pytest

from running import Said, job
from sundaypaper import config, holidays, weeks
from sundaypaper.pipeline import run
from sundaypaper.pipeline.collecting import Collected
from sundaypaper.pipeline.editing import edit
from sundaypaper.pipeline.reading import ReadWeek
from sundaypaper.sources import Tools
from sundaypaper.store import Store

SENTENCE = "arXiv's holidays of 2027 are not in this version: they are derived by rule"
# 60 days before 2027 begins, and the moment before.
SOON, NOT_YET = datetime(2026, 11, 2, tzinfo=UTC), datetime(2026, 11, 1, 23, 59, tzinfo=UTC)


def days(text: str) -> list[date]:
    """Days, written as 2027-01-18, in order."""
    return sorted(date.fromisoformat(day) for day in text.split())


@pytest.mark.parametrize(
    "published",
    [
        "2025-01-01 2025-01-20 2025-05-26 2025-06-19 2025-07-04 2025-09-01 2025-11-27 2025-12-25",
        "2026-01-01 2026-01-19 2026-06-19 2026-07-03 2026-09-07 2026-11-26 2026-12-25 2026-12-29 "
        "2026-12-31",
    ],
)
def test_a_year_of_the_file_has_its_days_and_no_other(published: str) -> None:
    """Memorial Day in 2025 alone, and two more days about the end of 2026."""
    expected = days(published)
    assert sorted(holidays.of_year(expected[0].year)) == expected


@pytest.mark.parametrize(
    "expected",
    [
        # Independence Day is a Sunday; Juneteenth, Christmas and the next New Year are Saturdays.
        "2027-01-01 2027-01-18 2027-06-18 2027-07-05 2027-09-06 2027-11-25 2027-12-24 2027-12-31",
        "2028-01-17 2028-06-19 2028-07-04 2028-09-04 2028-11-23 2028-12-25",
        # The month begins with the weekday in question: Labor Day is the first, Thanksgiving the 22nd.
        "2031-01-01 2031-01-20 2031-06-19 2031-07-04 2031-09-01 2031-11-27 2031-12-25",
        "2029-01-01 2029-01-15 2029-06-19 2029-07-04 2029-09-03 2029-11-22 2029-12-25",
    ],
)
def test_a_missing_year_has_the_federal_holidays_that_arxiv_keeps(expected: str) -> None:
    """On the days that the federal calendar observes; the last of one year may belong to the next."""
    assert sorted(holidays.of_year(int(expected[:4]))) == days(expected)


def test_the_rule_is_what_the_lists_of_2025_and_2026_have_in_common() -> None:
    """All of it is in both, and what it leaves out is what arXiv chose for that year."""
    rest = {
        2025: days("2025-05-26"),
        2026: days("2026-12-29 2026-12-31"),
    }
    for year, own in rest.items():
        assert holidays.derived(year) <= holidays.of_year(year)
        assert sorted(holidays.of_year(year) - holidays.derived(year)) == own


def test_a_derived_holiday_defers_its_batch() -> None:
    """Martin Luther King's day of 2027: nothing is listed on the Tuesday; Thanksgiving likewise."""
    assert [day.day for day in weeks.batch_days("2027-W03")] == [18, 20, 21, 22]
    assert [day.day for day in weeks.batch_days("2027-W47")] == [22, 23, 24, 25]
    assert weeks.listing_day(datetime(2027, 1, 18, 15, tzinfo=UTC)) == date(2027, 1, 20)


@pytest.mark.parametrize(
    ("now", "sentence"),
    [
        (datetime(2026, 3, 8, 12, tzinfo=UTC), ""),
        (NOT_YET, ""),
        (SOON, SENTENCE),
        (datetime(2027, 6, 1, tzinfo=UTC), SENTENCE),
        (datetime(2027, 12, 1, tzinfo=UTC), SENTENCE.replace("2027", "2027 and 2028")),
    ],
)
def test_a_missing_year_is_named_from_sixty_days_ahead(now: datetime, sentence: str) -> None:
    """And for as long as it lasts; the next is added when that is near."""
    assert holidays.notice(now) == sentence


def edited(root: Path, now: datetime, sources: str) -> list[str]:
    """What the issue that is composed at that moment says of how it was made."""
    (root / "feeds.yaml").write_text(f"sources: [{sources}]\n")
    made = config.load(root / "feeds.yaml")
    with Store(root / "paper.db") as store:
        issue = edit(made, store, ReadWeek("2026-W44", ()), now, Collected(()))
    return [section.note for section in issue.sections if section.id == "made"]


def test_the_issue_says_how_its_holidays_were_had(tmp_path: Path) -> None:
    """From 60 days ahead, and only where arXiv is read."""
    assert edited(tmp_path, SOON, "{kind: arxiv}") == [f"{SENTENCE}."]
    assert edited(tmp_path, NOT_YET, "{kind: arxiv}") == []
    assert edited(tmp_path, SOON, "{kind: feed, name: A, url: 'https://a.example/feed'}") == []


@pytest.mark.parametrize(("now", "count"), [(NOT_YET, 0), (SOON, 1)])
def test_a_run_says_it_once(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, now: datetime, count: int
) -> None:
    """Beside what else is amiss, whatever becomes of the week."""
    monkeypatch.setattr(run, "collect", lambda *_: Collected(()))
    (tmp_path / "feeds.yaml").write_text("sources: [{kind: arxiv}]\n")
    made, said = config.load(tmp_path / "feeds.yaml"), Said()
    nobody = cast(Tools, None)  # nobody is asked
    with Store(tmp_path / "paper.db") as store:
        run.run_week(
            replace(
                job(made, store, tmp_path, now, report=said), tools=lambda: nullcontext(nobody)
            ),
            "2026-W44",
        )
    assert said.lines.count(f"  ! {SENTENCE}.") == count
