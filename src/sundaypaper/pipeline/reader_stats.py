"""Figures about the readers, for the operator: sums alone, and nothing of who opened or clicked."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

from sundaypaper import query, weeks
from sundaypaper.config import Config
from sundaypaper.delivery import Readers, SignUps
from sundaypaper.delivery.figures import Tally, counted_since, mails, tallies, wishes
from sundaypaper.errors import QueryError

# Why somebody gets no mail any more: by themselves, or since mails to them came back.
BY_THEMSELVES, BY_BOUNCE = ("left", "complaint", "erased", "command"), ("bounce",)
WENT = (*BY_THEMSELVES, *BY_BOUNCE)
A_WEEK = timedelta(days=6)  # with today seven days


@dataclass(frozen=True, slots=True)
class Week:
    """Who came and went in an ISO week, and how many subscribers there were at its end."""

    week: str
    joined: int
    left: int
    bounced: int
    subscribers: int


@dataclass(frozen=True, slots=True)
class MailedIssue:
    """The mails of an issue: sent (those that came back too), came back, failed; who left after it.

    left counts those who went with that issue as their last one.
    """

    week: str
    sent: int
    returned: int
    failed: int
    left: int


@dataclass(frozen=True, slots=True)
class ReaderStats:
    """Subscribers as they stand, by what they wish, by week and by issue; the newest come first.

    topics, editions: how many wish each, by its name; somebody may wish several topics. everything:
    those without a wish; other: those whose filter names no topic. pending: sign-ups that nobody has
    confirmed, by state.
    """

    subscribers: int
    paused: int
    pending: Mapping[str, int]
    everything: int
    topics: Mapping[str, int]
    editions: Mapping[str, int]
    other: int
    weeks: tuple[Week, ...]
    issues: tuple[MailedIssue, ...]


NO_READERS = ReaderStats(0, 0, {}, 0, {}, {}, 0, (), ())


def reader_stats(config: Config, readers: Readers, now: datetime, count: int) -> ReaderStats:
    """The figures of the last so many weeks and issues."""
    wished = wishes(readers)
    subscribers = sum(wished.values())
    counted = tallies(readers)
    pending = Counter(pending.state for pending in SignUps(readers).pending(now))
    topics, other = _by_topic(config, wished)
    return ReaderStats(
        subscribers=subscribers,
        paused=len(readers.pausing(now.date())),
        pending=dict(sorted(pending.items())),
        everything=wished.get(("", ""), 0),
        topics=topics,
        editions=_by_edition(config, wished),
        other=other,
        weeks=_by_week(counted, subscribers, now, count),
        issues=_by_issue(readers, counted, count),
    )


def _by_topic(
    config: Config, wished: Mapping[tuple[str, str], int]
) -> tuple[Mapping[str, int], int]:
    names = {topic.id: topic.name for topic in config.topics}
    topics, other = Counter[str](), 0
    for (filter, edition), many in wished.items():
        if edition or not filter:
            continue
        named = _topics_of(filter)
        other += 0 if named else many
        topics.update({names.get(id, id): many for id in named})
    return _most_first(topics), other


def _topics_of(filter: str) -> frozenset[str]:
    try:
        return query.topics_wished(query.parse(filter).tree)
    except QueryError:  # of an earlier version of the language
        return frozenset()


def _by_edition(config: Config, wished: Mapping[tuple[str, str], int]) -> Mapping[str, int]:
    names, editions = {one.id: one.name for one in config.editions}, Counter[str]()
    for (_, edition), many in wished.items():
        if edition:
            editions[names.get(edition, edition)] += many
    return _most_first(editions)


def _most_first(counts: Counter[str]) -> Mapping[str, int]:
    return dict(sorted(counts.items(), key=lambda item: (-item[1], item[0])))


def _by_week(
    counted: Iterable[Tally], subscribers: int, now: datetime, count: int
) -> tuple[Week, ...]:
    sums: dict[str, Counter[str]] = {}
    for tally in counted:
        sums.setdefault(weeks.iso_week(tally.day), Counter())[tally.what] += tally.times
    week, at_end, found = weeks.iso_week(now.date()), subscribers, list[Week]()
    first = min(sums, default=week)
    while len(found) < count and week >= first:
        of = sums.get(week, Counter())
        left, bounced = (sum(of[why] for why in whys) for whys in (BY_THEMSELVES, BY_BOUNCE))
        found.append(Week(week, of["joined"], left, bounced, at_end))
        at_end -= of["joined"] - left - bounced
        week = weeks.after(week, -1)
    return tuple(found)


def _by_issue(readers: Readers, counted: Iterable[Tally], count: int) -> tuple[MailedIssue, ...]:
    left = Counter[str]()
    for tally in counted:
        if tally.what in BY_THEMSELVES:
            left[tally.week] += tally.times
    sums = mails(readers, count)
    return tuple(
        MailedIssue(
            week=week,
            sent=of["sent"] + of["uncertain"] + of["returned"],
            returned=of["returned"],
            failed=of["failed"],
            left=left[week],
        )
        for week, of in sorted(sums.items(), reverse=True)
    )


@dataclass(frozen=True, slots=True)
class LastDays:
    """What the readers' pages and mails brought in seven days."""

    sign_ups: int
    confirmed: int
    joined: int
    went: int


def last_days(file: Path, now: datetime) -> LastDays | None:
    """The last seven days of a readers.db; None where there is no such file."""
    if not file.exists():
        return None
    counted = counted_since(file, now.date() - A_WEEK)
    went = sum(counted.get(why, 0) for why in WENT)
    sign_ups, confirmed, joined = (
        counted.get(what, 0) for what in ("asked", "confirmed", "joined")
    )
    return LastDays(sign_ups, confirmed, joined, went)
