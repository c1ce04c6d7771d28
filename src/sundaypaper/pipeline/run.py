"""Run one week from the sources to the pages, or some of the steps.

`run_week`, `collect_week`, `print_by_hand` and `publish_pages` are what the commands of those names
and the schedule do. Nothing is written to the terminal here: a run reports to its `Report`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any, Protocol

from sundaypaper import weeks
from sundaypaper.config import Config
from sundaypaper.errors import SundayPaperError
from sundaypaper.models import Ask, Issue, IssueHead, SourceReport
from sundaypaper.pipeline.collecting import Collected, collect, collect_votes
from sundaypaper.pipeline.completeness import (
    completed,
    derived_holidays,
    held,
    incomplete,
    owed,
    too_early,
)
from sundaypaper.pipeline.desk_files import unapplied
from sundaypaper.pipeline.editing import Terms, edit
from sundaypaper.pipeline.extensions import Extensions
from sundaypaper.pipeline.printing import print_week
from sundaypaper.pipeline.publishing import publish
from sundaypaper.pipeline.reading import EntryReader, read
from sundaypaper.sources import KINDS, WINDOW_WEEKS, Tools
from sundaypaper.store import Run, Store
from sundaypaper.wording.counts import plural
from sundaypaper.wording.reports import gaps, lacks

# So many names that do not resolve are one fault, of the network, and one line.
MANY, UNRESOLVED = 5, "does not resolve"
VOTES = frozenset(word for word, kind in KINDS.items() if kind.brings_votes)
# A rehearsal may be so far ahead of the clock, since a day begins somewhere else first.
AHEAD = timedelta(days=1)


class Report(Protocol):
    """Receives the progress of a run: steps, lines for a person, and each source that is done."""

    def step(self, name: str) -> AbstractContextManager[list[str]]:
        """Time a step; texts that are added to the list are shown after its name."""

    def say(self, text: str) -> None:
        """Show a line of what goes well to a person."""

    def warn(self, text: str) -> None:
        """Show a line of what a person has to look at."""

    def source(self, line: str) -> None:
        """Show that a source is done; called from several threads."""

    @property
    def seconds(self) -> Mapping[str, float]:
        """How long each step took."""

    @property
    def total(self) -> float:
        """Seconds since the run began."""


@dataclass(frozen=True, slots=True)
class Job:
    """Settings, store and folders of a run. ask holds the day; tools are opened while needed."""

    config: Config
    store: Store
    output: Path
    templates: Path | None
    ask: Ask
    report: Report
    tools: Callable[[], AbstractContextManager[Tools]]


@dataclass(frozen=True, slots=True)
class Outcome:
    """The result of a run: the issue, whether it was printed before, and what was collected.

    is_early is True where the issue is a draft for no other reason than that its time is to come,
    is_held where it waits for its editor alone.
    """

    issue: Issue
    printed_before: bool
    collected: Collected
    is_early: bool = False
    is_held: bool = False

    @property
    def is_complete(self) -> bool:
        """Whether arXiv answered in full, and the issue is printed or waits for its time or editor."""
        done = self.issue.state == "frozen" or self.is_early or self.is_held
        return done and not is_short(self.collected.reports)

    @property
    def in_words(self) -> str:
        """What came of the run, as the run log and `status` say it."""
        short = "; arXiv is incomplete" if is_short(self.collected.reports) else ""
        if self.issue.state == "draft":
            why = self.issue.why_draft
            return f"a draft: {why[:1].lower()}{why[1:]}"
        return f"{'was printed before' if self.printed_before else 'printed'}{short}"


def run_week(job: Job, week: str | None = None) -> Outcome:
    """Run all steps for one week, the newest unless one is named; unprinted earlier weeks first.

    Each run leaves a line in the run log.
    """
    chosen = week or weeks.newest_week(job.ask.now)
    with _logged(job, chosen) as log:
        if notice := derived_holidays(job.config, job.ask.now):
            job.report.warn(f"  ! {notice}")
        _drop_what_has_not_begun(job)
        if notice := _out_of_reach(job.store.heads(), chosen):
            job.report.warn(f"  ! {notice}")
        asked = week_to_collect(job.store, chosen, week, job.ask.now)
        collected, composed = _collect(job, asked, chosen)
        log.detail["failed"] = sorted(r.source for r in collected.reports if r.state == "failed")
        issue, printed_before = _edit(job, chosen, composed, collected)
        publish_pages(job)
        early = too_early(job.config, chosen, job.ask.now)
        is_early = bool(early) and issue.why_draft == early
        waiting = held(job.config, chosen)
        is_held = bool(waiting) and issue.why_draft == waiting
        outcome = Outcome(issue, printed_before, collected, is_early, is_held)
        log.status, log.detail["outcome"] = int(not outcome.is_complete), outcome.in_words
    return outcome


def make_up_week(job: Job, week: str, notice: str) -> Issue:
    """Print a week of long ago, and no other; its pages are left to `publish_pages`.

    notice is the sentence that says so in the issue. What falls short leaves a draft.
    """
    with _logged(job, week) as log:
        collected, _ = _collect(job, week, week)
        issue, _ = _edit(job, week, (week,), replace(collected, reprint=notice))
        log.status = int(issue.state != "frozen")
        log.detail["outcome"] = "made up" if issue.state == "frozen" else issue.why_draft
    return issue


def collect_week(job: Job, week: str | None = None) -> bool:
    """Ask the sources that are due and keep what they bring; whether arXiv answered in full."""
    chosen = week or weeks.newest_week(job.ask.now)
    asked = week_to_collect(job.store, chosen, week, job.ask.now)
    with _logged(job, asked) as log:
        collected, _ = _collect(job, asked)
        short = is_short(collected.reports)
        log.status = int(short)
        log.detail["outcome"] = f"collected{'; arXiv is incomplete' if short else ''}"
    return not short


def print_by_hand(job: Job, week: str, despite: str = "") -> Issue:
    """Print a week for good from what is kept, and publish it; BuildError says why it cannot be.

    A week that is printed already is published, in case that who printed it was stopped there.
    """
    with _logged(job, week) as log:
        if any(head.week == week and head.state == "frozen" for head in job.store.heads()):
            publish_pages(job)
        with job.report.step("print") as notes:
            issue = print_week(
                job.config,
                job.store,
                week,
                job.ask.now,
                despite,
                rehearsed_ahead(job.ask),
                lambda line: job.report.say(f"  ! {line}"),
            )
            notes.append(f"{issue.funnel.printed} printed, {issue.words} words")
        publish_pages(job)
        log.status, log.detail["outcome"] = 0, "printed by hand"
    return issue


def publish_pages(job: Job) -> None:
    """Render the pages of what changed, and swap them in."""
    with job.report.step("publish") as notes:
        extensions = Extensions(job.config)
        built = publish(job.config, job.store, job.output, job.templates, extensions)
        if built.changed:
            notes.append(f"{built.rendered} pages rendered, {built.linked} kept")
        else:
            notes.append("nothing changed")
    for line in extensions.told():
        job.report.say(f"  ! {line}")
    for sentence in unapplied(job.config, job.store):
        job.report.say(f"  ! {sentence}")


def is_short(reports: tuple[SourceReport, ...]) -> bool:
    """Whether arXiv did not answer in full."""
    return any(r.kind == "arxiv" and r.state in ("failed", "incomplete") for r in reports)


def rehearsed_ahead(ask: Ask) -> str:
    """The reason why nothing may be frozen, in a rehearsal of a day to come; else empty.

    The sample issues have days of their own, whatever the clock says.
    """
    ahead = ask.now > ask.wall + AHEAD and not ask.sample
    return "A rehearsal of a day that has not come." if ahead else ""


def week_to_collect(store: Store, chosen: str, week: str | None, now: datetime) -> str:
    """The chosen week; a later one where none was named and the chosen one is printed already."""
    issue = next((head for head in store.heads() if head.week == chosen), None)
    if week or issue is None or issue.state != "frozen":
        return chosen
    return max(weeks.after(chosen), weeks.iso_week(now.date()))


# ---------------------------------------------------------------- the steps


def _collect(job: Job, week: str, chosen: str = "") -> tuple[Collected, tuple[str, ...]]:
    """What the sources bring for a week, votes last; and the weeks that the run composes then.

    chosen is the week of the run, empty where it composes none.
    """
    with job.report.step("collect") as notes, job.tools() as tools:
        ask = replace(job.ask, week=week)
        collected = collect(job.config, job.store, tools, ask, job.report.source)
        composed = _to_compose(job, chosen, collected) if chosen else ()
        printing = any(_prints(job, at) for at in composed)
        ask = replace(ask, composed=composed, printing=printing)
        votes = collect_votes(job.config, job.store, tools, ask, job.report.source)
        collected = replace(collected, reports=collected.reports + votes.reports)
        notes.extend(_summary(collected.reports))
    _name_failed(job.report, collected.reports)
    return collected, composed


def _drop_what_has_not_begun(job: Job) -> None:
    """Drop drafts that a run made while the clock was ahead: they would lead the paper for years."""
    if job.ask.rehearsal:
        return
    for week in job.store.drop_drafts(weeks.iso_week(job.ask.now.date())):
        job.report.warn(f"  ! the draft of {week} is dropped: that week has not begun; was the clock wrong?")  # fmt: skip


def _out_of_reach(heads: tuple[IssueHead, ...], chosen: str) -> str:
    """A notice of the last week that was missed and that no run makes up by itself; else empty."""
    frozen = {head.week for head in heads if head.state == "frozen" and head.week < chosen}
    last = weeks.after(chosen, -WINDOW_WEEKS)
    if not frozen or last in frozen or last < min(frozen):
        return ""
    return f"{last} was never printed and arXiv is not asked so far back; `sundaypaper run --week {last}` makes it up"  # fmt: skip


def _to_compose(job: Job, chosen: str, collected: Collected) -> tuple[str, ...]:
    """The weeks that a run composes: what earlier ones owe and is complete now, and the chosen one.

    A printed week is not among them.
    """
    heads = job.store.heads()
    earlier = (
        week
        for week in owed(heads, chosen)
        if completed(job.config, job.store, week, chosen, collected)
    )
    printed = any(head.week == chosen and head.state == "frozen" for head in heads)
    return (*earlier, *(() if printed else (chosen,)))


def _prints(job: Job, week: str) -> bool:
    """Whether a week that is composed now will be printed for good."""
    ledger = job.store.reports(week).values()
    missing = incomplete(job.config, ledger, week, job.ask.now)
    early = too_early(job.config, week, job.ask.now)
    return not (missing or rehearsed_ahead(job.ask) or job.config.hold or early)


def _edit(
    job: Job, chosen: str, composed: tuple[str, ...], collected: Collected
) -> tuple[Issue, bool]:
    """The issue of the chosen week, and whether it was printed before; first the earlier weeks."""
    reader = EntryReader(job.config, job.store)
    issue = None
    for week in composed:
        if week != chosen:
            job.report.say(f"{week} is complete now")
        issue = _compose(job, reader, week, collected)
    if issue is not None and issue.week == chosen:
        return issue, False
    printed = job.store.issue(chosen)
    assert printed is not None  # else it would have been composed
    return printed, True


def _compose(job: Job, reader: EntryReader, week: str, collected: Collected) -> Issue:
    with job.report.step("read") as notes:
        read_week = read(reader, job.store, week, job.ask.now, collected.shelf)
        claimed = sum(bool(tagged.claims) for tagged in read_week.entries)
        notes.append(f"{len(read_week.entries)} entries, {claimed} with a claim")
    for topic, example in reader.unread_examples():
        job.report.warn(f"  ! topic {topic}: nothing can be learnt from its example {example}; its text is not known or too short")  # fmt: skip
    with job.report.step("edit") as notes:
        terms = Terms(hold=rehearsed_ahead(job.ask))
        issue = edit(
            job.config, job.store, read_week, job.ask.now, collected, terms, reader.extensions
        )
        funnel = issue.funnel
        notes.append(f"{funnel.new} new, {funnel.accepted} accepted, {funnel.printed} printed")
        notes.append(f"{len(issue.newly_accepted)} newly accepted")
    for line in reader.extensions.told():
        job.report.say(f"  ! {line}")
    return issue


def _summary(reports: tuple[SourceReport, ...]) -> Iterator[str]:
    """A line a kind of source: how many of each state, and what they brought."""
    for kind in dict.fromkeys(report.kind for report in reports):
        of_kind = [report for report in reports if report.kind == kind]
        states: dict[str, int] = {}
        for report in of_kind:
            states[report.state] = states.get(report.state, 0) + 1
        counts = ", ".join(f"{count} {state}" for state, count in states.items())
        entries, new = sum(r.fetched for r in of_kind), sum(r.new for r in of_kind)
        if kind in VOTES:
            yield f"{kind}: {counts}, for {plural(entries, 'paper')}"
        else:
            yield f"{kind}: {counts}, {entries} entries, {new} new"


def _name_failed(report: Report, reports: tuple[SourceReport, ...]) -> None:
    lost = [source for source in reports if UNRESOLVED in source.detail]
    offline = len(lost) >= MANY
    if offline:
        names = ", ".join(source.source for source in lost[:3])
        report.warn(f"  ! {len(lost)} sources cannot be reached ({names} …). Is there a network?")
    for source in reports:
        if offline and source in lost:
            continue
        if source.state in ("failed", "incomplete", "waiting"):
            why = gaps(source) or source.detail
            no_votes = source.kind in VOTES and source.state == "failed"
            without = "without new votes: " if no_votes else ""
            report.warn(f"  ! {without}{source.source} is {source.state}: {why}")
        elif lack := lacks(source):
            report.warn(f"  ! {source.source}: {lack}")


# ---------------------------------------------------------------- the run log


@dataclass(slots=True)
class _Log:
    """Status and details that a run adds to its line of the run log."""

    status: int = 1
    detail: dict[str, Any] = field(default_factory=dict)


@contextmanager
def _logged(job: Job, week: str) -> Iterator[_Log]:
    """Leave a line in the run log, however the run ends."""
    log = _Log()
    try:
        yield log
    except KeyboardInterrupt:
        log.detail["stopped"] = ["by the user"]
        raise
    except SundayPaperError as bad:
        log.detail["error"] = [str(bad)]
        raise
    finally:
        detail = {"seconds": dict(job.report.seconds), **log.detail}
        run = Run(job.ask.wall, job.ask.now, week, log.status, job.report.total, detail)
        job.store.log_run(run)
