"""What the paper gives to programs beside its feeds: lists of feeds, a sitemap, robots.txt."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import listparser
from hypothesis import given
from hypothesis import strategies as st
from lxml import etree

from effort import examples
from sundaypaper.formats import feeds
from sundaypaper.formats.feeds import Outline
from sundaypaper.models import Masthead, Page
from sundaypaper.sources import FeedSource

BASE = "https://paper.example/a/b/"
HOME = Masthead("Sunday Paper", BASE)
NOWHERE = Masthead("Sunday Paper")
NOON = datetime(2026, 3, 8, 12, tzinfo=UTC)
TEXT = st.text(st.characters(), max_size=40)
SOURCES = (
    FeedSource("Ada & Co <blog>", "https://ada.example/feed?a=1&b=2", "researcher"),
    FeedSource("Halden", "https://halden.example/rss", "practitioner"),
    FeedSource("Asleep", "https://asleep.example/rss", "practitioner", off=True),
    FeedSource("Alone", "https://alone.example/rss"),
    FeedSource("Not a web page", "file:///etc/passwd"),
)


def test_what_the_paper_reads_can_be_taken_to_a_reader() -> None:
    """By group; a source that is switched off, or is no web address, is left out."""
    page = feeds.opml_page("sources.opml", "What we read", feeds.source_outlines(SOURCES))
    read = listparser.parse(page.body.decode())
    assert not read.bozo
    assert [(feed.title, feed.url, feed.tags) for feed in read.feeds] == [
        ("Ada & Co <blog>", "https://ada.example/feed?a=1&b=2", ["Researchers"]),
        ("Halden", "https://halden.example/rss", ["Practitioners"]),
        ("Alone", "https://alone.example/rss", ["Others"]),
    ]
    assert_opml(page)


def test_all_feeds_of_the_paper_stand_in_one_list() -> None:
    """The whole paper first, then topics, venues and editions, each with its page."""
    groups: tuple[tuple[str, list[tuple[str, str, str]]], ...] = (
        ("Topics", [("Vision", "topics/vision/feed", "topics/vision/index.html")]),
        ("Venues", [("CVPR", "venues/cvpr/feed", "venues/cvpr/2026/index.html")]),
        ("Editions", []),
    )
    page = feeds.opml_page("feeds.opml", "Sunday Paper", feeds.feed_outlines(HOME, groups))
    read = listparser.parse(page.body.decode())
    assert [(feed.url, feed.tags) for feed in read.feeds] == [
        (f"{BASE}feed.atom", []),
        (f"{BASE}topics/vision/feed.atom", ["Topics"]),
        (f"{BASE}venues/cvpr/feed.atom", ["Venues"]),
    ]
    assert f'htmlUrl="{BASE}venues/cvpr/2026/index.html"'.encode() in page.body
    assert b"Editions" not in page.body
    assert_opml(page)
    relative = feeds.opml_page("feeds.opml", "Paper", feeds.feed_outlines(NOWHERE, groups))
    assert b'xmlUrl="topics/vision/feed.atom"' in relative.body


@given(TEXT, TEXT)
@examples(60)
def test_any_name_gives_a_valid_list(name: str, group: str) -> None:
    """Whatever a user calls a source."""
    outlines = feeds.source_outlines([FeedSource(name, "https://x.example/feed", group)])
    page = feeds.opml_page("sources.opml", name, outlines)
    assert_opml(page)
    assert [feed.url for feed in listparser.parse(page.body.decode()).feeds] == ["https://x.example/feed"]  # fmt: skip


def test_an_empty_list_is_still_one() -> None:
    """The body of an OPML file must hold an outline."""
    assert_opml(feeds.opml_page("sources.opml", "Nothing", [Outline("Empty group")]))


def assert_opml(page: Page) -> None:
    """OPML 2.0: head, then a body of outlines that all have a text, feeds their type and address."""
    tree = etree.fromstring(page.body)
    assert (tree.tag, tree.get("version")) == ("opml", "2.0")
    assert [part.tag for part in tree] == ["head", "body"]
    outlines = tree.findall("body//outline")
    assert outlines
    for outline in outlines:
        assert outline.get("text")
        assert (outline.get("type") == "rss") == ("xmlUrl" in outline.keys())  # noqa: SIM118


# ---------------------------------------------------------------- search engines


def test_a_sitemap_names_pages_as_their_canonical_links_do() -> None:
    """In a fixed order, with the moment of the last change where one is known."""
    paths = [("index.html", NOON), ("e/a_b/index.html", NOON), ("about/index.html", None)]
    page = feeds.sitemap_page(paths, HOME)
    assert page is not None
    tree = etree.fromstring(page.body)
    urls = [[(one.tag.rpartition("}")[2], one.text) for one in url] for url in tree]
    assert urls == [
        [("loc", f"{BASE}about/")],
        [("loc", f"{BASE}e/a_b/"), ("lastmod", "2026-03-08T12:00:00Z")],
        [("loc", BASE), ("lastmod", "2026-03-08T12:00:00Z")],
    ]
    assert feeds.sitemap_page(reversed(paths), HOME) == page
    assert f"Sitemap: {BASE}sitemap.xml\n".encode() in feeds.robots_page(HOME).body


def test_without_an_address_there_is_no_sitemap() -> None:
    """It may hold whole addresses only; robots.txt then names none."""
    assert feeds.sitemap_page([("index.html", NOON)], NOWHERE) is None
    assert feeds.robots_page(NOWHERE).body == b"User-agent: *\nAllow: /\n"


def test_a_sitemap_of_too_many_pages_keeps_the_newest() -> None:
    """No more than 50,000 may stand in one."""
    paths = [(f"e/{n}/index.html", NOON + timedelta(seconds=n)) for n in range(50_010)]
    page = feeds.sitemap_page(paths, HOME)
    assert page is not None
    assert page.body.count(b"<url>") == 50_000
    assert b"/e/50009/<" in page.body
    assert b"/e/9/<" not in page.body
