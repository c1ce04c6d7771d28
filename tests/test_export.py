"""The block to paste into a newsletter tool: what it says, and that no title breaks it."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime
from html.parser import HTMLParser
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st
from markdown_it import MarkdownIt
from markdown_it.token import Token

import sample_issue
from effort import examples
from sample_issue import MASTHEAD
from sundaypaper import markdown
from sundaypaper.formats.export import export_html, export_markdown
from sundaypaper.issue import amended
from sundaypaper.models import Amendment, Editorial, Issue
from sundaypaper.text import clean

PUBLIC = replace(MASTHEAD, base_url="https://paper.example/weekly/")
HOSTILE = (
    "a *b* _c_ **d** __e__ `f` ~~g~~",
    "[not](https://evil.example) a link ![nor](x) an image",
    "<b>bold</b> <script>alert(1)</script> <https://a.example> <!-- -->",
    "a | b | c",
    "&amp; &#35; &copy; & co",
    "1. not a list", "2) nor this", "- nor this", "+ nor this", "> nor a quotation",
    "# not a heading #", "=== ===", "---", "***",
    r"backslash \ and \* and \[x\] and a last \\",
    "$O(\\log T)$ and ``two `` backticks ` left",
    "[x]: https://a.example", "![", "](", "]]>", "``` fence", "~~~", "a_b_c_d", ":smile: @you #tag",
)  # fmt: skip


def small(*titles: str) -> Issue:
    """The sample issue with these titles in "Read first"."""
    whole = sample_issue.sample_issue()
    section = replace(whole.sections[0], items=whole.sections[0].items[: len(titles)])
    picks = [
        replace(next(p for p in whole.entries if p.id == item.id), title=title)
        for item, title in zip(section.items, titles, strict=True)
    ]
    return replace(whole, sections=(section,), entries=tuple(picks))


def tokens(text: str) -> Iterator[tuple[str, list[Token]]]:
    """The headings and paragraphs of a CommonMark text: which, and what stands in it."""
    parsed = MarkdownIt("commonmark").parse(text)
    for opened, inline in pairwise(parsed):
        if inline.type == "inline":
            yield opened.tag, inline.children or []


def titles(text: str) -> list[str]:
    """The words of the third headings; nothing in them but one link."""
    found = []
    for tag, parts in tokens(text):
        if tag == "h3":
            assert {part.type for part in parts} <= {"link_open", "text", "link_close"}
            found.append("".join(part.content for part in parts))
    return found


class Shape(HTMLParser):
    """Tags, attributes, and the words of the third headings."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.tags: list[str] = []
        self.attributes: list[tuple[str, str | None]] = []
        self.titles: list[str] = []
        self.inside = False
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append(tag)
        self.attributes += attrs
        if tag == "h3":
            self.inside = True
            self.titles.append("")

    def handle_endtag(self, tag: str) -> None:
        self.inside = self.inside and tag != "h3"

    def handle_data(self, data: str) -> None:
        if self.inside:
            self.titles[-1] += data


@pytest.mark.parametrize("title", HOSTILE)
def test_a_hostile_title_is_its_own_text_in_both_formats(title: str) -> None:
    """Rendered by a CommonMark parser, or read as HTML, it says exactly what it says."""
    issue = small(title)
    assert titles(export_markdown(issue, MASTHEAD)) == [" ".join(title.split())]
    assert Shape(export_html(issue, MASTHEAD)).titles == [title]


@examples(150)
@given(st.lists(st.text(alphabet="ab 1.)-+*_[]()<>`|&#~\\!=:;$^{}\"'é", max_size=14), min_size=1, max_size=3))  # fmt: skip
def test_generated_titles_come_back_as_they_were(words: list[str]) -> None:
    """The round trip over text that consists of what Markdown is made of."""
    given_titles = [clean(f"x{word}") if n else clean(f"{word}x") for n, word in enumerate(words)]
    assert titles(export_markdown(small(*given_titles), MASTHEAD)) == given_titles


def said(text: str, before: str) -> str:
    """What a line of ours says that puts words of others behind its own; no part is anything but text."""
    children = [
        part
        for _, parts in tokens(f"{before}{markdown.escaped(text)}")
        for part in parts
        if part.type not in ("strong_open", "strong_close")
    ]
    assert {part.type for part in children} <= {"text"}
    return "".join(part.content for part in children).removeprefix("Why:").strip()


@pytest.mark.parametrize("before", ["", "- ", "> ", "**Why:** "])
@pytest.mark.parametrize("text", HOSTILE)
def test_hostile_words_are_words_wherever_a_line_puts_them(text: str, before: str) -> None:
    """A gist that begins with `1.` begins no list, in a paragraph, a list or a quotation."""
    assert said(text, before) == " ".join(text.split())


@examples(100)
@given(st.text(alphabet="ab 1.)-+*_[]()<>`|&#~\\!=:;$^{}\"'\n", max_size=20))
def test_escaped_text_says_itself(text: str) -> None:
    """The same over generated text."""
    for before in ("", "- "):
        assert said(text, before) == " ".join(text.split())


def test_the_whole_issue_is_there_and_thanks_arxiv() -> None:
    """Headline, one minute, every section with its entries in order, claims, gists, whys, thanks."""
    issue = sample_issue.sample_issue()
    text, shape = export_markdown(issue, MASTHEAD), Shape(export_html(issue, MASTHEAD))
    picks = {p.id: p for p in issue.entries}
    told = [picks[i.id].title for s in issue.sections for i in s.items if i.form != "title"]
    assert titles(text) == told
    assert shape.titles == told
    for words in (
        "# Sunday Paper, 2 to 8 March 2026\n\n89 papers say that they were accepted at CVPR 2026",
        "## In one minute\n\n- 89 papers",
        "## Accepted at CVPR",
        "**the authors say:** accepted at CVPR 2026 (oral)",
        "> We show that the gap closes",
        "**Why:** Two followed authors and an accepted claim.",
        "and 52 more",
        "Thank you to arXiv for use of its open access interoperability.",
    ):
        assert words in text
    assert "Thank you to arXiv" in export_html(issue, MASTHEAD)


def test_html_is_plain_and_every_link_is_whole() -> None:
    """No class, no style, no script; addresses are the entries' own, or the paper's where it has one."""
    issue = sample_issue.sample_issue()
    for masthead, begins in ((MASTHEAD, "https://arxiv.org/"), (PUBLIC, PUBLIC.base_url)):
        html = export_html(issue, masthead)
        shape = Shape(html)
        assert {name for name, _ in shape.attributes} == {"href"}
        assert set(shape.tags) <= {"h1", "h2", "h3", "p", "a", "ul", "li", "blockquote", "strong", "em", "hr"}  # fmt: skip
        assert all(re.match(r"https?://|mailto:", value or "") for _, value in shape.attributes)
        assert any((value or "").startswith(begins) for _, value in shape.attributes)
        found = re.findall(r"\]\((.*?)\)", export_markdown(issue, masthead))
        assert found
        assert all(url.startswith(("https://", "http://")) for url in found)
    assert "https://paper.example/weekly/e/arxiv-2603.00000/index.html" in export_html(
        issue, PUBLIC
    )


@pytest.mark.parametrize("url", ["javascript:alert(1)", "data:x", "", "https://a b", 'https://a"b'])
def test_an_address_that_is_none_leaves_the_title_alone(url: str) -> None:
    """What a feed gave as an address is a link only where it is one of the web."""
    issue = small("A title")
    issue = replace(issue, entries=(replace(issue.entries[0], url=url),))
    assert "### A title\n" in export_markdown(issue, MASTHEAD)
    assert "<h3>A title</h3>" in export_html(issue, MASTHEAD)


def test_brackets_and_entities_in_an_address_stay_in_it() -> None:
    """`)` does not end the link, and `&copy;` stays four letters of an address."""
    issue = small("A title")
    url = "https://a.example/x_(y)?a=1&copy;=2"
    issue = replace(issue, entries=(replace(issue.entries[0], url=url),))
    links = [
        part.attrs["href"]
        for tag, parts in tokens(export_markdown(issue, MASTHEAD))
        for part in parts
        if part.type == "link_open" and tag == "h3"
    ]
    assert links == ["https://a.example/x_%28y%29?a=1&copy;=2"]


def test_the_editors_words_and_corrections_are_told_and_removed_entries_are_not() -> None:
    """The intro as Markdown and as HTML, notes by name, a correction with its day, one neutral line."""
    issue = small("First *title*", "Second title")
    first, second = (p.id for p in issue.entries)
    issue = replace(issue, editorial=Editorial(intro="Read *this* <b>.", signed="Olu", notes={first: "Slowly."}))  # fmt: skip
    made = datetime(2026, 3, 12, tzinfo=UTC)
    said = {
        first: (Amendment(first, made, "note", "It is the third"),),
        second: (Amendment(second, made, "removed", "as its authors asked"),),
    }
    shown = amended(issue, said)
    text, html = export_markdown(shown, MASTHEAD), export_html(shown, MASTHEAD)
    assert "Read *this* <b>." in text
    assert "<p>Read <em>this</em> &lt;b&gt;.</p>\n<p><em>Olu</em></p>" in html
    for words in ("The editor:", "Slowly.", "Correction, 12 March 2026:", "It is the third."):
        assert words in text
        assert words in html
    assert titles(text) == ["First *title*", "Removed"]
    assert "Removed on 12 March 2026: as its authors asked." in text
    assert "Second title" not in text + html


def test_a_venue_of_feeds_yaml_is_named_as_it_says() -> None:
    """Own venues have their own names in both forms."""
    issue = small("One")
    claimed = replace(issue.entries[0], claims=(sample_issue.claim(0, "embc"),))
    issue = replace(issue, entries=(claimed,))
    names = {"embc": "Engineering in Medicine"}
    for written in (export_markdown, export_html):
        assert "Engineering in Medicine" in written(issue, MASTHEAD, names)
