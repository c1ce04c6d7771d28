"""Prints weeks of before a paper began, from what arXiv knows of them today.

Only arXiv can be asked for a past week: feeds hold their newest posts, and lists count the votes of
today. So these issues hold papers alone, say so, are dated as they would have been, and are no news.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

from sundaypaper import weeks
from sundaypaper.config import Config
from sundaypaper.errors import BuildError
from sundaypaper.models import Issue, IssueHead
from sundaypaper.pipeline.run import Job, make_up_week
from sundaypaper.pipeline.standing import due_at
from sundaypaper.wording.dates import day_words

# What arXiv's pace makes of a week of all categories; measured weeks take its place.
USUAL_SECONDS = 75.0


def weeks_to_fill(heads: Iterable[IssueHead], newest: str, count: int) -> tuple[str, ...]:
    """Of so many weeks before the newest whole one, those that are not printed, the oldest first."""
    printed = {head.week for head in heads if head.state == "frozen"}
    before = (weeks.after(newest, -back) for back in range(count, 0, -1))
    return tuple(week for week in before if week not in printed)


def backfill_week(job: Job, week: str) -> Issue:
    """Print a past week as it would have come out at its time; a draft where arXiv fell short."""
    then = due_at(job.config, week)
    ask = replace(job.ask, now=then, rehearsal=True, past=True)
    notice = (
        f"Printed on {day_words(job.ask.now)} from what arXiv knows of the papers of that week by now: "
        "their newest versions and comments, without posts and without votes."
    )
    return make_up_week(replace(job, config=of_papers(job.config), ask=ask), week, notice)


def of_papers(config: Config) -> Config:
    """The settings for past weeks: sources that can be asked for them, and no editor to wait for."""
    asked = tuple(spec for spec in config.sources if spec.completes_weeks)
    if not asked:
        raise BuildError(
            "feeds.yaml has no source of kind arxiv, and no other can be asked for past weeks"
        )
    shelves = tuple(spec for spec in config.sources if spec.on_disk)
    return replace(config, sources=(*asked, *shelves), hold=False)
