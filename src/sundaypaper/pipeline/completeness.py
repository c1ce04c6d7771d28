"""Checks of whether a week can be printed, and which earlier weeks still have to be."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from datetime import datetime
from typing import TYPE_CHECKING

from sundaypaper import holidays, weeks, zones
from sundaypaper.config import Config
from sundaypaper.models import IssueHead, SourceReport
from sundaypaper.sources import WINDOW_WEEKS
from sundaypaper.store import Store
from sundaypaper.wording.dates import DAYS, day_words
from sundaypaper.wording.reports import gaps

if TYPE_CHECKING:
    from sundaypaper.pipeline.collecting import Collected  # which loads all that reads entries


def incomplete(config: Config, ledger: Iterable[SourceReport], week: str, now: datetime) -> str:
    """The reason why a week cannot be frozen yet; empty where it can."""
    if now < weeks.complete_at(week):
        return f"The week is not over: its last batch comes out on {weeks.complete_at(week):%Y-%m-%d at %H:%M} UTC"  # fmt: skip
    reports = {report.source: report for report in ledger}
    asked = [report for report in reports.values() if report.state != "off"]
    if asked and all(report.state == "failed" for report in asked):
        return f"No source answered; {asked[0].source}: {asked[0].detail}"
    for spec in config.sources:
        if not spec.completes_weeks:
            continue
        report = reports.get(spec.name)
        if report is None:
            return f"{spec.name} has not been asked for this week yet"
        if report.state != "fresh":
            return f"{spec.name} is {report.state}: {gaps(report) or report.detail}"
    return ""


def too_early(config: Config, week: str, now: datetime) -> str:
    """The sentence that says when a week is printed; empty from that moment on."""
    zone = zones.clock(config.masthead.timezone)
    moment = weeks.moment(week, config.print_at.weekday, config.print_at.at, zone)
    if now >= moment:
        return ""
    local = moment.astimezone(zone)
    day = f"{DAYS[local.weekday()]} {day_words(local, year=False)}"
    return f"It is printed on {day} at {local:%H:%M}"


def held(config: Config, week: str) -> str:
    """The sentence that says that a week waits for its editor; empty where it needs none."""
    return f"It waits for its editor: `sundaypaper print --week {week}`" if config.hold else ""


def derived_holidays(config: Config, now: datetime) -> str:
    """A warning that arXiv's holidays, now or soon, are derived; empty where it is not needed.

    It is needed only where arXiv is a source.
    """
    notice = holidays.notice(now) if any(spec.kind == "arxiv" for spec in config.sources) else ""
    return f"{notice}." if notice else ""


def owed(heads: tuple[IssueHead, ...], week: str) -> list[str]:
    """Earlier weeks that are not printed, oldest first: drafts, and weeks in which nothing ran.

    Weeks in which nothing ran count only as far back as arXiv is queried.
    """
    before = {head.week: head.state for head in heads if head.week < week}
    if not before:
        return []
    reach = [weeks.after(week, -back) for back in range(1, WINDOW_WEEKS)]
    drafts = [at for at, state in before.items() if state == "draft"]
    return sorted({*drafts, *(at for at in reach if at > max(before))})


def completed(config: Config, store: Store, draft: str, week: str, collected: Collected) -> bool:
    """Whether an older draft is complete, by this run or before; if so, its ledger is updated.

    arXiv is queried over several weeks, so a complete answer for one week completes those too, unless
    the papers of some day of theirs never came. It stands in that week's ledger, where a run that was
    killed may have left it.
    """
    ledger = store.reports(draft).values()
    if not incomplete(config, ledger, draft, weeks.complete_at(draft)):
        # It keeps the ledger that it has: it waits for its editor alone, or for a run that prints it.
        return not config.hold
    awaited = {spec.name for spec in config.sources if spec.completes_weeks}
    reports = [r for r in collected.ledger if r.source in awaited]
    reach = weeks.after(week, 1 - WINDOW_WEEKS)
    if draft < reach or not reports or any(r.state != "fresh" for r in reports):
        return False
    near = (weeks.after(draft, -1), draft, weeks.after(draft))
    entries = [place.entry for at in near for place in store.of_week(at)]
    if any(spec.lacks(draft, weeks.complete_at(week), entries) for spec in config.sources):
        return False
    store.keep_reports(draft, [replace(report, new=0) for report in reports])
    return True
