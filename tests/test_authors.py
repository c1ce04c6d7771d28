"""Authors: who appears most, a page for whoever is followed or printed again, namesakes told apart."""

from __future__ import annotations

from dataclasses import replace
from html import unescape
from pathlib import Path

import pytest

from kept_week import SUNDAY, W10, W11, W12, Root, paper
from published import texts
from sample_issue import lead_picks, sample_issue
from sundaypaper import config
from sundaypaper.formats.hrefs import name_slug
from sundaypaper.links import people
from sundaypaper.models import Amendment, Entry, Pick, Place
from sundaypaper.pipeline import publishing


def by(number: int, *authors: str, **more: object) -> Entry:
    """A paper of these authors; it names its code, so that it is printed."""
    return paper(number, authors=authors, **more)


def published(root: Root) -> dict[str, str]:
    """All pages of a root, path to text as a reader sees it."""
    with root.store() as store:
        made = config.load(root.path / "feeds.yaml")
        publishing.publish(made, store, root.path / "output", None)
    pages = texts(root.path / "output" / "site")
    return {path: unescape(text) for path, text in pages.items() if path.endswith(".html")}


@pytest.fixture
def root(tmp_path: Path) -> Root:
    """Two weeks: Wei Li twice with Ana Ruiz, once with nobody that is known; Bo Osei once."""
    root = Root(tmp_path)
    root.configure("authors: [Bo Osei]\n")
    root.keep(W10, by(1, "Wei Li", "Ana Ruiz"), by(2, "Bo Osei"), by(3, "Y. Zhang", "Eva Lind"))
    root.edit(W10)
    root.keep(W11, by(11, "Ana Ruiz", "Wei Li"), by(12, "Wei Li", "Tom Berg"), by(13, "Y. Zhang"))
    root.edit(W11)
    return root


# ---------------------------------------------------------------- namesakes


def test_two_of_a_name_are_one_where_they_share_a_co_author() -> None:
    """Directly, or each with a third; a name alone joins nothing."""
    written = [["li", "ana"], ["li", "tom"], ["ana", "li", "eva"], ["eva", "li"], ["li"]]
    assert people("li", written) == ((0, 2, 3), (1,), (4,))


def test_a_frequent_name_needs_two_co_authors_in_common() -> None:
    """Over thirteen entries and more one co-author in common is a namesake's as likely."""
    apart = [["li", f"only {n}"] for n in range(11)]
    twelve = [["li", "ana", "a"], *apart]
    assert people("li", [*twelve[:11], ["li", "ana", "b"]])[0] == (0, 11)
    assert people("li", [*twelve, ["li", "ana", "b"]])[0] == (0,)
    assert people("li", [*twelve, ["li", "ana", "a", "b"]])[0] == (0, 12)


def test_a_name_is_an_address_that_holds_nothing_but_letters() -> None:
    """Whatever it holds; two names never share one."""
    assert name_slug("wei li") == "wei-li"
    assert name_slug("李 伟") != name_slug("李 维")
    assert name_slug("李 伟").isalnum()
    assert len(name_slug("x" * 500)) < 80
    assert name_slug("a" * 61) != name_slug("a" * 62)


# ---------------------------------------------------------------- pages


def test_whoever_is_printed_twice_has_a_page_with_all_of_the_name(root: Root) -> None:
    """Newest first, told apart by co-authors, with what to search for."""
    page = published(root)["authors/wei-li/index.html"]
    assert "3 of 3 entries under this name were printed here." in page
    assert "One or more people of this name" in page
    together = page[page.index("With Ana Ruiz") : page.index("Others of this name")]
    assert together.index("Kettle Number 11") < together.index("Kettle Number 1 ")
    assert "Kettle Number 12" not in together
    assert "with Tom Berg · 2026-W11 · printed" in page[page.index("Others of this name") :]
    assert 'href="../../search/index.html?q=author%3A%22Wei%20Li%22"' in page
    assert 'href="../../e/arxiv-2603.00011/index.html"' in page


def test_the_page_of_one_person_says_nothing_of_namesakes(root: Root) -> None:
    """All of Ana Ruiz share Wei Li."""
    page = published(root)["authors/ana-ruiz/index.html"]
    assert "of this name:" not in page
    assert "Others of this name" not in page
    assert ">Entries</h2>" in page


def test_who_is_followed_has_a_page_for_one_entry(root: Root) -> None:
    """Nobody else does."""
    pages = published(root)
    assert "This paper follows the author." in pages["authors/bo-osei/index.html"]
    assert "authors/tom-berg/index.html" not in pages
    assert "Bo Osei</a> <small>1 of 1 printed" in pages["authors/index.html"]


def test_initials_are_too_many_peoples_for_a_page(root: Root) -> None:
    """Y. Zhang was printed twice and has none."""
    assert not [path for path in published(root) if "zhang" in path]


def test_an_entry_leads_to_the_pages_of_its_authors(root: Root) -> None:
    """The page of the first printing too, once an author is printed again."""
    pages = published(root)
    link = '<a href="../../authors/wei-li/index.html">Wei Li</a>'
    assert link in pages["e/arxiv-2603.00001/index.html"]
    assert link in pages["e/arxiv-2603.00012/index.html"]
    assert "Tom Berg</p>" in pages["e/arxiv-2603.00012/index.html"]


def test_an_older_page_is_made_anew_when_an_author_of_it_gets_a_page(tmp_path: Path) -> None:
    """A group that is linked from the build before would lack the way there."""
    root = Root(tmp_path)
    root.configure()
    root.keep(W10, by(1, "Wei Li"))
    root.edit(W10)
    assert "authors/wei-li" not in published(root)["e/arxiv-2603.00001/index.html"]
    root.keep(W11, by(11, "Wei Li"))
    root.edit(W11)
    assert "authors/wei-li" in published(root)["e/arxiv-2603.00001/index.html"]


def test_the_list_counts_papers_and_what_was_printed(root: Root) -> None:
    """Of people, as co-authors tell: the paper with Tom Berg is not counted to the same Wei Li."""
    page = published(root)["authors/index.html"]
    quarter = page[page.index("Most papers in a quarter of a year") :]
    assert '<a href="../authors/wei-li/index.html">Wei Li</a></th><td class="n">2</td>' in quarter
    assert '<td class="n">2</td><td>Ana Ruiz</td>' in quarter
    assert "Tom Berg" not in quarter
    assert "Most papers in a year" not in page


def test_a_year_is_listed_once_it_holds_more_than_a_quarter(tmp_path: Path) -> None:
    """Fourteen weeks: the year counts all of them, the quarter the last thirteen."""
    root = Root(tmp_path)
    root.configure()
    first = sample_issue(150)
    weekly = [
        replace(first, week=f"2026-W{n:02}", entries=(picked(n),), sections=(), minute=())
        for n in range(1, 15)
    ]
    entries = [by(n, "Ada Lind", "Eva Ruiz", "Bo Osei") for n in range(1, 15)]
    with root.store() as store:
        places = [Place(e, f"2026-W{n:02}", "", "", SUNDAY[W10]) for n, e in enumerate(entries, 1)]
        store.save(places, [], [])
        for issue in weekly:
            store.keep_issue(issue)
    page = published(root)["authors/index.html"]
    quarter, year = page.split("Most papers in a year", 1)
    assert '<td class="n">13</td>' in quarter
    assert '<td class="n">14</td>' in year


def picked(number: int) -> Pick:
    """A paper of the three, as an issue lists it."""
    pick = lead_picks()[0]
    return replace(pick, id=f"arxiv:2603.{number:05}", authors=("Ada Lind", "Eva Ruiz", "Bo Osei"))


def test_what_was_removed_stands_under_no_name(root: Root) -> None:
    """Its authors' pages neither list nor count it; who has one entry left has no page."""
    published(root)
    with root.store() as store:
        store.amend(Amendment("arxiv:2603.00011", SUNDAY[W11], "removed", "Its authors asked."))
    pages = published(root)
    assert "authors/ana-ruiz/index.html" not in pages
    assert "Kettle Number 11" not in pages["authors/wei-li/index.html"]
    assert "2 of 2 entries" in pages["authors/wei-li/index.html"]


def test_the_sitemap_names_the_pages_of_authors(root: Root) -> None:
    """Also of whom `authors:` follows since the last build, which no week changed."""
    root.configure("base_url: https://paper.example/\n")
    published(root)
    file = root.path / "output" / "site" / "sitemap.xml"
    assert "https://paper.example/authors/wei-li/" in file.read_text()
    assert "tom-berg" not in file.read_text()
    root.configure("base_url: https://paper.example/\nauthors: [Tom Berg]\n")
    published(root)
    assert "https://paper.example/authors/tom-berg/" in file.read_text()


def test_a_name_can_do_no_harm(tmp_path: Path) -> None:
    """Neither on a page nor in the address of a search."""
    root = Root(tmp_path)
    root.configure()
    name = 'Eve "<script>alert(1)</script>" O\'Hara'
    root.keep(W10, by(1, name), by(2, name))
    root.edit(W10)
    with root.store() as store:
        made = config.load(root.path / "feeds.yaml")
        publishing.publish(made, store, root.path / "output", None)
    (page,) = (root.path / "output" / "site" / "authors").glob("eve-*/index.html")
    text = page.read_text()
    assert "<script>alert" not in text
    assert "q=author%3A%22Eve%20%20%3Cscript%3Ealert%281%29%3C/script%3E%20%20O%27Hara%22" in text


def test_a_week_makes_only_those_pages_anew_whose_entries_changed(root: Root) -> None:
    """The page of an author who is not in the new week is the file of the build before."""
    published(root)
    site = root.path / "output" / "site"
    before = {name: (site / f"authors/{name}/index.html").stat().st_ino for name in ("wei-li", "bo-osei")}  # fmt: skip
    root.keep(W12, by(21, "Wei Li"))
    root.edit(W12)
    published(root)
    after = {name: (site / f"authors/{name}/index.html").stat().st_ino for name in before}
    assert after["bo-osei"] == before["bo-osei"]
    assert after["wei-li"] != before["wei-li"]


def test_of_many_entries_the_newest_are_shown_and_the_others_counted(tmp_path: Path) -> None:
    """Sixty; the search holds all."""
    root = Root(tmp_path)
    root.configure("authors: [Wei Li]\n")
    root.keep(W10, *(by(n, "Wei Li", "Ana Ruiz") for n in range(1, 66)))
    root.edit(W10)
    page = published(root)["authors/wei-li/index.html"]
    assert page.count("with Ana Ruiz ·") == 60
    assert "5 older entries: search for all of this name" in page


def test_a_dropped_draft_leaves_no_author_behind(root: Root) -> None:
    """What is held of a week goes with it."""
    root.keep(W12, by(21, "Tom Berg"))
    root.edit(W12)
    published(root)
    with root.store() as store:
        assert store.author_counts(["tom berg"])["tom berg"].entries == 2
        store.db.execute("update issues set state = 'draft' where week = ?", [W12])
        store.db.conn.commit()
        assert store.drop_drafts(W11) == (W12,)
        assert replace(store.author_counts(["tom berg"])["tom berg"]).entries == 1
