"""The filter index of a week: its order, its safety inside a script, and what it leaves out."""

from __future__ import annotations

import json
from dataclasses import replace
from html import unescape
from pathlib import Path
from typing import Any

from published import pages
from sample_issue import ABSTRACT, post, sample_issue
from sundaypaper.formats.index import index_page, lines
from sundaypaper.models import Card, Claim, Issue, Pick
from sundaypaper.query import card_of_pick, listed_abstract, match, parse
from whole_paper import WEEKS

ISSUE = sample_issue(150)


def indexed_card(issue: Issue, pick: Pick) -> Card:
    """The card that the index stands for: a filter says of it what it says in the browser."""
    return card_of_pick(pick, listed_abstract(pick, issue.abstracts))


def entries(issue: Issue) -> list[dict[str, Any]]:
    """The index as a browser reads it."""
    text = index_page(issue).body.decode()
    index = json.loads(text.removeprefix("SundayPaper.index(").removesuffix(");\n"))
    assert index["week"] == issue.week
    return [dict(zip(index["fields"], values, strict=True)) for values in index["entries"]]


def test_the_nth_entry_is_the_nth_line_of_the_page_of_all_entries() -> None:
    """Titles in one order on the page, in the index and in lines()."""
    site = pages(ISSUE)
    page = site["issues/2026-W10/all/index.html"]
    shown = [
        unescape(line.split("</a>")[0].split(">")[-1]) for line in page.split("<li data-n=")[1:]
    ]
    titles = [entry["title"] for entry in entries(ISSUE)]
    plain = [n for n, title in enumerate(titles) if "$" not in title]
    assert len(shown) == len(titles) > len(plain) - 1 > 100
    assert [shown[n] for n in plain] == [titles[n] for n in plain]
    assert titles == [pick.title for pick in lines(ISSUE)]
    assert site["issues/2026-W10/index.js"] == index_page(ISSUE).body.decode()


def test_an_entry_holds_what_its_card_needs() -> None:
    """Each part of an entry that a filter may ask for, and the abstract of the week's store."""
    pick = ISSUE.entries[0]
    claims = (*pick.claims, Claim("other:Small Models Day", None, "other", "submitted"))
    first = entries(replace(ISSUE, entries=(replace(pick, claims=claims), *ISSUE.entries[1:])))
    found = next(entry for entry in first if entry["id"] == pick.id)
    assert found == {
        "id": "arxiv:2603.00000",
        "kind": "paper",
        "source": "arxiv",
        "group": "",
        "url": pick.url,
        "title": pick.title,
        "abstract": ABSTRACT,
        "authors": list(pick.authors),
        "categories": ["cs.CV"],
        "claims": [
            ["cvpr", 2026, "main", "accepted", None],
            ["other:Small Models Day", None, "other", "submitted", None, "Small Models Day"],
        ],
        "topics": [tag.topic for tag in pick.tags],
        "ring": "accepted",
        "has": ["code"],
        "day": "2026-03-02",
        "week": "2026-W10",
        "score": 4.0,
        "tex": "",
    }


def test_an_undated_entry_stands_on_the_monday_of_its_week() -> None:
    """As its card does, so that since: and until: find it."""
    undated = replace(ISSUE, entries=(replace(ISSUE.entries[0], published=None),))
    assert entries(undated)[0]["day"] == "2026-03-02"
    assert match(
        parse("since:2026-03-02 until:2026-03-02"), indexed_card(undated, lines(undated)[0])
    )


def test_a_post_is_indexed_with_its_beginning_only() -> None:
    """Its text is its author's: 300 characters at most, and the card in Python sees no more."""
    said = post(1, "A post", "Notes")
    issue = replace(ISSUE, entries=(said,), abstracts={said.id: "word " * 100 + "hidden"})
    assert len(entries(issue)[0]["abstract"]) <= 300
    assert not match(parse("hidden"), indexed_card(issue, said))
    assert match(parse("word"), indexed_card(issue, said))


def test_hostile_text_cannot_leave_the_script() -> None:
    """No tag, no comment, no line separator; what a browser reads is what was said."""
    bad = "</script><!-- <script>alert(1)\u2028\u2029 \\u003c \"');"
    issue = replace(ISSUE, entries=(replace(ISSUE.entries[0], title=bad, authors=(bad,)),))
    text = index_page(issue).body.decode()
    assert "<" not in text
    assert not {"\u2028", "\u2029"} & set(text)
    assert entries(issue)[0]["title"] == bad
    assert entries(issue)[0]["authors"] == [bad]


def test_the_same_issue_gives_the_same_bytes() -> None:
    """A rebuild changes nothing."""
    assert index_page(ISSUE) == index_page(sample_issue(150))


def index_of(site: Path, folder: str) -> list[dict[str, Any]]:
    """The index of a page as a browser reads it."""
    text = (site / folder / "index.js").read_text("utf-8")
    index = json.loads(text.removeprefix("SundayPaper.index(").removesuffix(");\n"))
    return [dict(zip(index["fields"], values, strict=True)) for values in index["entries"]]


def test_a_line_says_the_same_in_every_list(whole: Path) -> None:
    """What a page of a venue or topic filters by, printed or a line, is what its week's list says.

    So each field, and its negation, answers there as it does on the week's own page.
    """
    of_weeks = [line for week in WEEKS for line in index_of(whole, f"issues/{week}")]
    folders = [path.parent for path in whole.glob("venues/*/*/index.js")]
    folders += [path.parent for path in whole.glob("topics/*/index.js")]
    lines = [line for folder in folders for line in index_of(whole, str(folder))]
    assert len(folders) > 5
    assert len(lines) > 200
    told = {line["id"] for line in of_weeks}  # no week's list has what the shelf alone shows
    assert [line for line in lines if line["id"] in told and line not in of_weeks] == []
    assert len([line for line in lines if line["abstract"] and line["authors"]]) > 150
