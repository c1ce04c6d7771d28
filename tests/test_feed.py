"""Feeds: what is read from them, what is remembered of them, and what may be news."""

from __future__ import annotations

import json
import pickle
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from functools import partial
from pathlib import Path
from typing import Any

import pytest

from effort import calls
from loopback import Answer, Asked, Loopback
from sundaypaper import config, sources
from sundaypaper.errors import ParseError
from sundaypaper.models import (
    Ask,
    Entry,
    Fetched,
    Filter,
    PollState,
    SourceReport,
    Words,
)
from sundaypaper.net import Net, Pace
from sundaypaper.pipeline.collecting import collect
from sundaypaper.sources import FeedSource, Tools, in_process
from sundaypaper.sources.feed import ParsedFeed, fetch, parse
from sundaypaper.sources.polling import after_failure, after_success, waits
from sundaypaper.store import Store
from sundaypaper.urls import canonical, post_id

NOW = datetime(2026, 3, 8, 22, tzinfo=UTC)  # the Sunday of 2026-W10
ASK = Ask("2026-W10", NOW, NOW)
SPEC = FeedSource("blog", "http://127.0.0.1/feed", "researcher")
AT = "https://blog.example/feed.xml"


def item(n: int = 1, date: str = "Wed, 04 Mar 2026 10:00:00 GMT", **more: str) -> str:
    """An RSS item; more replaces or adds elements."""
    fields = {"title": f"Post {n}", "link": f"https://blog.example/{n}", "pubDate": date} | more
    return "<item>" + "".join(f"<{k}>{v}</{k}>" for k, v in fields.items() if v) + "</item>"


def rss(*items: str, head: str = "") -> bytes:
    """An RSS 2.0 feed."""
    link = "<link>https://blog.example/</link>"
    return (
        '<?xml version="1.0" encoding="utf-8"?><rss version="2.0" '
        'xmlns:content="http://purl.org/rss/1.0/modules/content/" '
        'xmlns:sy="http://purl.org/rss/1.0/modules/syndication/">'
        f"<channel><title>Blog</title>{link}{head}{''.join(items)}</channel></rss>"
    ).encode()


def cdata(markup: str) -> str:
    """Markup as feeds carry it."""
    return f"<![CDATA[{markup}]]>"


def read(body: bytes, content_type: str = "application/xml") -> ParsedFeed:
    """The feed, parsed."""
    return parse(body, content_type, "blog", AT)


def only(body: bytes) -> Entry:
    """The one entry of a feed."""
    (entry,) = read(body).entries
    return entry


# ---------------------------------------------------------------- reading


def test_rss_atom_rdf_and_json_feed_give_the_same_entry() -> None:
    """Four formats, one entry: title, address, summary, author, date and links."""
    body = "<p>We read <a href='https://arxiv.org/abs/2602.00001'>a paper</a>.</p><p>Twice.</p>"
    escaped = body.replace("<", "&lt;")
    atom = (
        '<feed xmlns="http://www.w3.org/2005/Atom"><title>B</title><entry><title>Hello</title>'
        '<link href="/1"/><id>x:1</id><author><name>Ada Lovelace</name></author>'
        f'<published>2026-03-04T10:00:00Z</published><content type="html">{escaped}</content>'
        "</entry></feed>"
    )
    rdf = (
        '<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#" '
        'xmlns="http://purl.org/rss/1.0/" xmlns:dc="http://purl.org/dc/elements/1.1/">'
        "<channel><title>B</title></channel><item><title>Hello</title>"
        "<link>https://blog.example/1</link><dc:creator>Ada Lovelace</dc:creator>"
        f"<dc:date>2026-03-04T10:00:00Z</dc:date><description>{escaped}</description></item></rdf:RDF>"
    )
    author: dict[str, Any] = {
        "author": "ada@blog.example (Ada Lovelace)",
        "description": cdata(body),
    }
    jsonfeed = {
        "version": "https://jsonfeed.org/version/1.1",
        "title": "B",
        "items": [
            {"id": "1", "url": "https://blog.example/1", "title": "Hello", "content_html": body,
             "authors": [{"name": "Ada Lovelace"}], "date_published": "2026-03-04T11:00:00+01:00"}
        ],
    }  # fmt: skip
    bodies = [rss(item(title="Hello", **author)), atom.encode(), rdf.encode()]
    found = [only(b) for b in [*bodies, json.dumps(jsonfeed).encode()]]
    for entry in found:
        assert replace(entry, updated=None) == replace(found[0], updated=None)
    assert (
        found[0].summary == "We read a paper . Twice."
        or found[0].summary == "We read a paper. Twice."
    )
    assert found[0].authors == ("Ada Lovelace",)
    assert found[0].links == ("https://arxiv.org/abs/2602.00001",)
    assert found[0].published == datetime(2026, 3, 4, 10, tzinfo=UTC)
    assert found[0].id.startswith("post:")
    assert len(found[0].id) == 21


def test_json_feed_1_0_has_one_author_and_may_be_plain_text() -> None:
    """The older version, a text body, a number as id, a missing title."""
    document = {
        "version": "https://jsonfeed.org/version/1",
        "items": [{"id": 7, "content_text": "a <b and c", "author": {"name": "Ada"}}, "junk", None],
    }
    entry = only(json.dumps(document).encode())
    assert (entry.title, entry.summary, entry.authors) == ("a <b and c", "a <b and c", ("Ada",))
    assert entry.url == AT


@pytest.mark.parametrize(
    "body",
    [
        b"", b"  \n", b"Rate exceeded.", b"<!doctype html><title>Sorry</title><p>Down.",
        b"<html><head><title>Sign in</title></head></html>", b"{", b"[1]", b'{"items": 1}',
        b'{"items": []}', b"[" * 100_000, b"\x00\x01\x02", b"%PDF-1.4",
        b'<?xml version="1.0"?><html xmlns="http://www.w3.org/1999/xhtml"><title>x</title></html>',
    ],
)  # fmt: skip
def test_what_is_not_a_feed_is_an_error(body: bytes) -> None:
    """A page, an error text or nothing is never a feed without entries."""
    with pytest.raises(ParseError):
        read(body, "text/html")


def test_a_page_in_the_place_of_a_feed_is_called_a_page() -> None:
    """The sentence tells a person what is there, so that they look for the feed's new address."""
    with pytest.raises(ParseError, match="a web page"):
        read(b"<!doctype html><title>Blog</title><p>Hello", "text/html")


def test_a_feed_without_entries_is_a_feed() -> None:
    """An empty blog is not broken."""
    assert read(rss()).entries == ()
    assert read(rss()).title == "Blog"


def test_a_broken_feed_still_gives_its_entries() -> None:
    """An unknown entity and a missing end do not lose what came before."""
    feed = read(rss(item(1, title="One&nbsp;two"), item(2)).removesuffix(b"</channel></rss>"))
    assert [e.title for e in feed.entries] == ["One two", "Post 2"]


@pytest.mark.parametrize(
    "body",
    [
        rss("<a>" * 120_000), rss("<a " + "b='1' " * 5000 + "/>"),
        rss(("<a " + "b='1' " * 900 + "/>") * 250), rss("&" * 1_100_000),
        rss("".join(f"<x{n}:a xmlns:x{n}='u'/>" for n in range(6000))),
        rss("<a>" * 120_000).decode().encode("utf-16"),
    ],
    ids=["deep", "a crowded tag", "attributes", "references", "namespaces", "utf-16"],
)  # fmt: skip
def test_markup_made_to_keep_a_parser_busy_is_refused(body: bytes) -> None:
    """Depth, attributes, references and namespaces are bounded before anything is parsed."""
    with pytest.raises(ParseError, match="more markup"):
        read(body)


def test_entities_are_neither_multiplied_nor_fetched() -> None:
    """Billion laughs and an outside entity leave the entry without their text."""
    bomb = "".join(f'<!ENTITY e{n} "{f"&e{n - 1};" * 10}">' for n in range(1, 10))
    doctype = f'<!DOCTYPE x [<!ENTITY e0 "ha">{bomb}<!ENTITY f SYSTEM "file:///etc/passwd">]>'
    body = rss(item(description="&e9; and &f;")).decode().replace("<rss", doctype + "<rss", 1)
    entry = only(body.encode())
    assert "haha" not in entry.summary
    assert "root:" not in entry.summary


def test_any_encoding_gives_clean_text() -> None:
    """UTF-16, UTF-32, mislabelled Latin-1, NUL and impossible references end as valid text."""
    assert only(rss(item(title="é 😀")).decode().encode("utf-32")).title == "é 😀"
    assert only(rss(item(title="é 😀")).decode().encode("utf-16")).title == "é 😀"
    assert only(rss(item(title="CAFE")).replace(b"CAFE", b"caf\xe9")).title == "café"
    odd = only(rss(item(title="a&#0;b&#x110000;c&#999999999999;&#xD800;&#57343;d\u202e e\x0b")))
    assert odd.title.encode("utf-8")
    assert not set(odd.title) & set("\0\x0b\u202e")
    lone = {
        "version": "https://jsonfeed.org/version/1",
        "items": [{"id": "\ud800", "title": "\ud800x"}],
    }
    assert only(json.dumps(lone).encode()).title == "x"


@pytest.mark.parametrize(
    ("title", "plain"),
    [
        (cdata("</title><script>alert(1)</script>Hi"), "</title><script>alert(1)</script>Hi"),
        ("&lt;b&gt;Bold&lt;/b&gt; &amp;amp; more", "Bold & more"),
        ("&amp;lt;script&amp;gt;x&amp;lt;/script&amp;gt;Hi", "<script>x</script>Hi"),
        ("&amp;lt;i&amp;gt;More&amp;lt;/i&amp;gt; &amp;amp;amp; more", "More & more"),
        (cdata("std::vector&lt;Box&gt; is a &lt; b"), "std::vector<Box> is a < b"),
        ("{{7*7}} {% include %} $(id)", "{{7*7}} {% include %} $(id)"),
        ("Hello\r\nBcc: all@example.org", "Hello Bcc: all@example.org"),
        ("0", "0"),
    ],
)
def test_hostile_titles_become_one_line_of_text(title: str, plain: str) -> None:
    """Markup around words goes, however often it was escaped; all else are words and stay."""
    assert only(rss(item(title=title))).title == plain


def test_long_texts_are_cut() -> None:
    """Two megabytes of title are 300 characters, a summary is 500."""
    entry = only(rss(item(title="word " * 400_000, description="text " * 10_000)))
    assert len(entry.title) <= 300
    assert len(entry.summary) <= 500
    assert entry.summary.endswith("…")


def test_scripts_styles_and_comments_are_no_summary() -> None:
    """Only what a reader would see is kept, and block elements part words."""
    body = "<style>p{}</style><!-- <p>no</p> --><p title='a > b'>One</p><p>t<b>w</b>o</p><script>x"
    assert only(rss(item(description=cdata(body)))).summary == "One two"


def test_an_entry_without_a_title_gets_its_first_words_or_its_address() -> None:
    """A title is never empty."""
    assert only(rss(item(title="", description="Some words."))).title == "Some words."
    assert only(rss(item(title=""))).title == "https://blog.example/1"


def test_the_content_stands_in_for_a_missing_summary() -> None:
    """Without description the beginning of the content is the summary."""
    assert (
        only(rss(item(**dict[str, Any]({"content:encoded": cdata("<p>Whole text</p>")})))).summary
        == "Whole text"
    )


@pytest.mark.parametrize(
    ("link", "url"),
    [
        ("/a/b", "https://blog.example/a/b"),
        ("javascript:alert(1)", "https://blog.example/"),
        ("data:text/html,x", "https://blog.example/"),
        ("ftp://blog.example/x", "https://blog.example/"),
        ("https://u:p@blog.example/", "https://blog.example/"),
        (
            "https://blog.example/p?id=3&amp;utm_source=rss&amp;fbclid=x#top",
            "https://blog.example/p?id=3#top",
        ),
    ],
)
def test_only_web_addresses_are_kept_and_without_trackers(link: str, url: str) -> None:
    """Relative links are resolved, hostile ones replaced by the blog's own page."""
    assert only(rss(item(link=link))).url == url


def test_links_of_the_body_are_found_arxiv_first_and_fifty_at_most() -> None:
    """A long newsletter does not lose its paper among its other links."""
    hrefs = [f"https://x.example/{n}" for n in range(80)] + ["https://arxiv.org/abs/2602.00001"]
    body = (
        "".join(f'<a href="{h}?utm_medium=mail">x</a>' for h in hrefs) + '<a href="javascript:x">'
    )
    links = only(rss(item(description=cdata(body)))).links
    assert links[0] == "https://arxiv.org/abs/2602.00001"
    assert len(links) == 50
    assert all(link.startswith("https://") and "utm" not in link for link in links)


def test_hostile_bodies_cost_time_in_proportion_to_their_size() -> None:
    """Unclosed tags, quotes, comments and hrefs by the hundred thousand are read in one pass."""
    for piece in ("<a ", '<a "', "<!--", 'href="', "<script>", "&amp;lt;"):
        assert only(rss(item(description=cdata(piece * 200_000)))).id


# ---------------------------------------------------------------- identity and dates


def test_posts_of_one_address_cost_in_proportion_to_their_number() -> None:
    """A page of notes, each with its own title or none, is not compared note by note."""

    def notes(count: int, title: str) -> bytes:
        return rss("".join(item(title=title.format(n), link="/notes") for n in range(count)))

    for title in ("Note {}", "Note"):
        few, many = (calls(partial(read, notes(n, title))) for n in (100, 400))
        assert many < 6 * few


def test_an_address_names_an_entry_whatever_trackers_it_carries() -> None:
    """Trackers, order of parameters and fragment make no new entry; other parameters do."""
    same = {
        canonical("https://blog.example/p?b=1&a=2&utm_source=x&gclid=1#c"),
        canonical("https://blog.example/p?a=2&b=1&mc_cid=9"),
    }
    assert same == {"https://blog.example/p?a=2&b=1"}
    assert canonical("https://blog.example/p?a=2&b=1&page=2") not in same


def test_a_guid_may_change_and_the_entry_stays() -> None:
    """New guids for all entries do not make all entries new."""
    one, two = (only(rss(item(guid=f"g{n}"))) for n in range(2))
    assert one.id == two.id


def test_without_an_address_the_guid_names_an_entry_then_its_title() -> None:
    """Entries with nothing to name them are dropped and counted."""
    body = rss(
        item(1, link="", guid="tag:1"), item(2, link="", guid="tag:1"), item(3, link=""),
        item(4, link="", title="", description="no name"),
    )  # fmt: skip
    feed = read(body)
    assert [e.title for e in feed.entries] == ["Post 1", "Post 3"]
    assert feed.dropped == 1


def test_release_notes_on_one_page_are_entries_of_their_own() -> None:
    """Where other titles share an address it names none of them, in whatever order they come."""
    notes = [item(n, link="https://blog.example/notes", guid=f"n{n}") for n in range(3)]
    ids = [e.id for e in read(rss(*notes)).entries]
    assert len(set(ids)) == 3
    assert {e.id for e in read(rss(*reversed(notes))).entries} == set(ids)


def test_a_duplicate_within_a_feed_is_dropped() -> None:
    """The first of two with one address and title wins."""
    twice = read(rss(item(1, description="first"), item(1, description="second")))
    assert [e.summary for e in twice.entries] == ["first"]


@pytest.mark.parametrize(
    ("written", "date"),
    [
        ("Wed, 04 Mar 2026 10:00:00 +0100", datetime(2026, 3, 4, 9, tzinfo=UTC)),
        ("2026-03-04", datetime(2026, 3, 4, tzinfo=UTC)),
        ("2026-03-04 10:00:00", datetime(2026, 3, 4, 10, tzinfo=UTC)),
        ("March 4, 2026", datetime(2026, 3, 4, tzinfo=UTC)),
        ("Wednesday, 4th March 2026", datetime(2026, 3, 4, tzinfo=UTC)),
        ("Thu, 01 Jan 1970 00:00:00 GMT", None),
        ("Tues, 31 Feb 2026", None),
        ("yesterday", None),
        ("", None),
    ],
)
def test_dates_are_utc_or_unknown(written: str, date: datetime | None) -> None:
    """Zones are applied, words read, zero and nonsense are no date."""
    assert only(rss(item(date=written))).published == date


def test_parsing_can_run_in_another_process() -> None:
    """The function and its result survive pickling."""
    again = pickle.loads(pickle.dumps(parse))(rss(item()), "", "blog", AT)
    assert pickle.loads(pickle.dumps(again)) == read(rss(item()))


# ---------------------------------------------------------------- asking


class Feed:
    """A feed on loopback and what was remembered of it from one asking to the next."""

    def __init__(self, server: Loopback, spec: FeedSource = SPEC) -> None:
        self.spec = replace(spec, url=server.url("/feed"))
        self.poll, self.now = PollState("blog"), NOW
        self.net = Net(
            user_agent="t", allow_private=True, monotonic=lambda: 0.0, sleep=lambda s: None
        )

    def ask(self, after: timedelta = timedelta(days=7), **more: Any) -> Fetched:
        """Ask when the time has gone on."""
        got = fetch(self.spec, self.poll, self.net, Ask("2026-W10", self.now, self.now, **more))
        self.poll, self.now = got.poll, self.now + after
        return got


def serving(answer: Answer | Callable[[Asked], Answer]) -> Loopback:
    """A server whose /feed answers so."""
    return Loopback({"/feed": answer})


def test_validators_are_echoed_and_an_unchanged_feed_costs_nothing() -> None:
    """One unconditional request in a feed's life; 304 keeps what is remembered."""
    etag, modified = 'W/"x-gzip;é"', "Thu,  1 Jan 1970 00:00:00 +0000"

    def answer(asked: Asked) -> Answer:
        if asked.headers.get("if-none-match") == etag:
            return Answer(304, length=None)
        return Answer(headers={"ETag": etag, "Last-Modified": modified}, body=rss(item()))

    with serving(answer) as server:
        feed = Feed(server)
        assert feed.ask().report.state == "fresh"
        second = feed.ask()
        feed.ask()
    assert (second.report.state, second.news, second.poll.etag) == ("unchanged", (), etag)
    assert "if-none-match" not in server.asked[0].headers
    for asked in server.asked[1:]:
        assert asked.headers["if-none-match"] == etag
        assert asked.headers["if-modified-since"] == modified


def test_validators_of_a_body_that_failed_are_not_kept() -> None:
    """Broken XML with a new ETag does not hide the next good body behind a 304."""
    answers = iter(
        [
            Answer(headers={"ETag": '"good"'}, body=rss(item())),
            Answer(headers={"ETag": '"bad"'}, body=b"<!doctype html>oops"),
        ]
    )
    with serving(lambda _: next(answers)) as server:
        feed = Feed(server)
        feed.ask()
        failed = feed.ask()
    assert failed.report.state == "failed"
    assert failed.poll.etag == '"good"'


def test_a_feed_that_breaks_off_is_read_as_far_as_it_goes_and_asked_for_again() -> None:
    """What came whole is news; its mark is not kept, so that the next request brings the rest."""
    whole = rss(item(1), item(2))
    cut = whole[: whole.index(b"Post 2") + 4]
    answers = iter(
        [
            Answer(headers={"ETag": '"good"'}, body=rss(item(1))),
            Answer(headers={"ETag": '"cut"'}, body=cut),
            Answer(headers={"ETag": '"cut"'}, body=cut[: cut.index(b"<item>") + 5]),
            Answer(headers={"ETag": '"cut"'}, body=whole),
        ]
    )
    with serving(lambda _: next(answers)) as server:
        feed = Feed(server)
        feed.ask()
        broken = feed.ask()
        empty = feed.ask()
        assert [one.title for one in feed.ask().news] == ["Post 1", "Post 2"]
    assert (broken.report.state, broken.poll.etag) == ("fresh", "")
    assert [one.title for one in broken.news] == ["Post 1"]
    assert "the feed breaks off" in broken.report.detail
    assert empty.report.state == "failed"
    assert [asked.headers.get("if-none-match") for asked in server.asked][-2:] == [None, None]


def test_a_304_that_nobody_asked_for_is_a_failure() -> None:
    """Without validators there is nothing that could be unchanged."""
    with serving(Answer(304, length=None)) as server:
        assert Feed(server).ask().report.state == "failed"


def test_nobody_waits_longer_than_is_ever_waited() -> None:
    """A next check of a clock that was ahead counts for nothing; nor does one of the past, or none."""
    wall = datetime(2026, 3, 8, 12, tzinfo=UTC)
    for hours, waited in ((-1, False), (0, False), (1, True), (6 * 24, True), (8 * 24, False), (87_600, False)):  # fmt: skip
        assert waits(wall + timedelta(hours=hours), wall) == waited
    assert not waits(None, wall)


def test_a_feed_is_not_asked_before_it_is_due() -> None:
    """A restart every ten minutes asks nothing; a rehearsal stores no next check."""
    with serving(Answer(body=rss(item()))) as server:
        feed = Feed(server)
        feed.ask(timedelta(minutes=10))
        assert feed.ask().report.state == "not due"
        assert len(server.asked) == 1
        rehearsed = Feed(server).ask(rehearsal=True)
    assert rehearsed.report.state == "fresh"
    assert rehearsed.poll.next_check is None


@pytest.mark.parametrize(
    ("headers", "ttl", "hours"),
    [
        ({}, None, 6), ({}, 60.0, 1), ({}, 36_000.0, 10), ({"cache-control": "max-age=10"}, None, 1),
        ({"cache-control": "public, max-age=86400"}, 60.0, 24),
        ({"cache-control": "max-age=1000000000"}, None, 144), ({"cache-control": "no-cache"}, None, 1),
        ({"expires": "0"}, None, 1), ({"expires": "Mon, 09 Mar 2026 10:00:00 GMT"}, None, 12),
        ({"expires": "Sun, 01 Mar 2026 10:00:00 GMT"}, None, 1),
        ({"cache-control": "max-age=7200", "expires": "0"}, None, 2),
    ],
)  # fmt: skip
def test_the_next_check_is_what_the_server_says_within_bounds(
    headers: dict[str, str], ttl: float | None, hours: int
) -> None:
    """Never sooner than an hour, never as late as a week, six hours where nothing is said."""
    assert after_success(headers, ttl, NOW) == timedelta(hours=hours)


def test_ttl_and_update_period_are_read_in_seconds() -> None:
    """RSS's ttl counts minutes; the syndication module names a period and how often in it."""
    period = "<sy:updatePeriod>daily</sy:updatePeriod><sy:updateFrequency>2</sy:updateFrequency>"
    assert read(rss(head="<ttl>90</ttl>")).ttl == 5400
    assert read(rss(head=period)).ttl == 43_200
    assert read(rss(head="<ttl>soon</ttl>")).ttl is None


def test_failures_back_off_and_a_success_ends_it() -> None:
    """An hour, doubled each time up to six days; Retry-After where it is longer."""
    hours = [after_failure(n, None) / timedelta(hours=1) for n in (0, 1, 2, 7, 8, 5000)]
    assert hours == [1, 2, 4, 128, 144, 144]
    assert after_failure(0, 7200.0) == timedelta(hours=2)
    assert after_failure(3, 60.0) == timedelta(hours=8)
    busy = Answer(503, {"Retry-After": "10800"})
    answers = iter([busy, Answer(500), Answer(body=rss(item()))])
    with serving(lambda _: next(answers)) as server:
        feed = Feed(server)
        first, second, third = feed.ask(), feed.ask(), feed.ask()
    assert first.poll.next_check == NOW + timedelta(hours=3)
    assert "503" in first.report.detail
    assert "2 times in a row" in second.report.detail
    assert (third.report.state, third.poll.failures) == ("fresh", 0)


def test_a_failure_in_a_rehearsal_leaves_nothing_behind() -> None:
    """The same moment rehearsed twice changes no poll state, failing or not."""
    with serving(Answer(500)) as server:
        feed = Feed(server)
        got = feed.ask(rehearsal=True)
    assert got.report.state == "failed"
    assert "500" in got.report.detail
    assert (got.poll.failures, got.poll.next_check) == (0, None)


def test_a_feed_that_cannot_be_reached_is_a_report_and_nothing_is_lost() -> None:
    """A refused connection is a value with a sentence; the memory of the feed stays."""
    with serving(Answer(headers={"ETag": '"e"'}, body=rss(item()))) as server:
        feed = Feed(server)
        feed.ask()
    got = feed.ask()
    assert (got.report.state, got.poll.etag, got.poll.fetched_once) == ("failed", '"e"', True)
    assert "127.0.0.1" in got.report.detail


def test_a_feed_that_is_gone_is_retired_until_its_address_changes() -> None:
    """410 is believed at once and nothing more is asked; a new address starts anew."""
    with Loopback({"/feed": Answer(410), "/new": Answer(body=rss(item()))}) as server:
        feed = Feed(server)
        assert feed.ask().report.state == "off"
        assert "410" in feed.ask().report.detail
        assert len(server.asked) == 1
        feed.spec = replace(feed.spec, url=server.url("/new"))
        assert feed.ask().report.state == "fresh"


def test_a_feed_switched_off_is_listed_and_not_asked() -> None:
    """off lists a source without a request."""
    with serving(Answer(body=rss(item()))) as server:
        assert Feed(server, replace(SPEC, off=True)).ask().report.state == "off"
    assert server.asked == []


def moving(status: int) -> Loopback:
    """A feed that redirects to another address."""
    return Loopback(
        {"/feed": Answer(status, {"Location": "/moved"}), "/moved": Answer(body=rss(item()))}
    )


def test_a_permanent_move_is_believed_after_three_good_fetches_over_a_day() -> None:
    """Then the new address is asked straight away, and the report says so."""
    with moving(301) as server:
        feed = Feed(server)
        for _ in range(2):
            feed.ask()
        assert feed.poll.url == ""
        third = feed.ask()
        assert third.poll.url == server.url("/moved")
        assert "moved" in third.report.detail
        del server.asked[:]
        assert feed.ask().poll.url == server.url("/moved")
    assert server.paths() == ["/moved"]


def test_a_move_seen_thrice_within_a_day_is_not_believed_yet() -> None:
    """A mistake of an afternoon does not move a feed for good."""
    with moving(308) as server:
        feed = Feed(server)
        for _ in range(4):
            feed.ask(timedelta(hours=7))
        assert feed.poll.url == ""
        feed.ask()
        assert feed.poll.url == server.url("/moved")


def test_a_temporary_move_is_followed_and_forgotten() -> None:
    """302 never changes the address."""
    with moving(302) as server:
        feed = Feed(server)
        for _ in range(5):
            assert feed.ask().report.state == "fresh"
        assert feed.poll.url == ""


@pytest.mark.parametrize("status", [404, 410])
def test_a_learned_address_that_fails_is_forgotten(status: int) -> None:
    """The configured address gets its next chance, even where the learned one is gone."""
    with moving(301) as server:
        feed = Feed(server)
        for _ in range(3):
            feed.ask()
        server.script["/moved"] = Answer(status)
        assert feed.ask().report.state == "failed"
        server.script["/feed"] = Answer(body=rss(item()))
        assert feed.ask().report.state == "fresh"


def test_a_new_address_in_the_configuration_forgets_the_old_validators() -> None:
    """Validators of one address are never sent to another."""
    tagged = Answer(headers={"ETag": '"e"'}, body=rss(item()))
    with Loopback({"/feed": tagged, "/other": tagged}) as server:
        feed = Feed(server)
        feed.ask()
        feed.spec = replace(feed.spec, url=server.url("/other"))
        feed.ask()
    assert "if-none-match" not in server.asked[1].headers


# ---------------------------------------------------------------- what may be news


WEEK = [
    item(1, "Mon, 02 Mar 2026 00:00:00 GMT"),
    item(2, "Sun, 08 Mar 2026 21:59:59 GMT"),
    item(3, "Sun, 01 Mar 2026 23:59:59 GMT"),
    item(4, "Mon, 10 Mar 2025 00:00:00 GMT"),
    item(5, ""),
    item(6, "Mon, 01 Jan 2099 00:00:00 GMT"),
]


def test_a_first_fetch_brings_only_what_is_dated_in_the_week() -> None:
    """The rest of a new feed, undated and future entries among it, is backlog and kept."""
    with serving(Answer(body=rss(*WEEK))) as server:
        got = Feed(server).ask()
    assert [e.title for e in got.news] == ["Post 1", "Post 2"]
    assert [e.title for e in got.updates] == ["Post 3", "Post 4", "Post 5", "Post 6"]
    assert (got.report.fetched, got.report.new, got.report.expected) == (6, 2, None)
    assert {e.group for e in got.news} == {"researcher"}


def test_later_fetches_bring_all_but_the_old() -> None:
    """From the second fetch on the store decides; backlog is what is old, or has no date."""
    with serving(Answer(body=rss(*WEEK))) as server:
        feed = Feed(server)
        feed.ask(timedelta(days=1))
        got = feed.ask()
    assert [e.title for e in got.updates] == ["Post 4", "Post 5"]
    assert len(got.news) == 4
    assert got.news[-1].published is None  # it is dated in the future


@pytest.mark.parametrize(
    ("when", "news", "kept"),
    [
        ("Fri, 06 Feb 2026 22:00:00 GMT", 1, True),
        ("Fri, 06 Feb 2026 21:59:59 GMT", 0, True),
        ("Mon, 09 Mar 2026 22:00:00 GMT", 1, True),
        ("Mon, 09 Mar 2026 22:00:01 GMT", 1, False),
    ],
)
def test_a_date_counts_from_thirty_days_ago_to_one_day_ahead(
    when: str, news: int, kept: bool
) -> None:
    """Asked on 8 March at 22:00: what is older is backlog, what is dated later has no date."""
    answers = iter([Answer(body=rss(item(1))), Answer(body=rss(item(2, when)))])
    with serving(lambda _: next(answers)) as server:
        feed = Feed(server)
        feed.ask(timedelta(0))
        feed.poll = replace(feed.poll, next_check=None)
        got = feed.ask()
    (entry,) = (*got.news, *got.updates)
    assert (len(got.news), entry.published is not None) == (news, kept)


def test_a_failed_first_fetch_leaves_the_first_fetch_to_come() -> None:
    """A feed that fails at first does not flood the paper when it comes back."""
    answers = iter([Answer(500), Answer(body=rss(*WEEK))])
    with serving(lambda _: next(answers)) as server:
        feed = Feed(server)
        feed.ask(timedelta(hours=1))
        assert len(feed.ask().news) == 2


def test_a_filter_keeps_out_what_does_not_match_and_says_how_many() -> None:
    """`only` counts for news and backlog alike."""
    wanted = Filter("1", Words(("1",)))
    with serving(Answer(body=rss(*WEEK))) as server:
        got = Feed(server, replace(SPEC, only=wanted)).ask()
    assert [e.title for e in (*got.news, *got.updates)] == ["Post 1"]
    assert "5 kept out" in got.report.detail
    assert got.report.fetched == 6


@pytest.mark.parametrize("error", [ParseError("took too long"), OSError("took too long")])
def test_another_parser_may_be_given(error: Exception) -> None:
    """Parsing can be handed to a process that may be killed; whatever it raises is a failure."""

    def refuse(body: bytes, content_type: str, name: str, url: str) -> ParsedFeed:
        raise error

    with serving(Answer(body=rss(item()))) as server:
        feed = Feed(server)
        got = fetch(feed.spec, feed.poll, feed.net, ASK, refuse)
    assert got.report.state == "failed"
    assert "took too long" in got.report.detail


# ---------------------------------------------------------------- week after week


class Weeks:
    """Two blogs, A and B, collected week after week into one database; by default both are empty."""

    def __init__(self, folder: Path, server: Loopback) -> None:
        self.server = server
        (folder / "feeds.yaml").write_text(
            "network: {allow_private: true}\nsources:\n"
            f"  - {{kind: feed, name: A, url: '{server.url('/a')}'}}\n"
            f"  - {{kind: feed, name: B, url: '{server.url('/b')}'}}\n"
        )
        self.config = config.load(folder / "feeds.yaml")
        self.store = Store(folder / "paper.db")
        net = Net(user_agent="t", allow_private=True, monotonic=lambda: 0.0, sleep=lambda s: None)
        pace = Pace(folder / "lock", wall=lambda: 0.0, sleep=lambda s: None)
        self.tools = Tools(net, pace, lambda s: None, lambda line: None, in_process)

    def collect(
        self, week: int, *items: str, b: tuple[str, ...] = (), now: str = ""
    ) -> SourceReport:
        """What A told of a week on its Sunday, or at now, with these entries."""
        self.server.script["/a"] = Answer(body=rss(*items))
        self.server.script["/b"] = Answer(body=rss(*b))
        on = datetime.fromisoformat(now) if now else NOW + timedelta(days=7 * (week - 10))
        ask = Ask(f"2026-W{week:02}", on, on, rehearsal=True)
        return collect(self.config, self.store, self.tools, ask, lambda line: None).reports[0]

    def news(self, week: int) -> list[str]:
        """The titles that stand in a week's issue."""
        return sorted(place.entry.title for place in self.store.of_week(f"2026-W{week:02}"))

    def kept(self) -> int:
        """How many entries are kept."""
        return int(self.store.db.table("entries").count)


@pytest.fixture
def run(tmp_path: Path) -> Iterator[Weeks]:
    """The two blogs on loopback."""
    with Loopback({}) as server:
        made = Weeks(tmp_path, server)
        with made.store, made.tools.net:
            yield made


def test_entries_whose_addresses_changed_are_known_by_their_guids(run: Weeks) -> None:
    """A new path and title for every post, dated and undated, is no news; a new post among them is."""
    old = [item(n, guid=f"urn:g{n}") for n in range(3)]
    undated = [item(n, "", guid=f"urn:g{n}") for n in range(3, 9)]
    run.collect(10, *old, *undated)
    at = "https://blog.example/new/"
    named = [f"What was post {n}" for n in range(9)]
    moved = [item(n, guid=f"urn:g{n}", link=f"{at}{n}", title=named[n]) for n in range(3)]
    moved += [item(n, "", guid=f"urn:g{n}", link=f"{at}{n}", title=named[n]) for n in range(3, 9)]
    report = run.collect(11, *moved, item(20, "Tue, 10 Mar 2026 10:00:00 GMT", guid="g20"))
    assert (report.new, run.news(11), run.kept()) == (1, ["Post 20"], 10)
    regiven = [item(n, "", guid=f"urn:h{n}", link=f"{at}{n}", title=named[n]) for n in range(9)]
    assert run.collect(12, *regiven).new == 0  # by the address that it moved to
    assert run.store.of_week("2026-W10")[0].entry.url.startswith(at)


@pytest.mark.parametrize("before", ["http://blog.example/p", "https://blog.example/p/"])
def test_scheme_and_a_slash_at_the_end_make_no_new_entry(run: Weeks, before: str) -> None:
    """A blog that goes to https and tidies its addresses is known, either way round."""
    run.collect(10, item(link=before), item(2, link="https://blog.example/q?a=1"))
    after = item(link="https://blog.example/p"), item(2, link="http://blog.example/q/?a=1")
    assert run.collect(11, *after).new == 0
    assert run.kept() == 2
    twice = item(3, link="http://blog.example/r"), item(3, link="https://blog.example/r/")
    assert run.collect(12, *after, *twice).new == 1


def test_a_note_keeps_its_id_when_its_page_gets_a_second_one(run: Weeks) -> None:
    """v1.0 is known when v1.1 stands on the same page, and v1.1 when it is left there alone."""
    notes = [item(n, link="https://blog.example/notes", guid=f"v1.{n}") for n in range(2)]
    assert run.collect(10, notes[0]).new == 1
    assert run.collect(11, *reversed(notes)).new == 1
    assert run.news(11) == ["Post 1"]
    assert run.collect(12, notes[1]).new == 0
    assert run.kept() == 2


def test_a_new_post_at_an_address_that_another_left_is_new(run: Weeks) -> None:
    """The guid says which of the two is the old one."""
    latest = "https://blog.example/latest"
    run.collect(10, item(1, guid="g1", link=latest))
    moved = item(1, guid="g1", link="https://blog.example/1")
    assert run.collect(11, item(2, guid="g2", link=latest), moved).new == 1
    assert run.news(11) == ["Post 2"]
    assert run.collect(12, item(2, guid="g2", link=latest), moved).new == 0


def test_one_guid_for_all_posts_names_none_of_them(run: Weeks) -> None:
    """A blog that gives every entry the same guid still has entries of their own."""
    assert run.collect(10, item(1, guid="x"), item(2, guid="x")).new == 2
    assert run.collect(11, item(3, guid="x"), item(2, guid="x")).new == 1


def test_two_feeds_with_one_post_have_one_entry_and_guids_of_their_own(run: Weeks) -> None:
    """One address is one entry on two feeds; the same guid on two feeds says nothing."""
    run.collect(10, item(1, guid="1"), b=(item(1, guid="other"), item(2, guid="1")))
    assert run.news(10) == ["Post 1", "Post 2"]
    assert run.kept() == 2


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("https://blog.example/tea", "https://blog.example/2026/tea-with-milk"),
        ("http://www.blog.example/tea", "https://blog.example/tea"),
        ("https://m.blog.example/tea", "https://www.blog.example/tea"),
        ("http://feedproxy.example/~r/blog/~3/x1/tea", "https://blog.example/tea"),
        ("https://blog.example/tea", "https://blog.example/tea?view=full"),
        ("https://blog.example/tea?ref=a", "https://blog.example/tea?ref=b"),
    ],
    ids=["slug", "host", "mobile", "feedburner", "query", "sender"],
)
@pytest.mark.parametrize("guids", [True, False])
def test_a_post_whose_address_changes_is_not_printed_again(
    run: Weeks, before: str, after: str, guids: bool
) -> None:
    """With its address for a guid, so that both change, or without one."""
    old, new = (item(1, link=at, title="Tea", guid=at if guids else "") for at in (before, after))
    run.collect(10, old, item(2))
    report = run.collect(11, new, item(2), item(3, "Tue, 10 Mar 2026 10:00:00 GMT"))
    assert (report.new, run.news(11), run.kept()) == (1, ["Post 3"], 3)


@pytest.mark.parametrize(
    "at",
    [
        "http://www.blog.example/tea/", "http://m.blog.example/tea/", "http://amp.blog.example/tea/",
        "https://blog.example:443/tea", "http://blog.example:80/tea", "https://blog.example//tea",
        "https://blog.example/tea?amp=1",
    ],
)  # fmt: skip
def test_a_post_without_a_date_is_known_at_another_spelling_of_its_page(
    run: Weeks, at: str
) -> None:
    """http, https, www, the mobile page, the port that all use and a slash too many are one page."""
    run.collect(10, item(1, "", link="https://blog.example/tea?utm_source=x"))
    assert run.collect(11, item(1, "", link=at)).new == 0
    assert run.kept() == 1


@pytest.mark.parametrize(
    "title", ["It's  tea &amp; milk", "It’s tea &amp;amp; milk", "It’s Tea & Milk"]
)
def test_a_post_that_moved_is_known_however_its_title_is_typed(run: Weeks, title: str) -> None:
    """Quotes, blanks and what was escaped twice change when a blog gets a new program."""
    run.collect(10, item(1, title="It’s tea &amp; milk", link="https://blog.example/tea"))
    assert run.collect(11, item(1, title=title, link="https://blog.example/new")).new == 0
    assert run.kept() == 1


def test_what_version_0_1_0_named_is_known() -> None:
    """Then a guid of a page of notes was taken for an address within the feed."""
    note = item(1, link="https://blog.example/notes", guid="v1")
    other = item(2, link="https://blog.example/notes", guid="v2")
    (first, _) = read(rss(note, other)).entries
    before = post_id("blog\nhttps://blog.example/v1")
    assert before in read(rss(note, other)).names[first.id]


def test_two_posts_of_one_title_and_day_are_not_taken_for_one(run: Weeks) -> None:
    """“Links” of one day, the first gone when the second comes: a title and a day may be chance."""
    day = "2026-03-06"
    run.collect(10, item(1, day, title="Links", link="https://blog.example/a"))
    report = run.collect(11, item(1, day, title="Links", link="https://blog.example/b"))
    assert (report.new, run.kept()) == (1, 2)


def test_an_undated_post_of_a_feed_that_dates_its_posts_is_no_news_and_told(run: Weeks) -> None:
    """It may be of any day; a date that cannot be read is told as it is written."""
    dated = "Tue, 10 Mar 2026 10:00:00 GMT"
    run.collect(10, item(1))
    report = run.collect(11, item(2, dated), item(3, ""), item(4, "vor drei Tagen"))
    assert run.news(11) == ["Post 2"]
    assert report.detail == (
        "1 of 3 dates could not be read: “vor drei Tagen”; "
        "1 without a date: no news, since the feed dates its posts"
    )


def test_where_no_date_can_be_read_nothing_is_news_and_that_is_told(run: Weeks) -> None:
    """Not knowing is no reason to print a post of 2019."""
    run.collect(10, item(1, "gestern"))
    report = run.collect(11, item(1, "gestern"), item(2, "heute"))
    assert (run.news(11), report.detail) == (
        [], "2 of 2 dates could not be read: “gestern”, “heute”",
    )  # fmt: skip


def test_a_post_of_2019_is_no_news_when_its_address_says_so(run: Weeks) -> None:
    """A feed without dates that suddenly shows an old post; a new one beside it is news."""
    run.collect(10, item(1, ""))
    old = item(2, "", link="https://blog.example/2019/03/12/old")
    new = item(3, "", link="https://blog.example/2026/03/12/new")
    run.collect(11, item(1, ""), old, new)
    assert run.news(11) == ["Post 3"]


def test_very_many_unknown_entries_at_once_are_a_backlog_and_told(run: Weeks) -> None:
    """A known blog that changed addresses and guids prints nothing; later posts are news again."""
    run.collect(10, *[item(n, guid=f"a{n}") for n in range(3)])
    flood = [item(n, "", link=f"https://blog.example/x/{n}") for n in range(60)]
    report = run.collect(11, *flood)
    assert (report.new, run.news(11), run.kept()) == (0, [], 63)
    assert "60 entries are new at once; they are kept and not printed" in report.detail
    report = run.collect(12, *flood, item(99, ""))
    assert (report.new, report.detail, run.news(12)) == (1, "", ["Post 99"])


def test_what_a_busy_feed_usually_brings_is_news(run: Weeks) -> None:
    """Thirty a week are no flood where thirty are usual, and a hundred are none yet."""
    assert run.collect(10, *[item(n) for n in range(30)]).new == 30
    assert run.collect(11, *[item(n, "") for n in range(100, 130)]).new == 30
    assert run.collect(12, *[item(n, "") for n in range(200, 300)]).new == 100


def test_twenty_entries_at_once_are_no_flood_anywhere(run: Weeks) -> None:
    """A quiet blog may have a busy week; one more would be a flood."""
    run.collect(10, item(1))
    assert run.collect(11, *[item(n, "") for n in range(100, 120)]).new == 20
    run.collect(10, b=(item(2),))
    run.collect(12, b=tuple(item(n, "") for n in range(200, 221)))
    assert run.news(12) == []


def test_a_first_run_on_a_weekday_keeps_the_running_week_for_its_own_issue(run: Weeks) -> None:
    """On Thursday W09 is made; what is dated Wednesday stands in W10, and Sunday finds it there."""
    last = item(1, "Wed, 25 Feb 2026 10:00:00 GMT"), item(2, "Tue, 17 Feb 2026 10:00:00 GMT")
    running = item(3)
    assert run.collect(9, *last, running, now="2026-03-05T12:00:00+00:00").new == 1
    assert (run.news(9), run.news(10)) == (["Post 1"], ["Post 3"])
    run.collect(10, *last, running, item(4, "Sat, 07 Mar 2026 10:00:00 GMT"))
    assert (run.news(9), run.news(10)) == (["Post 1"], ["Post 3", "Post 4"])


@pytest.mark.parametrize(
    ("url", "paced"),
    [
        ("https://rss.arxiv.org/rss/cs.LG", True), ("http://ARXIV.org./rss", True),
        ("https://export.arxiv.org/rss/cs.LG", True), ("https://arxiv.org.evil.example/", False),
        ("https://notarxiv.org/rss", False),
    ],
)  # fmt: skip
def test_a_feed_of_arxivs_takes_its_turn_with_the_api(
    tmp_path: Path, url: str, paced: bool
) -> None:
    """Each request waits for arXiv's pace, in the API's own chain; what is not due waits for nothing."""
    waited: list[float] = []

    class Unreachable(Net):
        def get(self, url: str, *, headers: Any = None, **more: Any) -> Any:
            raise ParseError("not reached")

    pace = Pace(tmp_path / "lock", wall=lambda: 0.0, sleep=waited.append)
    net = Unreachable(user_agent="t", monotonic=lambda: 0.0, sleep=lambda s: None)
    tools = Tools(net, pace, lambda s: None, lambda line: None, in_process)
    spec, blank = FeedSource("arXiv", url), PollState("arXiv")
    for poll in (blank, blank, replace(blank, next_check=NOW + timedelta(days=1))):
        sources.fetch(spec, poll, tools, ASK)
    assert waited == ([3.05] if paced else [])
    assert (spec.host == "arxiv") == paced


def test_being_offline_once_makes_nobody_wait() -> None:
    """A name that does not resolve may be our own fault: the next run asks again, then it backs off."""

    def unknown(*_: Any) -> Any:
        raise OSError("no such name")

    net = Net(user_agent="t", monotonic=lambda: 0.0, sleep=lambda _: None, resolve=unknown)
    first = fetch(SPEC, PollState(SPEC.name), net, ASK)
    assert first.report.state == "failed"
    assert "Asked again at the next run." in first.report.detail
    assert first.poll.next_check == ASK.wall
    second = fetch(SPEC, first.poll, net, ASK)
    assert second.poll.next_check == ASK.wall + timedelta(hours=2)
