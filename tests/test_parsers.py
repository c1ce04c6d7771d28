"""Whatever comes from the network is parsed in a child, and comes back as if it had been read here."""

from __future__ import annotations

import json
import os
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import feedparser
import icalendar
import pytest
from lxml import etree

from loopback import Answer, Loopback
from sundaypaper import config
from sundaypaper.errors import FetchError, ParseError, SourceError
from sundaypaper.models import Ask, SourceReport, Venue
from sundaypaper.parsing import Limits, Pool, Refused
from sundaypaper.pipeline.collecting import collect, collect_votes, try_sources
from sundaypaper.pipeline.opening import Clock, open_tools
from sundaypaper.sources import DeadlinesSource, arxiv_page, calendar, deadlines, parsers, votes
from sundaypaper.sources.feed import document, jsonfeed
from sundaypaper.store import Store
from test_pipeline import Arxiv, Paper, week_of_papers

NOW = datetime(2026, 3, 8, 12, tzinfo=UTC)
AT = "https://example.org/feed"
RSS = (
    b'<rss version="2.0"><channel><title>Teas</title><ttl>90</ttl><item><title>Tea &amp; cake</title>'
    b"<link>https://example.org/a</link><guid>a</guid><pubDate>Tue, 03 Mar 2026 10:00:00 +0100</pubDate>"
    b"<description>See &lt;a href='https://arxiv.org/abs/2603.00001'&gt;this&lt;/a&gt;.</description>"
    b"</item><item/></channel></rss>"
)
JSON = json.dumps(
    {"version": "https://jsonfeed.org/version/1.1", "title": "Cups", "items": [
        {"id": "1", "url": "https://example.org/1", "title": "A cup", "date_published": "2026-03-03"}]}
).encode()  # fmt: skip
ICS = (
    b"BEGIN:VCALENDAR\r\nBEGIN:VEVENT\r\nUID:a\r\nSUMMARY:Reading group\r\n"
    b"DTSTART;TZID=Europe/Berlin:20260310T180000\r\nRRULE:FREQ=WEEKLY;COUNT=3\r\nEND:VEVENT\r\n"
    b"END:VCALENDAR\r\n"
)
YAML = (
    b"- title: Tea\n  year: 2026\n  deadline: '2026-05-15 23:59'\n  timezone: AoE\n- year: 2026\n"
)
VOTES = b'[{"paper": {"id": "2603.00001", "upvotes": 7}}, {}]'
SPEC = DeadlinesSource("Dates", AT, only=("tea",))
TEA = Venue("tea", "Tea", ("conference on tea",), 1986)
PAGE = (
    b'<feed xmlns="http://www.w3.org/2005/Atom"><o:totalResults '
    b'xmlns:o="http://a9.com/-/spec/opensearch/1.1/">2</o:totalResults><entry>'
    b"<id>http://arxiv.org/abs/2603.00001v2</id><title>T</title><summary>S</summary>"
    b"<published>2026-03-02T09:00:00Z</published><updated>2026-03-04T09:00:00Z</updated>"
    b"<author><name>Ada</name></author></entry><entry/></feed>"
)
REFUSAL = PAGE.replace(b"arxiv.org/abs/2603.00001v2", b"arxiv.org/api/errors#x")
DOCUMENTS: list[tuple[Any, bytes, tuple[Any, ...]]] = [
    (document.parse, RSS, ("text/xml", "Teas", AT)),
    (document.parse, JSON, ("", "Cups", AT)),
    (calendar.parse, ICS, ("Group", NOW)),
    (deadlines.parse, YAML, (SPEC, AT, (TEA,))),
    (deadlines.parse, YAML, (SPEC, AT)),
    (arxiv_page.parse, PAGE, ("arXiv",)),
    (votes.counts_of, VOTES, ()),
]  # fmt: skip


class Inside(Pool):
    """A pool without children: what they are asked and what they answer is bytes all the same."""

    def parse(self, parser: str, about: bytes, body: bytes) -> bytes:
        try:
            return parsers.ready(parser)(about, body)
        except ParseError as bad:
            raise Refused(type(bad).__name__, str(bad)) from bad


@pytest.fixture
def inside() -> Pool:
    """A pool without children."""
    return Inside(parsers.ENTRY, Limits())


@pytest.mark.parametrize(("parser", "body", "about"), DOCUMENTS)
def test_nothing_is_lost_on_the_way_back(
    inside: Pool, parser: Any, body: bytes, about: tuple[Any, ...]
) -> None:
    """Each field of what a parser gives, dates and names too, is as if it had been parsed here."""
    assert parsers.in_children(inside)(parser, body, *about) == parser(body, *about)


def test_an_error_keeps_its_kind(inside: Pool) -> None:
    """What arXiv refused is not asked again, so that this must be known from a page that is broken."""
    parse = parsers.in_children(inside)
    with pytest.raises(arxiv_page.ErrorEntry, match="arXiv refused the question: S"):
        parse(arxiv_page.parse, REFUSAL, "arXiv")
    with pytest.raises(ParseError, match="an empty answer"):
        parse(document.parse, b"", "", "A", AT)


class Liar(Pool):
    """A pool whose children answer what nobody asked."""

    answer = b"{}"

    def parse(self, parser: str, about: bytes, body: bytes) -> bytes:
        if self.answer:
            return self.answer
        raise Refused("SystemExit", "an error of another class")


def test_an_answer_is_read_as_what_was_asked_for_and_as_nothing_else() -> None:
    """A child can name no class: its answer has the form of the parser's result, or is refused."""
    liar = Liar(parsers.ENTRY, Limits())
    parse = parsers.in_children(liar)
    with pytest.raises(ParseError, match="an answer of another form"):
        parse(votes.counts_of, VOTES)
    liar.answer = b""
    with pytest.raises(ParseError, match=r"^an error of another class$"):
        parse(votes.counts_of, VOTES)


def test_only_what_stands_in_the_table_is_run(inside: Pool) -> None:
    """Not whatever has a name."""
    with pytest.raises(LookupError, match=r":system is no parser of the table"):
        parsers.in_children(inside)(os.system, b"true")


# ---------------------------------------------------------------- a whole collection


STILL = Clock(lambda: 0.0, lambda: 0.0, lambda _seconds: None, lambda: None)


def broken(*_: Any, **__: Any) -> Any:
    raise AssertionError("parsed outside of a child")


@pytest.fixture
def no_parser_here(monkeypatch: pytest.MonkeyPatch) -> None:
    """Every parser of a third party that reads what is foreign fails in this process."""
    monkeypatch.setattr(feedparser, "parse", broken)
    monkeypatch.setattr(etree, "fromstring", broken)
    monkeypatch.setattr(icalendar.Calendar, "from_ical", broken)
    monkeypatch.setattr(deadlines, "parse_yaml", broken)
    for module in (jsonfeed, votes):
        monkeypatch.setattr(module, "json", broken)


@contextmanager
def served(root: Path, more: str = "", **script: Answer) -> Iterator[config.Config]:
    """The configuration of a paper with a source of every kind, and more."""
    old = Paper("2501.00001", "2025-01-06T09:00:00Z", comment="CVPR 2025")
    answers: dict[str, Any] = {
        "/api/query": Arxiv([*week_of_papers(), old]),
        "/rss": Answer(body=RSS),
        "/json": Answer(body=JSON),
        "/ics": Answer(body=ICS),
        "/yml": Answer(body=YAML),
        "/votes": Answer(body=VOTES),
    }
    with Loopback(answers | {f"/{name}": answer for name, answer in script.items()}) as server:
        (root / "feeds.yaml").write_text(
            "network: {allow_private: true}\nsources:\n"
            f"- {{kind: arxiv, categories: [cs.SC], api_url: '{server.url('/api/query')}'}}\n"
            f"- {{kind: feed, name: Teas, url: '{server.url('/rss')}'}}\n"
            f"- {{kind: feed, name: Cups, url: '{server.url('/json')}'}}\n"
            f"- {{kind: calendar, name: Group, url: '{server.url('/ics')}'}}\n"
            f"- {{kind: deadlines, name: Dates, url: '{server.url('/yml')}'}}\n"
            f"- {{kind: votes, name: Readers, api_url: '{server.url('/votes')}'}}\n"
            + more.replace("SERVER", server.url("")),
        )
        yield config.load(root / "feeds.yaml")


def reports(root: Path, loaded: config.Config) -> dict[str, SourceReport]:
    """What each source told when all are collected with the tools of a real run."""
    ask = Ask("2026-W10", NOW, NOW)
    with (
        open_tools(root, loaded, STILL, lambda _: None, None) as tools,
        Store(root / "paper.db") as kept,
    ):
        entries = collect(loaded, kept, tools, ask, lambda _: None).reports
        counts = collect_votes(loaded, kept, tools, ask, lambda _: None).reports
    return {report.source: report for report in (*entries, *counts)}


@pytest.mark.usefixtures("no_parser_here")
def test_no_parser_of_a_third_party_runs_outside_of_a_child(tmp_path: Path) -> None:
    """A source of every kind is collected while each such parser fails in this process."""
    with served(tmp_path) as loaded:
        told = reports(tmp_path, loaded)
    assert {name: (report.state, report.fetched) for name, report in told.items()} == {
        "arXiv": ("fresh", 5),
        "Teas": ("fresh", 1),
        "Cups": ("fresh", 1),
        "Group": ("fresh", 3),
        "Dates": ("fresh", 1),
        "Readers": ("fresh", 1),
    }, told


@pytest.mark.usefixtures("no_parser_here")
def test_a_check_of_the_feeds_parses_in_children_too(tmp_path: Path) -> None:
    """`feeds check` reads the same documents, from the same strangers."""
    with (
        served(tmp_path) as loaded,
        open_tools(tmp_path, loaded, STILL, lambda _: None, None) as tools,
    ):
        told = try_sources(loaded, ("Teas", "Group"), tools, Ask("", NOW, NOW))
    assert [(report.source, report.state) for report in told] == [
        ("Teas", "fresh"),
        ("Group", "fresh"),
    ]


def test_a_feed_that_keeps_its_parser_busy_is_named_and_all_others_are_read(tmp_path: Path) -> None:
    """A feed of 12,000 posts takes longer than 0.7 s; the ledger says what happened to it."""
    post = (
        b"<item><title>Tea</title><link>/%d</link><description>&lt;p&gt;Hot.</description></item>"
    )
    posts = b"".join(post % number for number in range(12_000))
    bad = Answer(body=RSS.replace(b"</channel>", posts + b"</channel>"))
    sources = "- {kind: feed, name: Bad, url: 'SERVER/bad'}\n"
    with (
        served(tmp_path, sources, bad=bad) as loaded,
        open_tools(tmp_path, loaded, STILL, lambda _: None, None) as tools,
        Pool(parsers.ENTRY, Limits(seconds=0.7, seconds_a_mb=0.0)) as pool,
    ):
        tight = replace(tools, parse=parsers.in_children(pool))
        names = ("Bad", "Teas", "Cups")
        told = {r.source: r for r in try_sources(loaded, names, tight, Ask("", NOW, NOW))}
    assert {name: report.state for name, report in told.items()} == {
        "Bad": "failed",
        "Teas": "fresh",
        "Cups": "fresh",
    }
    assert told["Bad"].detail.endswith(
        "/bad: reading it takes more than 0.7 s of processor time, so it was stopped."
    )


def test_an_interruption_ends_waiting_asking_and_parsing(tmp_path: Path) -> None:
    """Whoever stops a run waits neither for what is being read nor for a host."""
    stopped: list[str] = []
    clock = replace(STILL, stop=lambda: stopped.append("the clock"))
    with (
        served(tmp_path) as loaded,
        open_tools(tmp_path, loaded, clock, lambda _: None, None) as tools,
    ):
        tools.stop()
        with pytest.raises(SourceError, match="the run was interrupted"):
            tools.parse(votes.counts_of, VOTES)
        with pytest.raises(FetchError, match="the run was interrupted"):
            tools.net.get(loaded.sources[1].address)
    assert stopped == ["the clock"]
