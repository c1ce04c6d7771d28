"""The filter index of a list: what an entry holds, its safety inside a script, and what it leaves out."""

from __future__ import annotations

import json
import re
from dataclasses import replace
from html import unescape
from pathlib import Path
from typing import Any

from published import pages
from sample_issue import ABSTRACT, lines, post, sample_issue
from sundaypaper.formats.index import list_page
from sundaypaper.models import Card, Claim, Issue, Page, Pick
from sundaypaper.query import card_of_pick, listed_abstract, match, parse
from sundaypaper.store import Store
from whole_paper import AMENDMENTS, WEEKS

ISSUE = sample_issue(150)


def indexed_card(issue: Issue, pick: Pick) -> Card:
    """The card that the index stands for: a filter says of it what it says in the browser."""
    return card_of_pick(pick, listed_abstract(pick, issue.abstracts))


def page_of(issue: Issue) -> Page:
    """The index of a list of an issue's entries."""
    return list_page("topics/x", issue.entries, issue.abstracts)


def entries(issue: Issue) -> list[dict[str, Any]]:
    """The index as a browser reads it."""
    return read(page_of(issue).body.decode(), "topics/x")


def read(text: str, folder: str) -> list[dict[str, Any]]:
    """What an index hands over for the list of a folder."""
    index = json.loads(text.removeprefix("SundayPaper.index(").removesuffix(");\n"))
    assert index["week"] == folder
    return [dict(zip(index["fields"], values, strict=True)) for values in index["entries"]]


def test_a_week_has_no_index_but_the_archive(whole: Path) -> None:
    """Its filter box asks the archive: 4.4 MB a week stay unwritten. Lists over weeks have one."""
    assert list(whole.glob("issues/*/index.js")) == []
    assert (whole / "topics" / "vision" / "index.js").is_file()


def test_the_page_of_all_entries_lists_each_by_its_number_in_the_archive() -> None:
    """By ring and topic, in the order of lines(), which other tests lean on."""
    page = pages(ISSUE)["issues/2026-W10/all/index.html"]
    shown = re.findall(r'<li data-n="(\d+)"[^>]*>(?:<a [^>]*>)?(.*?)</?[ab]', page)
    assert len(shown) == len(lines(ISSUE)) > 100
    best_first = sorted(ISSUE.entries, key=lambda pick: (-pick.score, pick.id))
    for (number, title), pick in zip(shown, lines(ISSUE), strict=True):
        assert best_first[int(number)] == pick
        assert "$" in pick.title or unescape(title) == pick.title


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
        parse("since:2026-03-02 until:2026-03-02"), indexed_card(undated, undated.entries[0])
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
    text = page_of(issue).body.decode()
    assert "<" not in text
    assert not {"\u2028", "\u2029"} & set(text)
    assert entries(issue)[0]["title"] == bad
    assert entries(issue)[0]["authors"] == [bad]


def test_the_same_issue_gives_the_same_bytes() -> None:
    """A rebuild changes nothing."""
    assert page_of(ISSUE) == page_of(sample_issue(150))


def test_a_line_says_the_same_in_every_list(whole: Path) -> None:
    """What a page of a venue or topic filters by, printed or a line, is what its issue says of it.

    So each field, and its negation, answers there as it does on the week's own page.
    """
    with Store(whole.parents[1] / "paper.db") as store:
        issues = [issue for week in WEEKS if (issue := store.issue(week))]
    of_weeks = [entry for issue in issues for entry in entries(issue)]
    folders = [path.parent.relative_to(whole).as_posix() for path in whole.rglob("index.js")]
    folders.remove("archive")
    lines = [
        one for of in folders for one in read((whole / of / "index.js").read_text("utf-8"), of)
    ]
    assert len(folders) > 5
    assert len(lines) > 200
    # No issue has what the shelf alone shows, and what was removed says less.
    told = {line["id"] for line in of_weeks} - {change.id for change in AMENDMENTS if change.kind == "removed"}  # fmt: skip
    assert [line for line in lines if line["id"] in told and line not in of_weeks] == []
    assert len([line for line in lines if line["abstract"] and line["authors"]]) > 150
