"""One feed, asked when it is due, with conditional requests; a failure is a value."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import AbstractContextManager, nullcontext
from dataclasses import replace
from datetime import datetime, timedelta

from sundaypaper.errors import FetchError, ParseError, SourceError
from sundaypaper.models import (
    Ask,
    Entry,
    FeedSpec,
    Fetched,
    Filter,
    PollState,
    SourceReport,
    SourceState,
)
from sundaypaper.net import Net, Response, retry_after
from sundaypaper.query import card_of_entry, match
from sundaypaper.sources.feed.document import ParsedFeed, parse
from sundaypaper.sources.feed.polling import Memory, after_failure, after_success, belongs
from sundaypaper.weeks import iso_week

Parser = Callable[[bytes, str, str, str], ParsedFeed]

ACCEPT = (
    "application/atom+xml, application/rss+xml, application/feed+json, "
    "application/xml;q=0.9, text/xml;q=0.9, */*;q=0.5"
)
OLD = timedelta(days=30)
AHEAD = timedelta(days=1)


def fetch(
    spec: FeedSpec,
    poll: PollState,
    net: Net,
    ask: Ask,
    read: Parser = parse,
    turn: AbstractContextManager[object] | None = None,
) -> Fetched:
    """What a feed brought and what to remember of it; never raises SourceError.

    read turns bytes into entries; one that works in another process may be given. turn is entered
    for the request only, where the feed's host wants its requests apart.
    """
    if not belongs(poll.note, spec.url):  # configured anew: what is remembered is of another
        poll = PollState(spec.name)
    memory = Memory.of_note(poll.note, spec.url)
    if spec.off:
        return _quiet(spec, poll, "off", "switched off in feeds.yaml")
    if memory.gone:
        return _quiet(spec, poll, "off", _gone(spec.url))
    if poll.next_check is not None and poll.next_check > ask.wall:
        return _quiet(spec, poll, "not due", f"next check {poll.next_check:%Y-%m-%d %H:%M} UTC")
    try:
        with turn or nullcontext():
            answer = net.get(poll.url or spec.url, headers=_conditions(poll))
        if answer.status == 410 and not poll.url:
            gone = replace(poll, failures=poll.failures + 1, note=Memory(spec.url, True).note())
            return _quiet(spec, gone, "off", _gone(answer.url))
        if answer.status == 304 and (poll.etag or poll.last_modified):
            poll = _good(poll, memory, answer, None, ask)
            return _quiet(spec, poll, "unchanged", "")
        feed = _read(read, spec.name, answer, ask)
    except SourceError as e:
        return _failed(spec, poll, ask, e)
    return _sorted(spec, poll, memory, answer, feed, ask)


def _quiet(spec: FeedSpec, poll: PollState, state: SourceState, detail: str) -> Fetched:
    return Fetched(SourceReport(spec.name, spec.kind, state, detail=detail), poll)


def _gone(url: str) -> str:
    return f"gone: {url} answered 410. Take it out of feeds.yaml, or give its new address."


def _conditions(poll: PollState) -> dict[str, str]:
    said = {"if-none-match": poll.etag, "if-modified-since": poll.last_modified}
    return {"accept": ACCEPT} | {name: value for name, value in said.items() if value}


def _read(read: Parser, name: str, answer: Response, ask: Ask) -> ParsedFeed:
    """The feed; FetchError for any status but 200, ParseError whatever goes wrong in reading."""
    if answer.status == 200:
        try:
            return read(answer.body, answer.headers.get("content-type", ""), name, answer.url)
        except ParseError:
            raise
        except Exception as e:  # one feed's oddity must never stop the others
            raise ParseError(f"cannot be read ({type(e).__name__}: {str(e)[:100]})") from e
    raise FetchError(
        f"{answer.url} answered {answer.status}.",
        reason="status",
        status=answer.status,
        retry_after=retry_after(answer.headers, ask.wall),
    )


def _good(
    poll: PollState, memory: Memory, answer: Response, ttl: float | None, ask: Ask
) -> PollState:
    """What to remember after an answer that was whole, validators apart."""
    memory = memory.saw(answer.moved, ask.wall) if answer.moved or not poll.url else memory
    due = ask.wall + after_success(answer.headers, ttl, ask.wall)
    return replace(
        poll,
        url=memory.settled(ask.wall) or poll.url,
        failures=0,
        next_check=poll.next_check if ask.rehearsal else due,
        answered_at=ask.now,
        note=memory.note(),
    )


def _failed(spec: FeedSpec, poll: PollState, ask: Ask, error: SourceError) -> Fetched:
    """A failure: the sentence, how often by now, and what happens next."""
    asked = error.retry_after if isinstance(error, FetchError) else None
    offline = isinstance(error, FetchError) and error.reason == "unreachable"
    # The first time that nothing is reached the fault may be ours: nobody need wait to try again.
    wait = timedelta() if offline and not poll.failures else after_failure(poll.failures, asked)
    times = poll.failures + 1
    what = f"{spec.url}: {error}." if isinstance(error, ParseError) else str(error)
    if ask.rehearsal:  # a rehearsal leaves no back-off behind, so it counts no failure either
        return _quiet(spec, poll, "failed", what)
    again = "" if times == 1 else f" Failed {times} times in a row."
    hours = round(wait.total_seconds() / 3600)
    when = f"Asked again in {hours} h at the earliest." if hours else "Asked again at the next run."
    detail = f"{what}{again} {when}"
    later = replace(
        poll,
        # A new address that fails is forgotten: the configured one is asked next.
        url="",
        etag="" if poll.url else poll.etag,
        last_modified="" if poll.url else poll.last_modified,
        failures=times,
        next_check=ask.wall + wait,
        note=Memory(spec.url).note(),
    )
    return _quiet(spec, later, "failed", detail)


def _sorted(
    spec: FeedSpec,
    poll: PollState,
    memory: Memory,
    answer: Response,
    feed: ParsedFeed,
    ask: Ask,
) -> Fetched:
    """A feed that was read: what may be news, what is backlog, what the filter keeps out."""
    dated = [_dated(replace(e, group=spec.group), ask.now) for e in feed.entries]
    kept = [e for e in dated if _wanted(spec.only, e)]
    first = not poll.fetched_once
    news = tuple(_placed(e, ask, first) for e in kept if _may_be_news(e, ask, first))
    updates = tuple(e for e in kept if not _may_be_news(e, ask, first))
    said = replace(
        _good(poll, memory, answer, feed.ttl, ask),
        etag=answer.headers.get("etag", ""),
        last_modified=answer.headers.get("last-modified", ""),
        fetched_once=True,
    )
    notes = []
    if feed.dropped:
        notes.append(f"{feed.dropped} without address, guid and title dropped")
    if len(dated) > len(kept):
        notes.append(f"{len(dated) - len(kept)} kept out by its filter")
    if said.url != poll.url:
        notes.append(f"moved to {said.url}: change it in feeds.yaml")
    report = SourceReport(
        spec.name,
        spec.kind,
        "fresh",
        fetched=len(feed.entries),
        new=len(news),
        detail="; ".join(notes),
    )
    return Fetched(report, said, news, updates, names=feed.names, again=not first)


def _dated(entry: Entry, now: datetime) -> Entry:
    """Without the dates that lie in the future."""
    published, updated = (
        None if date is not None and date > now + AHEAD else date
        for date in (entry.published, entry.updated)
    )
    return replace(entry, published=published, updated=updated)


def _wanted(only: Filter | None, entry: Entry) -> bool:
    return only is None or match(only, card_of_entry(entry))


def _may_be_news(entry: Entry, ask: Ask, first: bool) -> bool:
    """The backlog rule: what a new source wrote before this week was never news here."""
    if first:
        return entry.published is not None and iso_week(entry.published.date()) >= ask.week
    return entry.published is None or entry.published >= ask.now - OLD


def _placed(entry: Entry, ask: Ask, first: bool) -> Entry:
    """On a first fetch what is dated after the asked week stands in the week of its date."""
    week = iso_week(entry.published.date()) if first and entry.published else ""
    return replace(entry, week=week) if week > ask.week else entry
