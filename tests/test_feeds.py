"""The feeds that the paper gives away: valid, lasting, and the same as its pages."""

from __future__ import annotations

import json
import re
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from functools import cache
from typing import Any
from urllib.parse import urljoin

import feedparser
import jsonschema
import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from lxml import etree
from lxml import html as lxml_html

from effort import examples
from feed_schemas import atom_schema, json_schema
from sample_issue import sample_heads, sample_issue
from sundaypaper.formats import feeds, site
from sundaypaper.formats.feeds import Feed, FeedIssue, FeedItem
from sundaypaper.formats.site.issues import issue_page
from sundaypaper.models import (
    Claim,
    Editorial,
    Issue,
    IssueHead,
    Masthead,
    Page,
    Pick,
)
from sundaypaper.sources.feed import parse
from sundaypaper.store.rows import head_of

ATOM = "{http://www.w3.org/2005/Atom}"
BASE = "https://paper.example/a/b/"
HOME = Masthead("Sunday Paper", BASE, "editor@paper.example")
NOWHERE = Masthead("Sunday Paper")
HEADS = sample_heads()
NOON = datetime(2026, 3, 8, 12, tzinfo=UTC)
HOSTILE = "]]></title><script>alert(1)</script>\x00\x0b\x9b\ud800\ufffe{{ 7*7 }} & \" onload='x"
# Any text at all: controls, surrogates and characters that no plane has.
TEXT = st.text(st.characters(), max_size=40)


@cache
def env() -> site.Environment:
    """The templates as they come."""
    return site.environment(None)


def told(issue: Issue, masthead: Masthead = HOME, amended: datetime | None = None) -> FeedIssue:
    """An issue with its page, as a run publishes it."""
    path = f"issues/{issue.week}/index.html"
    return FeedIssue(
        head_of(issue), issue_page(path, issue, site.PageFrame(masthead), env(), None), amended
    )


def paper(issue: Issue, masthead: Masthead = HOME, heads: tuple[IssueHead, ...] = sample_heads()):
    """The feed of the whole paper with one issue in full."""
    return feeds.paper_feed(heads, [told(issue, masthead)], masthead)


def picks(
    *chosen: tuple[str, datetime, Pick],
    masthead: Masthead = HOME,
    amended: dict[str, datetime] | None = None,
) -> tuple[Page, ...]:
    """The feed of a topic."""
    return feeds.picks_feed(
        "Vision",
        "topics/vision/feed",
        "topics/vision/index.html",
        chosen,
        masthead,
        env(),
        {"vision": "Computer vision"},
        amended,
    )


def first(issue: Issue) -> Pick:
    """The entry that stands first in an issue."""
    return next(pick for pick in issue.entries if pick.id == issue.sections[0].items[0].id)


def problems(pages: tuple[Page, ...]) -> list[str]:
    """What is wrong with a feed in either format; empty where it is valid."""
    atom, told_json, shown = pages
    tree = etree.fromstring(atom.body)
    schema = atom_schema()
    schema.validate(tree)
    found = [str(one) for one in schema.error_log]
    found += ["another document for people"] * (shown.body != atom.body)
    ids = [one.text for one in tree.iterfind(f"{ATOM}entry/{ATOM}id")]
    found += ["an id twice"] * (len(set(ids)) < len(ids))
    if not tree.findall(f"{ATOM}author"):
        found.append("no author")
    for holder in (tree, *tree.iterfind(f"{ATOM}entry")):
        kinds = [
            (link.get("type"), link.get("hreflang"))
            for link in holder.iterfind(f"{ATOM}link[@rel='alternate']")
        ]
        found += ["two alternates of one kind"] * (len(set(kinds)) < len(kinds))
    document = json.loads(told_json.body)
    checker = jsonschema.Draft202012Validator(json_schema())
    found += [one.message for one in checker.iter_errors(document)]
    found += ["other entries"] * ([item["id"] for item in document["items"]] != ids)
    words = "\n".join(strings({**document, "items": [{**i, "content_html": ""} for i in document["items"]]}))  # fmt: skip
    found += ["a control character in a line"] * bool(re.search("[\0-\x09\x0b-\x1f\x7f-\x9f]", words))  # fmt: skip
    every = "\n".join([*strings(document), *tree.itertext()])
    return found + ["a control character"] * bool(re.search("[\0-\x08\x0b-\x1f\x7f-\x9f]", every))


def strings(value: object) -> list[str]:
    """All texts in a JSON value."""
    if isinstance(value, dict):
        value = list(value.values())
    if isinstance(value, list):
        return [text for one in value for text in strings(one)]
    return [str(value)]


def values(pages: tuple[Page, ...], key: str) -> list[Any]:
    """One member of all items of the JSON Feed, empty where an item has it not."""
    return [item.get(key, "") for item in json.loads(pages[1].body)["items"]]


# ---------------------------------------------------------------- valid


@pytest.mark.parametrize("masthead", [HOME, NOWHERE, replace(HOME, contact="https://x.example/me")])
def test_every_feed_is_valid_with_an_address_and_without(masthead: Masthead) -> None:
    """By the rules of RFC 4287 and of JSON Feed 1.1, whole paper, topic and edition."""
    issue = sample_issue(150)
    assert problems(paper(issue, masthead)) == []
    some = [(issue.week, NOON, pick) for pick in issue.entries[:70]]
    assert problems(picks(*some, masthead=masthead)) == []
    assert problems(feeds.edition_feed("building", "Building", [told(issue, masthead)], masthead)) == []  # fmt: skip
    assert problems(feeds.paper_feed((), (), masthead)) == []


def test_feed_readers_read_it() -> None:
    """A well-known parser finds no fault, and so does our own source, in both formats."""
    pages = paper(sample_issue(150))
    parsed = feedparser.parse(pages[0].body)
    assert not parsed.bozo
    assert parsed.version == "atom10"
    assert parsed.feed.language == "en"
    assert "arXiv" in parsed.feed.rights
    assert [entry.title for entry in parsed.entries] == values(pages, "title")
    for page in pages:
        ours = parse(page.body, "", "paper", BASE + page.path)
        assert [entry.title for entry in ours.entries] == values(pages, "title")
        assert ours.entries[0].published == sample_issue(150).composed
        assert ours.entries[0].url == f"{BASE}issues/2026-W10/index.html"


def test_the_same_issues_give_the_same_bytes() -> None:
    """No clock, no chance."""
    assert paper(sample_issue(150)) == paper(sample_issue(150))


@given(TEXT, TEXT, TEXT, TEXT)
@examples(200)
def test_any_text_gives_a_valid_feed(title: str, name: str, html: str, address: str) -> None:
    """Whatever a source says, both files parse and hold no control character."""
    item = FeedItem("urn:x:1", title, "e/1/index.html", NOON, NOON, html, title, (name, html), (title, name), f"https://x.example/{address}")  # fmt: skip
    feed = Feed(name, "feed", "index.html", NOON, (item,))
    for masthead in (HOME, replace(NOWHERE, title=title, contact=address)):
        assert problems(feeds.feed_pages(feed, masthead)) == []


@given(TEXT, TEXT)
@example("", "\u0590")
@examples(25)
def test_any_entry_gives_a_valid_feed(title: str, words: str) -> None:
    """Through the issue's page and through the entry's own template, markup and formulas too."""
    issue = sample_issue(110)
    pick = replace(first(issue), title=title, gist=words, authors=(words,), source=title)
    issue = replace(issue, entries=(pick, *issue.entries[1:]), headline=words)
    for pages in (paper(issue), picks((issue.week, NOON, pick))):
        assert problems(pages) == []
    held = lxml_html.fragment_fromstring(values(picks((issue.week, NOON, pick)), "content_html")[0], create_parent=True)  # fmt: skip
    assert {element.tag for element in held.iterdescendants()} <= {
        "p",
        "b",
        "a",
        "bdi",
        "blockquote",
    }


def test_hostile_text_stays_text() -> None:
    """Titles, names and addresses never become markup, neither of the feed nor in its content."""
    issue = sample_issue(150)
    claim = Claim("cvpr", 2026, "main", "accepted", None, "Accepted")
    bad = tuple(
        replace(pick, title=HOSTILE, url="javascript:alert(1)", authors=(HOSTILE,), gist=HOSTILE, claims=(claim,), source=HOSTILE)
        for pick in issue.entries
    )  # fmt: skip
    issue = replace(issue, entries=bad, headline=HOSTILE)
    for pages in (paper(issue), picks((issue.week, NOON, bad[0]))):
        assert problems(pages) == []
        for html in values(pages, "content_html"):
            assert "<script" not in html
            assert "javascript:" not in html
            tree = lxml_html.fragment_fromstring(html, create_parent=True)
            for element in tree.iterdescendants():
                assert set(element.keys()) <= {"href"}
        assert "javascript:" not in pages[0].body.decode()


# ---------------------------------------------------------------- lasting


@pytest.mark.parametrize("masthead", [HOME, NOWHERE])
def test_an_id_outlives_every_change_of_words(masthead: Masthead) -> None:
    """A new headline, a new title or a note is a change of the same entry."""
    issue = sample_issue(150)
    other = replace(issue, headline="Another headline", editorial=Editorial(signed="A. Lind"))
    assert values(paper(issue, masthead), "id") == values(paper(other, masthead), "id")
    pick = first(issue)
    again = replace(pick, title="Renamed", gist="Rewritten.")
    before = picks((issue.week, NOON, pick), masthead=masthead)
    after = picks((issue.week, NOON, again), masthead=masthead)
    assert values(before, "id") == values(after, "id")
    assert values(before, "title") != values(after, "title")


def test_two_papers_without_an_address_share_no_id() -> None:
    """Ids are unique everywhere, so that one reader may hold both."""
    one = values(paper(sample_issue(150), NOWHERE), "id")
    other = values(paper(sample_issue(150), Masthead("Monday Paper")), "id")
    assert not set(one) & set(other)


def test_a_feeds_id_does_not_hang_on_its_home() -> None:
    """The home of a venue's feed is the page of its newest year."""
    made = [
        feeds.picks_feed("CVPR", "venues/cvpr/feed", f"venues/cvpr/{year}/index.html", (), HOME, env())
        for year in (2025, 2026)
    ]  # fmt: skip
    ids = {etree.fromstring(atom.body).findtext(f"{ATOM}id") for atom, *_ in made}
    assert ids == {f"{BASE}venues/cvpr/"}
    homes = {json.loads(page.body)["home_page_url"] for _, page, _ in made}
    assert len(homes) == 2


def test_updated_is_when_the_issue_was_composed_or_amended() -> None:
    """A correction makes a reader show the entry again; its first date stays."""
    issue = sample_issue(150)
    heads = HEADS[:1]
    plain = feeds.paper_feed(heads, [told(issue)], HOME)
    assert values(plain, "date_modified") == ["2026-03-08T06:10:00Z"]
    later = issue.composed + timedelta(days=3)
    amended = feeds.paper_feed(heads, [told(issue, amended=later)], HOME)
    assert values(amended, "date_modified") == ["2026-03-11T06:10:00Z"]
    assert values(amended, "date_published") == ["2026-03-08T06:10:00Z"]
    assert etree.fromstring(amended[0].body).findtext(f"{ATOM}updated") == "2026-03-11T06:10:00Z"
    pick = first(issue)
    entry = picks((issue.week, issue.composed, pick), amended={pick.id: later})
    assert values(entry, "date_modified") == ["2026-03-11T06:10:00Z"]
    assert values(entry, "date_published") == ["2026-03-08T06:10:00Z"]


# ---------------------------------------------------------------- addresses


def test_with_an_address_every_link_is_whole() -> None:
    """Self, home, entries, and all links in their contents lead to the paper's own host or further."""
    issue = sample_issue(150)
    pages = paper(issue)
    feed = json.loads(pages[1].body)
    assert feed["feed_url"] == f"{BASE}feed.json"
    assert feed["home_page_url"] == f"{BASE}index.html"
    assert feed["icon"] == f"{BASE}favicon.svg"
    tree = etree.fromstring(pages[0].body)
    links = {link.get("rel"): link.get("href") for link in tree.iterfind(f"{ATOM}link")}
    assert links == {"self": f"{BASE}feed.atom", "alternate": f"{BASE}index.html"}
    for html in values(pages, "content_html"):
        assert all(link.startswith(("https://", "http://")) for link in hrefs(html))
    assert f"{BASE}issues/2026-W10/index.html#accepted" in hrefs(values(pages, "content_html")[0])


def test_without_an_address_atom_is_relative_and_json_feed_says_none() -> None:
    """RFC 4287 takes references; JSON Feed asks for URLs in its members, which are left out."""
    pages = picks((sample_issue(150).week, NOON, first(sample_issue(150))), masthead=NOWHERE)
    links = [link.get("href") for link in etree.fromstring(pages[0].body).iter(f"{ATOM}link")]
    at = "https://host.example/x/topics/vision/feed.atom"
    assert [urljoin(at, link) for link in links[:3]] == [
        at,
        "https://host.example/x/topics/vision/index.html",
        "https://host.example/x/e/arxiv-2603.00000/index.html",
    ]
    feed = json.loads(pages[1].body)
    assert not {"feed_url", "home_page_url", "icon", "favicon"} & set(feed)
    assert not {"url"} & set(feed["items"][0])
    assert feed["items"][0]["external_url"] == "https://arxiv.org/abs/2603.00000"


def test_links_in_an_edition_without_an_address_lead_up_from_its_feed() -> None:
    """The page stands in another folder than the feed that quotes it."""
    issue = sample_issue(150)
    pages = feeds.edition_feed("building", "Building", [told(issue, NOWHERE)], NOWHERE)
    own = [h for h in hrefs(values(pages, "content_html")[0]) if not h.startswith("http")]
    assert "../../issues/2026-W10/index.html#accepted" in own
    at = "https://host.example/editions/building/feed.atom"
    for link in own:
        assert re.match(
            r"https://host\.example/(issues|e|topics|paths|venues)/", urljoin(at, link)
        ), link


def hrefs(html: str) -> list[str]:
    """All links of a content."""
    return [str(link) for link in lxml_html.fromstring(html).xpath("//@href")]


# ---------------------------------------------------------------- what it holds


def test_what_the_page_prints_is_what_the_feed_holds() -> None:
    """Every word of the issue's page, in its order, but for the ways to other pages."""
    issue = sample_issue(150)
    clear = tuple(replace(pick, title=pick.title.replace("$", "")) for pick in issue.entries)
    one = told(replace(issue, entries=clear))
    page = lxml_html.document_fromstring(one.page.body.decode()).find(".//main")
    for leading in page.xpath(".//nav"):
        leading.drop_tree()
    for content in values(feeds.paper_feed(HEADS, [one], HOME), "content_html")[:1]:
        held = lxml_html.fragment_fromstring(content, create_parent=True)
        assert letters(held.text_content()) == letters(page.text_content())
        for words in ("Read first", "the authors say:", "Why", "Ledger", "That is all"):
            assert words.lower() in held.text_content().lower()


def letters(text: str) -> str:
    return "".join(text.split())


def test_formulas_stand_in_characters() -> None:
    """Few readers show MathML, and without its tags it reads as another formula."""
    issue = sample_issue(150)
    worded = tuple(replace(pick, title="Within $O(n^2 + \\alpha)$ steps") for pick in issue.entries)
    issue = replace(issue, entries=worded)
    assert b"<math" in told(issue).page.body
    for pages in (paper(issue), picks((issue.week, NOON, first(issue)))):
        html = values(pages, "content_html")[0]
        assert "<math" not in html
        assert "\\alpha" not in pages[0].body.decode() + html
    assert "Within O(n²+α) steps" in values(paper(issue), "content_html")[0]
    assert values(picks((issue.week, NOON, first(issue))), "title") == ["Within O(n²+α) steps"]


def test_an_entry_of_a_topic_tells_who_what_and_where() -> None:
    """Authors, what they claim, the gist, and links; a post names its source."""
    issue = sample_issue(150)
    pick = first(issue)
    pages = picks((issue.week, NOON, pick))
    item = json.loads(pages[1].body)["items"][0]
    assert item["url"] == f"{BASE}e/arxiv-2603.00000/index.html"
    assert item["authors"] == [{"name": name} for name in pick.authors]
    assert "the authors say: <b>accepted at CVPR 2026</b>" in item["content_html"]
    assert pick.gist[:40] in item["content_html"]
    assert "https://arxiv.org/pdf/2603.00000" in item["content_html"]
    post = next(pick for pick in issue.entries if pick.kind == "post")
    said = values(picks((issue.week, NOON, post)), "content_html")[0]
    assert f"Read it at {post.source}" in said
    assert hrefs(said)[-1] == post.url


def test_topics_are_tags_by_name() -> None:
    """A reader files by the words that the paper prints; an unknown topic keeps its id."""
    pick = next(p for p in sample_issue(150).entries if any(t.topic == "vision" for t in p.tags))
    assert "Computer vision" in values(picks(("2026-W10", NOON, pick)), "tags")[0]


def test_a_topic_has_fifty_entries_newest_first_each_once() -> None:
    """An entry printed again stands where its newest issue puts it, with its first date."""
    issue = sample_issue(150)
    week = timedelta(weeks=1)
    old = [("2026-W09", NOON - week, pick) for pick in issue.entries[:60]]
    again = replace(issue.entries[30], title="Printed again")
    pages = picks(*old, ("2026-W10", NOON, again))
    titles = values(pages, "title")
    assert titles[0] == "Printed again"
    assert len(titles) == 50
    assert len(set(values(pages, "id"))) == 50
    assert values(pages, "date_modified")[0] == "2026-03-08T12:00:00Z"
    assert values(pages, "date_published")[0] == "2026-03-01T12:00:00Z"


def test_drafts_stay_out() -> None:
    """A draft may still change; nobody is sent one."""
    heads = HEADS
    draft = replace(heads[0], state="draft")
    pages = paper(sample_issue(150), heads=(draft, *heads[1:]))
    assert len(values(pages, "id")) == len(heads) - 1
    assert not any("2026-W10" in id for id in values(pages, "id"))
    unfinished = told(replace(sample_issue(150), state="draft"))
    assert values(feeds.edition_feed("building", "Building", [unfinished], HOME), "id") == []


def test_the_paper_has_twenty_issues_the_older_ones_as_headlines() -> None:
    """A feed does not grow for ever."""
    head = HEADS[0]
    heads = tuple(replace(head, week=f"2025-W{n:02d}") for n in range(50, 10, -1))
    pages = paper(sample_issue(150), heads=(head, *heads))
    contents = values(pages, "content_html")
    assert len(contents) == 20
    assert len(contents[0]) > 5000
    assert contents[1:] == [f"<p>{head.headline}</p>"] * 19


def test_the_editor_is_the_author_of_an_issue_that_they_signed() -> None:
    """Else the paper itself is."""
    signed = replace(sample_issue(150), editorial=Editorial(signed="Ada Lind"))
    assert values(paper(signed), "authors")[0] == [{"name": "Ada Lind"}]
    assert values(paper(sample_issue(150)), "authors")[0] == ""


def test_a_page_of_a_user_without_main_gives_the_headline() -> None:
    """A restyled issue may be built otherwise."""
    issue = sample_issue(150)
    page = Page(f"issues/{issue.week}/index.html", b"<body><p>All mine")
    pages = feeds.paper_feed(HEADS, [FeedIssue(head_of(issue), page)], HOME)
    assert values(pages, "content_html")[0] == f"<p>{issue.headline}</p>"


def test_what_only_works_on_a_page_is_left_out() -> None:
    """Ways around, forms and what is hidden; links that lead nowhere become words."""
    body = (
        '<main id="main"><nav>around</nav><p class="x" hidden>not yet</p><form>find<input></form>'
        '<svg><title>picture</title></svg><p onclick="x">Seen<br/>twice <a href="data:x">here</a></p>'
        "<p></p><p><a href='a\"b&amp;c'>quoted</a></p><button>press</button></main><footer>below</footer>"
    )
    issue = sample_issue(150)
    page = Page(f"issues/{issue.week}/index.html", body.encode())
    pages = feeds.paper_feed(HEADS, [FeedIssue(head_of(issue), page)], HOME)
    assert values(pages, "content_html")[0] == (
        f'<p>Seen<br>twice here</p><p><a href="{BASE}issues/2026-W10/a&quot;b&amp;c">quoted</a></p>'
    )


def test_a_browser_is_told_how_the_feed_looks_and_where_its_page_is() -> None:
    """A style sheet of CSS beside the build's root, a word to whoever opens it, a link an entry."""
    issue = sample_issue(150)
    text = picks((issue.week, NOON, first(issue)))[2].body.decode()
    assert text.startswith(
        '<?xml version="1.0" encoding="utf-8"?>\n'
        '<?xml-stylesheet type="text/css" href="../../feed.css"?>\n'
    )
    assert "Read it as a page</h:a>" in text
    assert text.count("<h:h2") == text.count("<entry>") > 0
