"""Search over the pages of picked entries: the bundle, and the page that asks it in a browser."""

from __future__ import annotations

import subprocess
import tempfile
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from browsing import opened, served
from published import MASTHEAD, publish
from sample_issue import paper
from sundaypaper import build, search
from sundaypaper.config import default_topics
from sundaypaper.errors import BuildError
from sundaypaper.formats.site import PageFrame, filters
from sundaypaper.models import Issue, Pick
from test_archive import week_of

pytestmark = pytest.mark.pagefind


def about(n: int, title: str, topic: str = "vision", abstract: str = "") -> tuple[Pick, str]:
    """A pick with a title and a topic of its own, and its abstract."""
    pick = paper(n, topic=topic)
    return replace(pick, title=title, gist=""), abstract or "Nothing else is said."


def issue(week: str, *told: tuple[Pick, str]) -> Issue:
    """An issue of those picks."""
    made = week_of(week, *(pick for pick, _ in told))
    return replace(made, abstracts={pick.id: abstract for pick, abstract in told})


TOPICS = {topic.id: topic.name for topic in default_topics()}
KETTLE = about(1, "A Kettle for Robots", "robotics", "It boils <b>water</b> & soup.")
LAMP = about(2, "Lamps that Learn")
TEAPOT = about(
    3, "The Teapot <script>alert(1)</script> Problem", abstract="A kettle is named here."
)


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Two years with an issue each."""
    folder = tmp_path_factory.mktemp("root")
    return publish(folder, issue("2025-W50", KETTLE), issue("2026-W10", LAMP, TEAPOT))


def test_a_bundle_is_made_for_each_year_and_is_the_same_again(site: Path, tmp_path: Path) -> None:
    """Byte for byte, so that a rebuild changes nothing; Pagefind's own interface stays out."""
    files = sorted(file for file in (site / "search" / "2026").rglob("*") if file.is_file())
    pages = [p.relative_to(site).as_posix() for p in (site / "e").rglob("*.html")]
    of_year = [page for page in pages if "2603.00001" not in page]
    for _ in range(3):
        made = search.bundle(site, of_year, "search/2026", filters(PageFrame(MASTHEAD, TOPICS)))
        assert {page.path: page.body for page in made} == {
            file.relative_to(site).as_posix(): file.read_bytes() for file in files
        }
    assert (site / "search" / "2025" / "pagefind-entry.json").exists()
    assert not [file for file in files if "ui" in file.name]


def test_only_the_running_year_is_indexed_again(site: Path, tmp_path: Path) -> None:
    """An issue of the new year leaves the bundle of the old one as the same files."""
    old = publish(tmp_path, issue("2025-W50", KETTLE), issue("2026-W10", LAMP))
    before = {f: f.stat().st_ino for f in (old / "search" / "2025").rglob("*.*")}
    publish(tmp_path, issue("2026-W11", TEAPOT))
    assert before == {f: f.stat().st_ino for f in before}
    assert before


def test_what_a_kill_leaves_of_an_index_lies_where_the_next_run_removes_it(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    """Seen while Pagefind is at work: all of it lies beside the build, none where nobody looks."""
    system, part = tmp_path / "tmp", tmp_path / "output" / "builds" / ".abc.part"
    system.mkdir()
    part.mkdir(parents=True)
    (part / "e.html").write_text("<p>x</p>")
    monkeypatch.setattr(tempfile, "tempdir", str(system))

    def killed(command: list[str], **_: object) -> None:
        pages = Path(command[command.index("--site") + 1])
        assert (pages / "e.html").is_file()
        assert list(system.iterdir()) == []
        build._remove_leftovers(tmp_path / "output")
        assert not pages.exists()
        raise OSError("as if by a kill")

    monkeypatch.setattr(subprocess, "run", killed)
    with pytest.raises(BuildError, match="as if by a kill"):
        search.bundle(part, ["e.html"], "search/2026")


def test_a_pagefind_that_fails_says_so(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """With its own last word, and no half index."""
    (tmp_path / "e.html").write_text("<p>x</p>")
    failed = subprocess.CompletedProcess([], 3, b"", b"first\nno space left\n")
    monkeypatch.setattr(subprocess, "run", lambda *_, **__: failed)
    with pytest.raises(BuildError, match="search index could not be made: pagefind: no space left"):
        search.bundle(tmp_path, ["e.html"], "search/2026")


# ---------------------------------------------------------------- in a browser


@pytest.fixture(scope="module", params=["", "a/b/"])
def root(request: pytest.FixtureRequest, site: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:  # fmt: skip
    """The site at the root of a host, and below a path."""
    if not request.param:
        with served(site) as address:
            yield address
        return
    folder = tmp_path_factory.mktemp("host")
    (folder / "a").mkdir()
    (folder / "a" / "b").symlink_to(site)
    with served(folder) as address:
        yield address + request.param


def found(page: Page) -> list[str]:
    """The titles that the search page lists."""
    return page.locator("#search h3").all_inner_texts()


@pytest.mark.browser
def test_a_reader_searches_over_all_years_and_opens_what_was_found(browser: Browser, root: str) -> None:  # fmt: skip
    """A word of a title and of an abstract; the count is told; the link leads to the entry."""
    page, troubles = opened(browser, f"{root}search/index.html")
    page.get_by_label("Search what was picked").fill("kettle")
    expect(page.get_by_role("status")).to_have_text("2 entries")
    assert sorted(found(page)) == ["A Kettle for Robots", TEAPOT[0].title]
    page.get_by_role("link", name="A Kettle for Robots").click()
    page.wait_for_url("**/e/arxiv-2603.00001/index.html")
    expect(page.locator("h1")).to_have_text("A Kettle for Robots")
    assert troubles == []
    page.context.close()


@pytest.mark.browser
def test_a_search_is_narrowed_and_its_address_can_be_shared(browser: Browser, root: str) -> None:
    """By topic and year; the address alone gives the same list again."""
    page, troubles = opened(browser, f"{root}search/index.html?q=kettle")
    expect(page.get_by_role("status")).to_have_text("2 entries")
    page.get_by_label("Topic").select_option("robotics")
    expect(page.get_by_role("status")).to_have_text("1 entry")
    page.get_by_label("Year").select_option("2026")
    expect(page.get_by_role("status")).to_have_text("0 entries")
    page.get_by_label("Year").select_option("2025")
    expect(page.get_by_role("status")).to_have_text("1 entry")
    again, more = opened(browser, page.url)
    expect(again.get_by_role("status")).to_have_text("1 entry")
    assert found(again) == ["A Kettle for Robots"]
    assert again.get_by_label("Topic").input_value() == "robotics"
    assert troubles == more == []
    page.context.close()
    again.context.close()


@pytest.mark.browser
def test_the_index_is_fetched_only_by_who_searches(browser: Browser, root: str) -> None:
    """The front page asks for nothing of it, and the results hold no markup from outside."""
    page = browser.new_context().new_page()
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    page.goto(f"{root}index.html")
    assert not [url for url in asked if "/search/" in url or "pagefind" in url]
    page.goto(f"{root}search/index.html?q=teapot")
    expect(page.get_by_role("status")).to_have_text("1 entry")
    assert page.locator("#search script").count() == 0
    assert page.locator("#search mark").count() > 0
    page.context.close()


@pytest.mark.browser
def test_from_a_disk_the_page_says_that_it_needs_a_server(browser: Browser, site: Path) -> None:
    """In place of a box that cannot work; without JavaScript it names other ways."""
    page, troubles = opened(browser, (site / "search" / "index.html").as_uri())
    expect(page.locator("#search-note")).to_contain_text("sundaypaper browse")
    assert page.locator("input").count() == 0
    assert troubles == []
    page.context.close()
    bare, _ = opened(browser, (site / "search" / "index.html").as_uri(), java_script_enabled=False)
    expect(bare.locator("#search-note")).to_contain_text("archive")
    bare.context.close()
