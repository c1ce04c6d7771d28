"""The sources: one module a kind, bytes in, entries out. Adding one is a module and a word here."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from sundaypaper import plugins
from sundaypaper.errors import SourceError
from sundaypaper.models import (
    ArxivSpec,
    Ask,
    BundleSpec,
    CalendarSpec,
    DeadlinesSpec,
    FeedSpec,
    Fetched,
    PollState,
    SourceReport,
    SourceSpec,
)
from sundaypaper.net import Net, Pace, host_of
from sundaypaper.sources import arxiv, bundle, calendar, deadlines, feed


@dataclass(frozen=True, slots=True)
class Tools:
    """What a source may use of the world: the network, arXiv's pace, a way to wait and to tell.

    After stop, waiting fails at once: the run was interrupted.
    """

    net: Net
    pace: Pace
    sleep: Callable[[float], None]
    tell: Callable[[str], None]
    stop: Callable[[], None] = lambda: None


WINDOW_WEEKS = arxiv.WINDOW_WEEKS
# So many known papers are asked for again in a week, at most.
MOST_AGAIN = arxiv.BATCH * arxiv.MOST_BATCHES

Fetch = Callable[[SourceSpec, PollState, Tools, Ask], Fetched]


def asks_again(spec: SourceSpec, poll: PollState, ask: Ask) -> bool:
    """Whether a source asks for known papers again in this run."""
    return isinstance(spec, ArxivSpec) and arxiv.asks_again(spec, poll, ask)


def at_arxiv(url: str) -> bool:
    """Whether an address is one of arXiv's: its API, RSS and OAI count as one for its pace."""
    host = host_of(url).rpartition(":")[0]
    return host == "arxiv.org" or host.endswith(".arxiv.org")


def _arxiv(spec: SourceSpec, poll: PollState, tools: Tools, ask: Ask) -> Fetched:
    assert isinstance(spec, ArxivSpec)  # its kind led here
    return arxiv.fetch(
        spec, poll, tools.net, ask, pace=tools.pace, sleep=tools.sleep, tell=tools.tell
    )


def _feed(spec: SourceSpec, poll: PollState, tools: Tools, ask: Ask) -> Fetched:
    assert isinstance(spec, FeedSpec)  # its kind led here
    turn = tools.pace if at_arxiv(poll.url or spec.url) else None
    return feed.fetch(spec, poll, tools.net, ask, turn=turn)


def _deadlines(spec: SourceSpec, poll: PollState, tools: Tools, ask: Ask) -> Fetched:
    assert isinstance(spec, DeadlinesSpec)  # its kind led here
    turn = tools.pace if at_arxiv(poll.url or spec.url) else None
    return deadlines.fetch(spec, poll, tools.net, ask, turn=turn)


def _calendar(spec: SourceSpec, poll: PollState, tools: Tools, ask: Ask) -> Fetched:
    assert isinstance(spec, CalendarSpec)  # its kind led here
    turn = tools.pace if at_arxiv(poll.url or spec.url) else None
    return calendar.fetch(spec, poll, tools.net, ask, turn=turn)


def _bundle(spec: SourceSpec, poll: PollState, _tools: Tools, ask: Ask) -> Fetched:
    assert isinstance(spec, BundleSpec)  # its kind led here
    return bundle.fetch(spec, poll, ask)


KINDS: Mapping[str, Fetch] = {
    "arxiv": _arxiv,
    "feed": _feed,
    "deadlines": _deadlines,
    "calendar": _calendar,
    "bundle": _bundle,
}
# Kinds that bring all that is there: a date of theirs that did not come with the rest is off.
WHOLE = frozenset({"deadlines", "calendar"})


def fetch(spec: SourceSpec, poll: PollState, tools: Tools, ask: Ask) -> Fetched:
    """What one source brings; a failure is a report, never an exception."""
    try:
        ask_for = plugins.named(spec.kind, KINDS)
    except ValueError as bad:
        return Fetched(SourceReport(spec.name, spec.kind, "failed", detail=str(bad)), poll)
    try:
        found: object = ask_for(spec, poll, tools, ask)
        if not isinstance(found, Fetched):
            raise TypeError(
                f"{spec.kind} gave a {type(found).__name__} where a Fetched is expected"
            )
        return found
    except SourceError as bad:
        return Fetched(SourceReport(spec.name, spec.kind, "failed", detail=str(bad)), poll)
    except Exception as bad:  # a fault in one source's code must not lose the others
        detail = f"a fault in the program: {type(bad).__name__}: {bad}; please report it"
        return Fetched(SourceReport(spec.name, spec.kind, "failed", detail=detail), poll)
