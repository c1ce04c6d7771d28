"""A quarter in review: its weeks, what is chosen, what became of it, what rose, and the page."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest

from kept_week import W10, W11, Root, paper
from published import MASTHEAD, pages, publish, texts
from sample_issue import sample_issue
from sundaypaper.config import load
from sundaypaper.issue import Frame
from sundaypaper.issue.quarter import Became, Reread, became, cared_for, rising
from sundaypaper.models import Amendment, Claim, Entry, Pick, Picked, Tag, Votes
from sundaypaper.pipeline.publishing_context import set_up
from sundaypaper.pipeline.quarters import quarter_groups
from sundaypaper.weeks import closes_quarter, quarter, weeks_of
from test_editions import CODE, CVPR, NOW, pick

FRAME = Frame("", "Sunday Paper", NOW, {}, core=("cvpr",))
PAGE = "archive/2026-Q1/index.html"


# ---------------------------------------------------------------- weeks


@pytest.mark.parametrize(
    ("week", "belongs"),
    [
        ("2026-W01", "2026-Q1"),  # its Thursday is the first of January
        ("2026-W13", "2026-Q1"),  # Thursday 26 March
        ("2026-W14", "2026-Q2"),  # Monday 30 March, but Thursday 2 April
        ("2026-W53", "2026-Q4"),  # Thursday 31 December
        ("2027-W01", "2027-Q1"),
        ("2024-W40", "2024-Q4"),  # Monday 30 September, Thursday 3 October
    ],
)
def test_a_week_belongs_to_the_quarter_of_its_thursday(week: str, belongs: str) -> None:
    """As ISO gives weeks to years."""
    assert quarter(week) == belongs


def test_the_weeks_of_a_quarter_are_thirteen_or_fourteen() -> None:
    """2026 has 53 weeks, and its last quarter fourteen of them."""
    assert weeks_of("2026-Q1") == tuple(f"2026-W{n:02}" for n in range(1, 14))
    assert [len(weeks_of(f"2026-Q{n}")) for n in (1, 2, 3, 4)] == [13, 13, 13, 14]
    assert [week for week in weeks_of("2026-Q1") if closes_quarter(week)] == ["2026-W13"]


# ---------------------------------------------------------------- what is chosen


def picked(week: str, *picks: Pick, section: str = "new", **abstracts: str) -> dict[str, Picked]:
    """What the issue of a week printed, all of it in one section."""
    return {week: Picked(week, picks, {one.id: (section,) for one in picks}, abstracts)}


def voted(number: int, topic: str, votes: int, **more: object) -> Pick:
    """A paper with so many votes."""
    said = Votes("A list", votes, datetime(2026, 3, 8, 7, tzinfo=UTC))
    return pick(number, topic, votes=(said,), **more)


def test_at_most_five_of_a_topic_and_25_in_all_most_votes_first() -> None:
    """By interest it is chosen, by votes it is told."""
    many = [voted(n, f"t{n % 9}", n) for n in range(5, 50)]
    told = [one.pick for one in cared_for(picked(W10, *many), FRAME)]
    assert len(told) == 25
    assert [one.votes[0].count for one in told] == list(range(29, 4, -1))
    ten = [voted(n, "vision", 100 - n) for n in range(10)]
    assert len(cared_for(picked(W10, *ten), FRAME)) == 5


def test_an_entry_is_told_once_with_its_first_week_and_the_day_of_its_votes() -> None:
    """A landmark, a date, what was removed and what only changed is no news of the quarter."""
    one = voted(1, "vision", 94)
    aside = picked("2026-W12", pick(2, "graphs"), section="shelf")
    changed = picked("2026-W09", pick(3, "mlops", standing="update"), pick(4, "mlops", source=""))
    told = cared_for(picked(W10, one) | picked(W11, one) | aside | changed, FRAME)
    assert [(at.week, at.pick.id) for at in told] == [(W10, one.id)]
    assert told[0].why == "94 readers at A list voted for it by 8 March; code is out"
    assert told[0].short == "94 votes by 8 March"


# ---------------------------------------------------------------- what became of it


def changed(
    before: Pick, now: Entry, *claims: Claim, withdrawn: bool = False, code: bool = False
) -> list[Became]:
    """What became of one printed entry."""
    reread = Reread(now, claims, (CODE,) if code else (), withdrawn)
    return list(became(picked(W10, before), {before.id: reread}))


PLAIN = pick(1, "vision", comment="9 pages", evidence=())
SAME = Entry(PLAIN.id, "paper", "arXiv", "", "Paper 1", comment="9 pages")
SAYS = replace(SAME, comment="9 pages. CVPR 2026")


def test_a_paper_that_now_says_where_it_was_accepted_is_told_with_the_claim() -> None:
    """And nothing is told where it said so when it was printed."""
    assert changed(PLAIN, SAYS, CVPR) == [Became(W10, PLAIN, "accepted", claim=CVPR)]
    assert changed(replace(PLAIN, claims=(CVPR,)), SAYS, CVPR) == []
    submitted = replace(CVPR, status="submitted")
    assert changed(PLAIN, SAYS, submitted) == []
    workshop = replace(PLAIN, claims=(replace(CVPR, track="workshop"),))
    assert [one.what for one in changed(workshop, SAYS, CVPR)] == ["accepted"]


def test_the_same_words_say_nothing_new_however_they_are_read() -> None:
    """A better reader of comments makes no news of an old one."""
    assert changed(PLAIN, SAME, CVPR, code=True) == []


def test_code_that_came_out_is_told_and_a_withdrawal_before_all_else() -> None:
    """In the comment or in the abstract, once it was not there."""
    code = Became(W10, PLAIN, "code", code=(CODE,))
    assert changed(PLAIN, replace(SAME, comment="Code!"), code=True) == [code]
    assert changed(PLAIN, replace(SAME, summary="Code!"), code=True) == [code]
    assert (
        changed(replace(PLAIN, evidence=(CODE,)), replace(SAME, summary="Code!"), code=True) == []
    )
    gone = changed(PLAIN, replace(SAME, comment="Withdrawn."), withdrawn=True, code=True)
    assert [one.what for one in gone] == ["withdrawn"]


# ---------------------------------------------------------------- what rose


def test_a_topic_rises_by_a_tenth_and_the_steepest_stands_first() -> None:
    """One that was unknown, or has a handful of entries, does not."""
    before = {"a": 100.0, "b": 10.0, "c": 50.0, "d": 1.0, "e": 0.0}
    now = {"a": 110.0, "b": 20.0, "c": 54.0, "d": 4.0, "e": 6.0, "new": 90.0}
    assert rising(now, before) == ("e", "b", "a")


# ---------------------------------------------------------------- the page


@pytest.fixture
def root(tmp_path: Path) -> Root:
    """2026-W10 is printed: four papers."""
    made = Root(tmp_path)
    made.configure()
    made.keep(W10, *(paper(n) for n in range(1, 5)))
    made.edit(W10)
    return made


def published(root: Root) -> dict[str, str]:
    """All pages of a root as they are now."""
    config = replace(load(root.path / "feeds.yaml"), masthead=MASTHEAD)
    return texts(publish(root.path, config=config))


def prints(root: Root) -> Iterator[tuple[str, str]]:
    """Group and fingerprint of each quarter."""
    with root.store() as store:
        context = set_up(load(root.path / "feeds.yaml"), store, None)
        for group in quarter_groups(context):
            yield group.name, group.fingerprint


def test_a_running_quarter_says_so_and_an_ended_one_ends() -> None:
    """Printed weeks alone tell: the last week of the quarter, or any after it."""

    def page(*weeks: str) -> str:
        return pages(*(replace(sample_issue(150), week=week) for week in weeks))[PAGE]

    running = page("2026-W10", "2026-W12")
    assert "<b>Still running.</b> 2 of its 13 weeks are printed" in running
    assert "That is all for this quarter so far." in running
    for last in ("2026-W13", "2026-W20"):
        over = page("2026-W10", last)
        assert "Still running" not in over
        assert "That is all for this quarter." in over


def test_a_venue_leads_to_the_page_that_says_the_same_figure(tmp_path: Path) -> None:
    """All years together, and papers that name no year: no year's page holds them all."""
    issue = sample_issue(150)
    said = [Claim("cvpr", year, "main", "accepted", None, "x") for year in (2024, 2026, None)]
    picks = tuple(
        replace(pick, standing="new", claims=tuple(said[n : n + 1]))
        for n, pick in enumerate(issue.entries)
    )
    build = texts(publish(tmp_path, replace(issue, entries=picks)))
    assert (
        '<a href="../../venues/cvpr/index.html">CVPR</a> <span class="source">3</span>'
        in build[PAGE]
    )
    assert "3 in 1 week" in build["venues/cvpr/index.html"]


def test_archive_and_the_last_issue_lead_to_the_review() -> None:
    """A draft makes none; the issue before the last does not name it."""
    weeks = ("2026-W12", "2026-W13")
    made = pages(*(replace(sample_issue(150), week=week) for week in weeks))
    assert (
        'href="../archive/2026-Q1/index.html">January to March 2026 in review</a>'
        in made["archive/index.html"]
    )
    assert "../../archive/2026-Q1/index.html" in made["issues/2026-W13/index.html"]
    assert "archive/2026-Q1" not in made["issues/2026-W12/index.html"]
    draft = pages(replace(sample_issue(150), week="2026-W13", state="draft"))
    assert PAGE not in draft
    assert "2026-Q1" not in draft["archive/index.html"] + draft["issues/2026-W13/index.html"]


def test_topics_are_compared_where_a_quarter_before_is_printed() -> None:
    """Vision has twice the entries a week; without a quarter before nothing rises."""
    issue = sample_issue(150)
    vision = (Tag("vision", 1.0, ""),)
    few = replace(issue, week="2025-W50", entries=tuple(replace(p, tags=vision if n < 10 else ()) for n, p in enumerate(issue.entries)))  # fmt: skip
    many = replace(issue, week="2026-W10", entries=tuple(replace(p, tags=vision if n < 20 else ()) for n, p in enumerate(issue.entries)))  # fmt: skip
    made = pages(few, many)
    new = [p.standing in ("new", "late") for p in issue.entries]
    told = f"{sum(new[:20])} a week, {sum(new[:10])} before"
    assert "Topics that rose" in made[PAGE]
    assert told in made[PAGE]
    assert "No quarter before this one is printed" in made["archive/2025-Q4/index.html"]


def test_what_became_of_a_paper_is_told_by_the_next_publishing(root: Root) -> None:
    """Its new words make the quarter anew although no issue changed, and nothing else does."""
    assert "Nothing has changed yet" in published(root)[PAGE]
    ((name, before),) = prints(root)
    assert list(prints(root)) == [(name, before)]
    said = paper(2, version=2, comment="2 pages. Accepted at CVPR 2026")
    root.keep(W10, said, touched=W11)
    ((_, after),) = prints(root)
    assert after != before
    page = published(root)[PAGE]
    assert "Accepted since: 1" in page
    assert "accepted at CVPR 2026 · printed 2 to 8 March 2026" in page


def test_a_removed_paper_is_counted_and_named_nowhere(root: Root) -> None:
    """Its page, one neutral line, is not linked either."""
    assert paper(3).title in published(root)[PAGE]
    with root.store() as store:
        store.amend(Amendment(paper(3).id, datetime(2026, 3, 12, tzinfo=UTC), "removed", "a wish"))
    page = published(root)[PAGE]
    assert paper(3).title not in page
    assert "arxiv-2603.00003" not in page
    assert "1 entry taken out" in page


def test_a_quarter_reads_what_its_own_issues_printed(
    root: Root, monkeypatch: pytest.MonkeyPatch
) -> None:
    """However many weeks there are: the picks of other quarters stay where they are."""
    with root.store() as store:
        issue = store.issue(W10)
        assert issue is not None
        store.keep_issue(replace(issue, week="2025-W50"))
        context = set_up(load(root.path / "feeds.yaml"), store, None)
        (group,) = (g for g in quarter_groups(context) if g.name == "archive/2026-Q1")
        asked: list[str] = []
        real = store.picked

        def watched(weeks: Iterator[str]) -> dict[str, Picked]:
            wanted = list(weeks)
            asked.extend(wanted)
            return real(wanted)

        monkeypatch.setattr(store, "picked", watched)
        assert len(group.make()) == 1
        assert asked == [W10]


def test_hostile_titles_stay_text(root: Root) -> None:
    """As everywhere."""
    root.keep(W11, paper(50, title="<script>alert(1)</script> & tea"))
    root.edit(W11)
    page = published(root)[PAGE]
    assert "<script>alert" not in page
    assert "&lt;script&gt;alert(1)&lt;/script&gt; &amp; tea" in page
