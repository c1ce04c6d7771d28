"""Pages of topics: beyond the picks a line for each new entry, and the way to all of it."""

from __future__ import annotations

import json
import zlib
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest
from lxml import html as lxml_html
from playwright.sync_api import Browser, expect

from browsing import opened
from published import pages, publish
from sample_issue import paper, sample_issue
from sundaypaper import weeks
from sundaypaper.models import Amendment, Claim, Evidence, Issue, Item, Pick, Section, Tag
from sundaypaper.store import Store

NOW = datetime(2026, 3, 12, 9, tzinfo=UTC)
GRAPHS = "topics/graphs/index.html"
ALL = "select topic, week, entry, score, doc from topic_entries order by topic, week, entry"


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    """A new database."""
    with Store(tmp_path / "paper.db") as opened:
        yield opened


def about(number: int, title: str, score: float, **said: object) -> Pick:
    """A new paper on graphs."""
    tags = (Tag("graphs", 0.9, "title"),)
    told = replace(paper(number), title=title, score=score, tags=tags, claims=(), evidence=())
    return replace(told, **said)  # type: ignore[arg-type]


def week_of(week: str, *picks: Pick, printed: int = 0, draft: bool = False) -> Issue:
    """An issue of those entries that prints the first of them."""
    items = tuple(Item(pick.id, "it has code") for pick in picks[:printed])
    return replace(
        sample_issue(150),
        week=week,
        state="draft" if draft else "frozen",
        entries=tuple(replace(pick, week=week) for pick in picks),
        sections=(Section("lead", "Read first", items),),
        newly_accepted=(),
        minute=(),
        abstracts={pick.id: f"Abstract of {pick.title}." for pick in picks},
    )


def listed(page: str) -> list[tuple[str, list[str]]]:
    """Weeks as they are headed, each with its lines as text."""
    tree = lxml_html.fromstring(page)
    return [
        (group.findtext("h3"), [" ".join(li.text_content().split()) for li in group.iter("li")])
        for group in tree.find_class("of-week")
    ]


# ---------------------------------------------------------------- what a page lists


def test_a_topic_lists_what_is_new_a_line_each() -> None:
    """The newest week first, in it the highest score; what stands above as a pick does not again."""
    told = Claim("cvpr", 2026, "workshop", "accepted", None, "x")
    first = about(1, "Printed", 9.0)
    best = about(2, "Best", 4.0, authors=("Ada Lind", "Ben Osei", "Cy Ruiz"), claims=(told,))
    next = about(3, "Next", 3.0, authors=("Dee Weiss",), evidence=(Evidence("code", "x"),))
    other = about(4, "Of another topic", 8.0, tags=(Tag("vision", 0.9, "title"),))
    old = about(5, "Older", 7.0, authors=())
    build = pages(
        week_of("2026-W09", old), week_of("2026-W10", first, next, best, other, printed=1)
    )
    assert listed(build[GRAPHS]) == [
        (
            "2 to 8 March 2026",
            [
                "Best CVPR 2026 workshop Ada Lind, Ben Osei et al.",
                "Next Dee Weiss · code",
            ],
        ),
        ("23 February to 1 March 2026", ["Older"]),
    ]


def test_a_topic_leads_to_all_of_it_with_the_query_filled_in() -> None:
    """Over all weeks, and to the list of each week with what it brought; not where it brought none."""
    build = pages(
        week_of("2026-W08", about(1, "A", 1.0)),
        week_of("2026-W09", about(2, "B", 1.0, tags=())),
        week_of("2026-W10", about(3, "C", 1.0), about(4, "D", 1.0)),
        week_of("2026-W11", about(5, "E", 1.0), draft=True),
    )
    tree = lxml_html.fromstring(build[GRAPHS])
    [all_weeks] = tree.xpath("//a[contains(@href, 'search/')][contains(., 'Everything')]")
    assert all_weeks.get("href") == "../../search/index.html?q=topic:graphs"
    assert all_weeks.text == "Everything about Graphs, over all weeks"
    ways = [(li.find("a").get("href"), li.text_content()) for li in tree.find_class("weeks")[0]]
    assert ways == [
        ("../../issues/2026-W11/all/index.html?q=topic:graphs", "All of 9 to 15 March 2026"),
        ("../../issues/2026-W10/all/index.html?q=topic:graphs", "All of 2 to 8 March 2026 2 new"),
        (
            "../../issues/2026-W08/all/index.html?q=topic:graphs",
            "All of 16 to 22 February 2026 1 new",
        ),
    ]
    [every] = tree.xpath("//p[@class = 'weekly']/a[. = 'All weeks']")
    assert every.get("href") == "../../search/index.html?q=topic:graphs"
    [week] = tree.xpath("//a[. = 'All of that week']")
    assert week.get("href") == "../../issues/2026-W10/all/index.html?q=topic:graphs"


def test_a_line_of_a_printed_paper_leads_to_its_page(monkeypatch: pytest.MonkeyPatch) -> None:
    """As where more of a topic is printed than its page tells in full; that of a post leads to the post."""
    monkeypatch.setattr("sundaypaper.pipeline.list_pages.TOPIC_PICKS", 1)
    picks = [about(n, f"Paper {n}", 9.0 - n) for n in range(1, 4)]
    post = about(
        4, "A post", 1.0, id="post:0000000000000001", kind="post", url="https://b.example/"
    )
    page = pages(week_of("2026-W10", picks[0], picks[1], post, picks[2], printed=3))[GRAPHS]
    lines = lxml_html.fromstring(page).find_class("lines")[0]
    assert {a.text: a.get("href") for a in lines.iter("a")} == {
        "Paper 2": "../../e/arxiv-2603.00002/index.html",
        "Paper 3": "https://arxiv.org/abs/2603.00003",
        "A post": "https://b.example/",
    }


def test_a_topic_without_news_offers_no_list() -> None:
    """Nor does a paper without an issue."""
    for build in (pages(), pages(week_of("2026-W10", about(1, "A", 1.0, tags=())))):
        assert listed(build[GRAPHS]) == []
        assert "data-filter" not in build[GRAPHS]
        assert "q=topic" not in build[GRAPHS]


def test_what_was_removed_is_listed_no_more() -> None:
    """Though the issue that held it stays."""
    gone, stays = about(1, "Unique Kettle", 2.0), about(2, "Another", 1.0)
    removal = Amendment(gone.id, NOW, "removed", "asked by its authors")
    build = pages(week_of("2026-W10", gone, stays), amendments=(removal,))
    assert listed(build[GRAPHS]) == [("2 to 8 March 2026", ["Another " + by(stays)])]
    assert "Unique Kettle" not in build["topics/graphs/index.js"]


def by(pick: Pick) -> str:
    """The first two of its authors."""
    return ", ".join(pick.authors[:2]) + (" et al." if len(pick.authors) > 2 else "")


# ---------------------------------------------------------------- what is kept for it


def test_only_what_is_new_is_kept_and_of_a_week_the_120_best(store: Store) -> None:
    """Late ones are new; an update and a landmark are not."""
    picks = [about(n, f"Paper {n}", n / 10) for n in range(1, 151)]
    late = about(200, "Late", 99.0, standing="late")
    others = (about(201, "Update", 98.0, standing="update"), about(202, "Old", 97.0, standing="backlog"))  # fmt: skip
    store.keep_issue(week_of("2026-W10", *picks, late, *others))
    kept = [line.title for line in store.topic_entries("graphs", "2026-W10", 999)]
    assert kept == ["Late", *(f"Paper {n}" for n in range(150, 31, -1))]
    assert [line.title for line in store.topic_entries("graphs", "2026-W10", 2)] == ["Late", "Paper 150"]  # fmt: skip
    assert store.topic_entries("graphs", "2026-W11", 999) == ()
    assert store.topic_entries("vision", "2026-W10", 999) == ()


def test_an_entry_of_two_weeks_is_listed_in_the_newer(store: Store) -> None:
    """Once, with what that week says of it."""
    store.keep_issue(week_of("2026-W10", about(1, "As first told", 5.0)))
    store.keep_issue(week_of("2026-W11", about(1, "As told again", 1.0, standing="late")))
    [line] = store.topic_entries("graphs", "2026-W01", 999)
    assert (line.title, line.week, line.listed.score) == ("As told again", "2026-W11", 1.0)


def test_a_draft_made_anew_and_a_dropped_one_leave_no_line(store: Store) -> None:
    """What they listed before is gone."""
    store.keep_issue(week_of("2026-W10", about(1, "First", 1.0), draft=True))
    store.keep_issue(week_of("2026-W10", about(2, "Second", 1.0), draft=True))
    assert [line.title for line in store.topic_entries("graphs", "2026-W01", 9)] == ["Second"]
    store.drop_drafts("2026-W09")
    assert store.topic_entries("graphs", "2026-W01", 9) == ()


def test_no_more_than_sixteen_weeks_are_kept(store: Store) -> None:
    """The newest, in whatever order issues are printed; so the table does not grow."""
    every = [weeks.after("2026-W10", n) for n in range(20)]
    for week in [*every[5:], *every[:5]]:
        store.keep_issue(week_of(week, about(1, week, 1.0)))
    held = {row["week"] for row in store.db.query("select week from topic_entries")}
    assert held == set(every[4:])


def test_issues_of_an_older_version_list_the_same(tmp_path: Path) -> None:
    """The rows that a migration derives are those that are written today, but for the order of keys."""
    path = tmp_path / "paper.db"
    with Store(path) as store:
        for n in range(18):
            store.keep_issue(replace(sample_issue(150), week=weeks.after("2026-W01", n)))
        want = _rows(store)
        store.db.table("topic_entries").drop()
        store.db.execute("delete from _sqlite_migrations where name = 'what_topics_list'")
    with Store(path) as store:
        assert _rows(store) == want
    assert len({week for _, week, *_ in want}) == 16
    assert len(want) > 1000


def _rows(store: Store) -> list[tuple[object, ...]]:
    return [
        (*list(row.values())[:-1], json.loads(zlib.decompress(row["doc"])))
        for row in store.db.query(ALL)
    ]


def test_no_whole_issue_is_read_to_list_what_is_new(tmp_path: Path) -> None:
    """The pages of a topic are made though every issue is out of reach."""
    site = publish(tmp_path, week_of("2026-W10", about(1, "Still there", 1.0), printed=1))
    with Store(tmp_path / "paper.db") as store:
        from sundaypaper.config import default_config
        from sundaypaper.pipeline.list_pages import topics_group
        from sundaypaper.pipeline.publishing_context import set_up

        store.db.execute("update issues set doc = x'00'")
        made = topics_group(set_up(default_config(), store, None)).make()
    assert site.exists()
    [page] = [page for page in made if page.path == GRAPHS]
    assert b"Still there" in page.body


# ---------------------------------------------------------------- in a browser


@pytest.mark.browser
@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("author:osei", ["Best"]),
        ("has:code", ["Next"]),
        ("-has:code", ["Printed", "Best", "Older"]),
        ('"abstract of older"', ["Older"]),
        ("since:2026-03-02", ["Printed", "Best", "Next"]),
        ("topic:vision", []),
    ],
)
def test_the_box_looks_at_picks_and_lines(
    browser: Browser, tmp_path: Path, query: str, found: list[str]
) -> None:
    """At all fields of each; a week without a line that is left goes with its heading."""
    day = datetime(2026, 2, 24, tzinfo=UTC)
    site = publish(
        tmp_path,
        week_of("2026-W09", about(5, "Older", 7.0, published=day)),
        week_of(
            "2026-W10",
            about(1, "Printed", 9.0, authors=()),
            about(2, "Best", 4.0, authors=("Ada Lind", "Ben Osei")),
            about(3, "Next", 3.0, authors=(), evidence=(Evidence("code", "x"),)),
            printed=1,
        ),
    )
    page, troubles = opened(browser, f"{(site / GRAPHS).as_uri()}?q={query}")
    onward = "" if found else " · Search all weeks"
    expect(page.get_by_role("status")).to_have_text(f"{len(found)} of 4{onward}")
    seen = "[...document.querySelectorAll('.listed > li, .lines > li')].filter(e => e.checkVisibility()).map(e => e.querySelector('a').textContent)"  # fmt: skip
    assert page.evaluate(seen) == found
    older = page.get_by_role("heading", name="23 February to 1 March 2026")
    expect(older).to_be_visible() if "Older" in found else expect(older).to_be_hidden()
    assert troubles == []
    page.context.close()
