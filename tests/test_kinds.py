"""The tables of kinds: what a source and a channel are, where their facts stand, what they cost."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from sundaypaper import config
from sundaypaper.delivery.channels import CHANNELS
from sundaypaper.errors import ConfigError
from sundaypaper.models import Fetched, PollState, SourceReport
from sundaypaper.sources import KINDS, FeedSource, Source, fetch

# What only asking and sending need, and what a look at feeds.yaml must not wait for.
HEAVY = ("httpx", "httpcore", "feedparser", "icalendar", "arxiv", "requests", "lxml", "imaplib")


def loaded(folder: Path, sources: str) -> tuple[Source, ...]:
    """The sources of a feeds.yaml."""
    (folder / "feeds.yaml").write_text(f"sources:\n{sources}", encoding="utf-8")
    return config.load(folder / "feeds.yaml").sources


def test_every_kind_is_told_apart_by_its_word() -> None:
    """The words of feeds.yaml, in the order in which they are explained."""
    assert list(KINDS) == ["arxiv", "feed", "deadlines", "calendar", "votes", "bundle"]
    assert list(CHANNELS) == ["smtp", "list", "file", "chat"]


@pytest.mark.parametrize(
    ("kind", "whole", "completes_weeks", "on_disk", "is_feed", "venue_lists"),
    [
        ("arxiv", False, True, False, False, ()),
        ("feed", False, False, False, True, ()),
        ("deadlines", True, False, False, False, ("only",)),
        ("calendar", True, False, False, False, ()),
        ("votes", False, False, False, False, ()),
        ("bundle", False, False, True, False, ()),
    ],
)
def test_the_facts_of_each_kind_of_source(
    kind: str,
    whole: bool,
    completes_weeks: bool,
    on_disk: bool,
    is_feed: bool,
    venue_lists: tuple[str, ...],
) -> None:
    """What collecting, completing, printing and the lists of feeds ask of a kind."""
    found = KINDS[kind]
    facts = (found.whole, found.completes_weeks, found.on_disk, found.is_feed, found.venue_lists)
    assert facts == (whole, completes_weeks, on_disk, is_feed, venue_lists)


@pytest.mark.parametrize(
    ("kind", "needs_server", "is_list", "writes_files"),
    [
        ("smtp", True, False, False),
        ("list", True, True, False),
        ("file", False, False, True),
    ],
)
def test_the_facts_of_each_kind_of_channel(
    kind: str, needs_server: bool, is_list: bool, writes_files: bool
) -> None:
    """What feeds.yaml must give, whom mail goes to, and whether a rehearsal may use it."""
    row = CHANNELS[kind]
    assert (row.needs_server, row.is_list, row.writes_files) == (
        needs_server,
        is_list,
        writes_files,
    )


def test_where_each_source_lies_and_with_whom_it_is_asked_in_turn(tmp_path: Path) -> None:
    """All of arXiv is one host, a mirror of its API too; a bundle is asked by itself."""
    sources = loaded(
        tmp_path,
        "- {kind: arxiv, api_url: 'https://mirror.example/api'}\n"
        "- {kind: feed, name: A, url: 'https://a.example/feed'}\n"
        "- {kind: feed, name: B, url: 'https://rss.arxiv.org/rss/cs.LG'}\n"
        "- {kind: calendar, name: C, url: 'https://a.example:8443/x.ics'}\n"
        "- {kind: bundle, name: D, path: courses}\n"
        "- {kind: bundle, name: E, path: shelf}\n"
        "- {kind: votes, name: F, api_url: 'https://a.example/list'}\n",
    )
    assert [(source.address, source.host) for source in sources] == [
        ("https://mirror.example/api", "arxiv"),
        ("https://a.example/feed", "a.example:443"),
        ("https://rss.arxiv.org/rss/cs.LG", "arxiv"),
        ("https://a.example:8443/x.ics", "a.example:8443"),
        (f"{tmp_path}/courses", "D"),
        ("shelf", "E"),
        ("https://a.example/list", "a.example:443"),
    ]


@pytest.mark.parametrize(
    ("keys", "is_shelf"),
    [
        ("path: shelf", True),
        ("path: courses", False),
        ("path: shelf, use: news", False),
        ("path: courses, use: shelf", True),
    ],
)
def test_a_bundle_is_a_shelf_by_its_path_or_by_its_use(
    tmp_path: Path, keys: str, is_shelf: bool
) -> None:
    """What is written counts; where nothing is, the shelf of the package is one."""
    (bundle,) = loaded(tmp_path, f"- {{kind: bundle, name: B, {keys}}}\n")
    assert getattr(bundle, "is_shelf", None) is is_shelf


def brings(spec: Source, poll: PollState, tools: object, ask: object) -> Fetched:
    """A source of somebody else's, which says what it was given."""
    assert isinstance(spec, FeedSource)
    return Fetched(SourceReport(spec.name, spec.kind, "fresh", detail=spec.url), poll)


def test_somebody_elses_source_is_called_with_the_keys_of_a_feed(tmp_path: Path) -> None:
    """And one whose module is not there is a source that failed, with the reason."""
    there, gone = loaded(
        tmp_path,
        "- {kind: 'test_kinds:brings', name: P, url: 'https://p.example/'}\n"
        "- {kind: 'no_such_module:x', name: Q, url: 'https://q.example/'}\n",
    )
    nothing: Any = None
    got = fetch(there, PollState("P"), nothing, nothing).report
    assert (got.kind, got.state, got.detail) == (
        "test_kinds:brings",
        "fresh",
        "https://p.example/",
    )
    failed = fetch(gone, PollState("Q"), nothing, nothing).report
    assert (failed.source, failed.kind, failed.state) == ("Q", "no_such_module:x", "failed")
    assert failed.detail.startswith("“no_such_module:x”: the module no_such_module cannot be imp")


def test_a_source_in_code_is_checked_where_a_file_gives_it_alone(tmp_path: Path) -> None:
    """The form is the specification: what loads is equal to what code makes."""
    (feed,) = loaded(tmp_path, "- {kind: feed, name: A, url: 'https://a.example/', off: true}\n")
    assert feed == FeedSource("A", "https://a.example/", off=True)
    assert hash(feed) == hash(FeedSource("A", "https://a.example/", off=True))
    with pytest.raises(ConfigError, match=r":2:30: sources\[0\]\.url: expected an address"):
        loaded(tmp_path, "- {kind: feed, name: A, url: x}\n")


def test_reading_feeds_yaml_loads_nothing_that_only_asking_needs() -> None:
    """The modules of kinds are read with the configuration, their parsers and the network are not."""
    code = f"import sys, sundaypaper.config; print([m for m in {HEAVY!r} if m in sys.modules])"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"
