"""Collecting: in which order, and how many at once, what sources bring is kept."""

from __future__ import annotations

from collections import deque
from concurrent.futures import Future
from contextlib import suppress
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from sundaypaper import config
from sundaypaper.models import Ask, Fetched, PollState, SourceReport
from sundaypaper.pipeline.collecting import Answers, _answers, _chains, try_sources
from sundaypaper.sources import ArxivSource, FeedSource, Tools, in_process
from sundaypaper.store import Store

NOW = datetime(2026, 3, 8, 12, tzinfo=UTC)


def brought(name: str) -> Answers:
    """What a source of that name brings."""
    return [(name, Fetched(SourceReport(name, "feed", "fresh"), PollState(name)))]


def test_what_is_there_is_kept_at_once_and_in_order() -> None:
    """Nobody waits for a slow host to keep what others brought before it; the order stays."""
    chains = [Future[Answers]() for _ in "abcd"]
    for number, name in ((0, "a"), (1, "b"), (3, "d")):
        chains[number].set_result(brought(name))
    batches = _answers(deque(chains))
    assert [name for name, _ in next(batches)] == ["a", "b"]
    chains[2].set_result(brought("c"))
    assert [name for name, _ in next(batches)] == ["c", "d"]
    assert list(batches) == []


def test_what_came_before_an_interruption_is_kept() -> None:
    """It is not lost with the one that was interrupted, though both are done."""
    chains = [Future[Answers]() for _ in "ab"]
    chains[0].set_result(brought("a"))
    chains[1].set_exception(InterruptedError())
    batches = _answers(deque(chains))
    assert [name for name, _ in next(batches)] == ["a"]
    with pytest.raises(InterruptedError):
        next(batches)


def test_hosts_that_failed_are_asked_after_all_others() -> None:
    """Fifty that answer no more would else keep those behind them waiting; arXiv is first as ever."""
    named = ("Slow", "Good", "Mixed", "Better")
    feeds = [FeedSource(name, f"https://{name.lower()}.example/feed") for name in named]
    feeds.append(FeedSource("Mixed too", "https://mixed.example/other"))
    polls = {spec.name: PollState(spec.name) for spec in feeds}
    polls |= {name: PollState(name, failures=2) for name in ("arXiv", "Slow", "Mixed")}
    chains = _chains((*feeds, ArxivSource(categories=("cs.LG",))), polls)
    assert [[spec.name for spec in chain] for chain in chains] == [
        ["arXiv"], ["Good"], ["Mixed", "Mixed too"], ["Better"], ["Slow"],
    ]  # fmt: skip


class Stop(BaseException):
    """As Ctrl-C, but not for pytest."""


class Interrupted:
    """A network in which somebody presses Ctrl-C."""

    def get(self, *_: object, **__: object) -> object:
        raise Stop


def test_a_check_that_is_interrupted_stops_the_others_too() -> None:
    """`feeds check` waits no longer than `run` for hosts and documents."""
    stopped: list[str] = []
    nothing: Any = None
    network: Any = Interrupted()
    tools = Tools(network, nothing, nothing, nothing, in_process, lambda: stopped.append("all"))
    paper = replace(config.default_config(), sources=(FeedSource("A", "https://example.org/feed"),))
    with pytest.raises(Stop):
        try_sources(paper, (), tools, Ask("", NOW, NOW))
    assert stopped == ["all"]


def test_what_is_kept_together_costs_one_commit_and_is_kept_whole(tmp_path: Path) -> None:
    """Each commit waits for the disk; an interruption among them leaves none of them."""
    said: list[str] = []
    with Store(tmp_path / "paper.db") as store:
        store.db.conn.set_trace_callback(said.append)
        with store.together():
            for name in "ab":
                store.save((), (), (PollState(name, etag=name),))
        assert said.count("COMMIT") == 1
        with suppress(KeyboardInterrupt), store.together():
            store.save((), (), (PollState("a", etag="later"),))
            raise KeyboardInterrupt
        assert [store.poll(name).etag for name in "ab"] == ["a", "b"]
