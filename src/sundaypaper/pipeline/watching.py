"""What is wrong with a paper, from one place: for `status --check`, /healthz and /metrics.

It reads, and changes nothing: no request is made, and no address of a reader is looked at.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any, Literal

from sundaypaper import weeks, zones
from sundaypaper.config import Config
from sundaypaper.delivery.figures import MailSums, mail_sums
from sundaypaper.models import IssueHead
from sundaypaper.pipeline.opening import READERS, look_into_store
from sundaypaper.pipeline.standing import MARGIN, Standing, due_at, due_week, standing
from sundaypaper.store import Run, Store
from sundaypaper.wording.counts import plural
from sundaypaper.wording.dates import DAYS, day_words
from sundaypaper.wording.runs import how_it_ended

Part = Literal["issue", "schedule", "mail", "disk", "source", "inbox"]
# The worst first: what readers notice, then what they will.
WORST: tuple[Part, ...] = ("issue", "schedule", "mail", "disk", "source", "inbox")
FORMAT = 1
A_WEEK = timedelta(days=8)  # a weekly timer, and a day in which it may be late
AN_HOUR, A_DAY = timedelta(hours=1), timedelta(days=1)
# An issue is mailed by itself within so long after it was printed.
FRESH = timedelta(days=6)
LEDGERS = 3  # weeks in a row in which a feed failed
FEW = 0.05  # of the mails of an issue may fail
NAMED = 3
MEGABYTE = 1_000_000
LEAST = 200 * MEGABYTE
PAGES = 20 * MEGABYTE  # of a week, where arXiv brings 3,400 papers


@dataclass(frozen=True, slots=True)
class Trouble:
    """A part that needs a person, and a sentence that says why and what to do."""

    part: Part
    text: str


@dataclass(frozen=True, slots=True)
class Space:
    """Bytes that are free where the paper lies, and how many two weeks need."""

    free: int
    needed: int


@dataclass(frozen=True, slots=True)
class Watch:
    """How a paper stands. troubles: the worst first; waits: what a person decides, and is no fault.

    newest is the newest printed issue, None for none. sources: how many are in each state in the
    ledger of the newest week; failing: the names of those that failed.
    """

    at: datetime
    standing: Standing
    newest: IssueHead | None
    next_due: datetime
    last_run: Run | None
    sources: Mapping[str, int]
    failing: tuple[str, ...]
    mails: MailSums
    space: Space
    troubles: tuple[Trouble, ...] = ()
    waits: tuple[str, ...] = ()

    @property
    def well(self) -> bool:
        """Whether nothing needs a person."""
        return not self.troubles


def watch(
    config: Config, store: Store, root: Path, now: datetime, free: Callable[[Path], int]
) -> Watch:
    """Look at a paper, whose readers.db lies in its root. free gives the bytes free in a folder."""
    heads = store.heads()
    at = standing(config, store, now, heads, store.began())
    newest = next((head for head in heads if head.state == "frozen"), None)
    ledger = store.reports(heads[0].week) if heads else {}
    seen = Watch(
        at=now,
        standing=at,
        newest=newest,
        next_due=_next_due(config, now, heads),
        last_run=next(iter(store.last_runs(1)), None),
        sources=Counter(report.state for report in ledger.values()),
        failing=tuple(name for name, report in ledger.items() if report.state == "failed"),
        mails=mail_sums(root / READERS, now, newest),
        space=space_of(root, free, len(heads)),
    )
    found = (
        *_issue(config, seen),
        *_schedule(seen),
        *_mail(config, seen),
        *_disk(seen),
        *_sources(config, store, seen, heads),
        *_inbox(config, seen),
    )
    return replace(seen, troubles=found, waits=tuple(_waits(seen)))


def look(
    config: Config, root: Path, output: Path, now: datetime, free: Callable[[Path], int]
) -> Watch:
    """Open paper.db of a root for a look; StoreError says what is wrong with it."""
    with look_into_store(root, output) as store:
        return watch(config, store, root, now, free)


def as_json(seen: Watch) -> dict[str, Any]:
    """What `status --json` shows: plain data under names that stay (docs/watching.md)."""
    at, run, newest = seen.standing, seen.last_run, seen.newest
    return {
        "format": FORMAT,
        "at": _stamp(seen.at),
        "well": seen.well,
        "troubles": [{"part": one.part, "text": one.text} for one in seen.troubles],
        "waits": list(seen.waits),
        "issue": {
            "week": at.week,
            "state": at.state,
            "due": _stamp(at.due),
            "late": at.late,
            "newest": newest.week if newest else None,
            "printed_at": _stamp(newest.composed) if newest else None,
            "next_due": _stamp(seen.next_due),
        },
        "last_run": {
            "at": _stamp(run.now),
            "week": run.week,
            "status": run.status,
            "ended": how_it_ended(run.status, run.detail),
        }
        if run
        else None,
        "sources": dict(sorted(seen.sources.items())),
        "failing": list(seen.failing),
        "mails": {
            "week": seen.mails.week or None,
            "states": dict(sorted(seen.mails.states.items())),
            "owed": seen.mails.owed,
            "paused": seen.mails.paused,
            "subscribers": seen.mails.subscribers,
            "sign_ups_pending": seen.mails.pending,
        },
        "disk": {"free": seen.space.free, "needed": seen.space.needed},
    }


# ---------------------------------------------------------------- what is wrong


def _issue(config: Config, seen: Watch) -> Iterator[Trouble]:
    at = seen.standing
    if not at.late:
        return
    local = at.due.astimezone(zones.clock(config.masthead.timezone))
    was_due = f"{DAYS[local.weekday()]} {day_words(local, year=False)} at {local:%H:%M}"
    yield Trouble(
        "issue", f"{at.week} is late: it was due on {was_due}{_since(seen)}. {_why_late(seen)}"
    )


def _since(seen: Watch) -> str:
    """The newest issue, and how many weeks before the late one it is."""
    if seen.newest is None:
        return ""
    back = (weeks.monday(seen.standing.week) - weeks.monday(seen.newest.week)).days // 7
    return f"; the newest that is printed is {seen.newest.week}, {plural(back, 'week')} before"


def _why_late(seen: Watch) -> str:
    """What is known of the reason, and what to do."""
    run, at = seen.last_run, seen.standing
    if run is None or run.now < at.due:
        return (
            "Nothing ran since then: `sundaypaper run` prints it; is the timer or `schedule` alive?"
        )
    if run.detail.get("error"):
        return f"The last run {how_it_ended(run.status, run.detail)}"
    if at.state == "draft" and at.gap:
        return f"It is a draft: {at.gap}. `sundaypaper run` asks again; `print --incomplete REASON` prints it as it is"  # fmt: skip
    return f"`sundaypaper run --week {at.week}` makes it"


def _schedule(seen: Watch) -> Iterator[Trouble]:
    run = seen.last_run
    if run and seen.at - run.now > A_WEEK and not seen.standing.late:
        yield Trouble("schedule", f"nothing ran since {run.now:%Y-%m-%d %H:%M} UTC: is the timer or `sundaypaper schedule` alive?")  # fmt: skip


def _mail(config: Config, seen: Watch) -> Iterator[Trouble]:
    mails, newest = seen.mails, seen.newest
    if config.delivery is None:
        return
    if mails.week and (why := _wrong_with(mails)):
        yield Trouble("mail", f"mails of {mails.week}: {why}; `sundaypaper deliveries --week {mails.week}` says more")  # fmt: skip
    if newest is None or mails.of_newest or not AN_HOUR < seen.at - newest.composed < FRESH:
        return
    somebody = mails.subscribers_then or config.readers or config.delivery.is_list
    if somebody:
        yield Trouble("mail", f"{newest.week} is printed and no mail of it went out: `sundaypaper send` sends it")  # fmt: skip


def _wrong_with(mails: MailSums) -> str:
    """What a person has to see about the mails of an issue; "" for nothing."""
    counts = mails.states
    out = sum(counts.get(state, 0) for state in ("sent", "uncertain", "returned", "failed"))
    parts = []
    if mails.paused:
        parts.append("they are paused and wait for `send`")
    if mails.owed:
        parts.append(f"{mails.owed} should have gone out an hour ago or more")
    if counts.get("uncertain"):
        parts.append(f"{counts['uncertain']} may have arrived or not")
    for state, words in (("failed", "failed"), ("returned", "came back")):
        if counts.get(state, 0) > FEW * out:
            parts.append(f"{counts[state]} of {out} {words}")
    return ", ".join(parts)


def _disk(seen: Watch) -> Iterator[Trouble]:
    free, needed = (round(count / MEGABYTE) for count in (seen.space.free, seen.space.needed))
    if seen.space.free < seen.space.needed:
        yield Trouble("disk", f"{free:,} MB are free where the paper lies, and two weeks need {needed:,} MB: make room")  # fmt: skip


def _sources(
    config: Config, store: Store, seen: Watch, heads: tuple[IssueHead, ...]
) -> Iterator[Trouble]:
    for spec in config.sources:
        if not spec.completes_weeks or spec.off or seen.last_run is None:
            continue
        answered = store.poll(spec.name).answered_at or store.began()
        # Measured at the last run: a source that nobody asks is not to blame.
        if answered and seen.last_run.now - answered > A_WEEK:
            yield Trouble("source", f"{spec.name} has not answered in full since {answered:%Y-%m-%d}: `sundaypaper feeds check` says why")  # fmt: skip
    asked = sum(seen.sources.values()) - seen.sources.get("off", 0)
    if len(seen.failing) > asked / 2:
        yield Trouble("source", f"{len(seen.failing)} of {plural(asked, 'source')} failed in {heads[0].week} ({_names(seen.failing)}): is there a network? `sundaypaper feeds check` says why")  # fmt: skip
        return
    named = {spec.name for spec in config.sources if not spec.off}
    stalled = tuple(name for name in _stalled(store, seen.failing, heads) if name in named)
    if stalled:
        have = "has" if len(stalled) == 1 else "have"
        yield Trouble("source", f"{_names(stalled)} {have} failed for {LEDGERS} weeks: `sundaypaper feeds check` says why; take out of feeds.yaml what is gone")  # fmt: skip


def _stalled(store: Store, failing: Iterable[str], heads: tuple[IssueHead, ...]) -> tuple[str, ...]:
    """The sources that failed in each of the last weeks."""
    if len(heads) < LEDGERS:
        return ()
    ledgers = [store.reports(head.week) for head in heads[:LEDGERS]]
    return tuple(
        name
        for name in failing
        if all(name in ledger and ledger[name].state == "failed" for ledger in ledgers)
    )


def _names(names: tuple[str, ...]) -> str:
    more = f" and {len(names) - NAMED} more" if len(names) > NAMED else ""
    return ", ".join(names[:NAMED]) + more


def _inbox(config: Config, seen: Watch) -> Iterator[Trouble]:
    mails = seen.mails
    if config.inbox is None or config.delivery is None or not mails.mailed_before(seen.at - A_DAY):
        return
    if mails.inbox_read is None or seen.at.date() - mails.inbox_read > A_DAY:
        since = f"since {mails.inbox_read}" if mails.inbox_read else "yet"
        yield Trouble("inbox", f"the inbox was not read {since}, so whoever left by mail still gets it: `sundaypaper inbox` reads it")  # fmt: skip


def _waits(seen: Watch) -> Iterator[str]:
    at = seen.standing
    if at.state == "with its editor":
        yield f"{at.week} waits for its editor: `sundaypaper print --week {at.week}`"


# ---------------------------------------------------------------- what is looked at


def _next_due(config: Config, now: datetime, heads: Iterable[IssueHead]) -> datetime:
    """When the next week is to be printed: one whose time is just over may still come."""
    printed = {head.week for head in heads if head.state == "frozen"}
    week = due_week(config, now - MARGIN)
    while due_at(config, week) <= now - MARGIN or week in printed:
        week = weeks.after(week)
    return due_at(config, week)


def space_of(root: Path, free: Callable[[Path], int], issues: int) -> Space:
    """What is free, at the root or below its output, whichever is less; and what two weeks need."""
    folders = [folder for folder in (root, root / "output") if folder.exists()]
    file = root / "paper.db"
    kept = file.stat().st_size if file.exists() else 0
    a_week = PAGES + kept // max(1, issues)
    return Space(min(map(free, folders), default=0), max(LEAST, 2 * a_week))


def _stamp(moment: datetime) -> str:
    return moment.astimezone(UTC).isoformat(timespec="seconds")
