"""Earlier in this paper: a new entry that names a printed one, or goes on from it."""

from __future__ import annotations

from dataclasses import replace
from html import unescape
from pathlib import Path

import pytest

from composing import composed, viewed
from kept_week import SUNDAY, W10, W11, Root, paper
from published import texts
from sample_issue import lead_picks
from sundaypaper import config
from sundaypaper.issue.length import reading_words
from sundaypaper.links import continues, named
from sundaypaper.models import Amendment, Earlier, Entry, Item, Section
from sundaypaper.pipeline import publishing

SAID = (
    "Search agents read many pages of the open web before they answer. We train a search agent on "
    "synthetic browsing trajectories and release all training data."
)
AUTHORS = ("Ada Lind", "Bo Osei", "Eva Ruiz")


def agent(number: int, title: str = "WebHerring: Search Agents", **more: object) -> Entry:
    """A paper on search agents by the same three."""
    return paper(number, **{"title": title, "summary": SAID, "authors": AUTHORS, **more})


@pytest.fixture
def root(tmp_path: Path) -> Root:
    """A root whose first week printed a paper on search agents, and a second one that goes on."""
    root = Root(tmp_path)
    root.configure()
    root.keep(W10, agent(1))
    root.edit(W10)
    root.keep(W11, agent(11, "WebHerring-V2: Better Search Agents"), paper(12))
    return root


def published(root: Root) -> dict[str, str]:
    """All pages of a root, path to text as a reader sees it."""
    with root.store() as store:
        made = config.load(root.path / "feeds.yaml")
        publishing.publish(made, store, root.path / "output", None)
    return {path: unescape(t) for path, t in texts(root.path / "output" / "site").items()}


# ---------------------------------------------------------------- the rule


def test_the_same_first_author_and_another_go_on_with_near_text() -> None:
    """Words that say something are shared to a good part."""
    assert continues(agent(2, "WebHerring-V2"), agent(1))


@pytest.mark.parametrize(
    "other",
    [
        agent(1, authors=("Bo Osei", "Ada Lind", "Eva Ruiz")),
        agent(1, authors=("Ada Lind", "Tom Berg")),
        agent(1, authors=("Ada Lind",)),
        agent(1, authors=()),
        agent(1, summary="We fold proteins on a phone, and measure how warm it gets."),
        agent(1, "WebHerring-V2"),
        agent(1, kind="post"),
    ],
    ids=[
        "another first",
        "no other in common",
        "alone",
        "nobody",
        "far text",
        "one title",
        "a post",
    ],
)
def test_nothing_goes_on_without_each_of_these(other: Entry) -> None:
    """Another first author, nobody else in common, another subject, the same paper, a post."""
    assert not continues(agent(2, "WebHerring-V2"), other)


def test_a_few_common_phrases_are_no_near_text() -> None:
    """Short texts that share half of their words share too few pairs of them."""
    short = {"summary": "Agents search."}
    assert not continues(
        agent(2, "Search Agents Again", **short), agent(1, "Search Agents", **short)
    )


def test_an_entry_names_papers_by_id() -> None:
    """In comment and abstract, a post in its links; never itself, and no list of works."""
    assert named(agent(2, comment="Extends arXiv:2603.00001v2, 9 pages")) == ("arxiv:2603.00001",)
    assert named(agent(2, summary="See https://arxiv.org/abs/2603.00001.")) == ("arxiv:2603.00001",)
    assert named(agent(2, comment="arXiv:2603.00002")) == ()
    post = replace(agent(2), id="post:1", kind="post", links=("https://arxiv.org/pdf/2603.00001",))
    assert named(post) == ("arxiv:2603.00001",)
    several = " ".join(f"arXiv:2603.0000{n}" for n in (3, 4, 5, 6))
    assert named(agent(2, comment=several)) == ()


# ---------------------------------------------------------------- the issue and both pages


def test_an_issue_holds_what_its_entries_go_on_from(root: Root) -> None:
    """The older entry, its title and the week that printed it; only of what it prints."""
    issue = root.edit(W11)
    assert issue.earlier == (
        Earlier(
            "arxiv:2603.00011", "arxiv:2603.00001", "WebHerring: Search Agents", W10, "continues"
        ),
    )
    assert root.issue(W11).earlier == issue.earlier


def test_the_issue_and_both_pages_say_so(root: Root) -> None:
    """Each leads to the other one."""
    root.edit(W11)
    pages = published(root)
    issue = pages[f"issues/{W11}/index.html"]
    assert "Earlier in this paper</b>" in issue
    assert 'href="../../e/arxiv-2603.00001/index.html">WebHerring: Search Agents</a>' in issue
    new, old = pages["e/arxiv-2603.00011/index.html"], pages["e/arxiv-2603.00001/index.html"]
    assert "Earlier in this paper: <a href=" in new
    assert "<small>2026-W10, by the same first author</small>" in new
    assert "Later in this paper: <a href=" in old
    assert "WebHerring-V2: Better Search Agents</a> <small>2026-W11" in old
    assert "in this paper" not in pages["e/arxiv-2603.00012/index.html"]


def test_the_older_page_is_made_anew_when_something_goes_on_from_it(root: Root) -> None:
    """It was published before, without a word of what came later."""
    assert "Later in this paper" not in published(root)["e/arxiv-2603.00001/index.html"]
    root.edit(W11)
    assert "Later in this paper" in published(root)["e/arxiv-2603.00001/index.html"]


def test_what_a_paper_names_comes_before_what_it_continues(tmp_path: Path) -> None:
    """An id is more certain than near text."""
    root = Root(tmp_path)
    root.configure()
    root.keep(W10, agent(1), paper(2))
    root.edit(W10)
    code = "Code: https://github.com/example/kettle11"
    root.keep(W11, agent(11, "WebHerring-V2", comment=f"Builds on arXiv:2603.00002. {code}"))
    (found,) = root.edit(W11).earlier
    assert (found.other, found.how) == ("arxiv:2603.00002", "names")
    assert "2026-W10, which it names" in published(root)["e/arxiv-2603.00011/index.html"]


def test_what_no_issue_printed_is_nothing_earlier(tmp_path: Path) -> None:
    """There is no page of it to lead to."""
    root = Root(tmp_path)
    root.configure()
    root.keep(W10, agent(1, comment=""), paper(2))
    root.edit(W10)
    root.keep(W11, agent(11, "WebHerring-V2"))
    assert root.edit(W11).earlier == ()


def test_a_removed_entry_is_not_named_by_what_goes_on_from_it(root: Root) -> None:
    """Neither the issue nor the page of the new one keeps its title, whenever it was removed."""
    root.edit(W11)
    published(root)
    with root.store() as store:
        store.amend(Amendment("arxiv:2603.00001", SUNDAY[W11], "removed", "Its authors asked."))
    pages = published(root)
    for path in (f"issues/{W11}/index.html", "e/arxiv-2603.00011/index.html"):
        assert "WebHerring: Search Agents" not in pages[path]
        assert "Earlier in this paper" not in pages[path]


def test_the_words_of_the_line_are_counted() -> None:
    """Three words of the older title and six around them; beside a title two."""
    new = lead_picks()[0]
    found = Earlier(new.id, "arxiv:2602.00001", "An Older Title", W10, "continues")
    frame = {"week": W11, "title": "Sunday Paper", "now": SUNDAY[W11]}
    issue = composed(new, **frame)
    assert [item.form for section in issue.sections for item in section.items] == ["full"]
    assert composed(new, earlier=(found,), **frame).words == issue.words + 9
    beside = (Section("new", "New", (Item(new.id, "", "title"),)),)
    short = reading_words(beside, (), {new.id: new}, {})
    assert reading_words(beside, (), {new.id: new}, {}, {new.id: found}) == short + 2


def test_an_edition_says_it_of_its_own_entries(root: Root) -> None:
    """And of no others."""
    issue = root.edit(W11)
    assert viewed(issue, lambda pick: pick.id == "arxiv:2603.00011").earlier == issue.earlier
    assert viewed(issue, lambda pick: pick.id == "arxiv:2603.00012").earlier == ()
