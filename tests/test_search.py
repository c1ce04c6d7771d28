"""The search page in a browser: every entry of every week, by the whole language."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, Route, expect

from browsing import opened, served
from published import publish
from sample_issue import paper
from sundaypaper.models import Claim, Evidence, Issue, Pick
from test_archive import week_of

pytestmark = pytest.mark.browser

SHIFTS = """() => {
  window.shifted = 0;
  new PerformanceObserver((list) => {
    for (const one of list.getEntries()) if (!one.hadRecentInput) window.shifted += one.value;
  }).observe({ type: "layout-shift", buffered: true });
}"""


def about(n: int, title: str, score: float, **told: Any) -> Pick:
    """A paper with a title, a score and what else is said of it."""
    return replace(
        paper(n), title=title, gist="", score=score, published=None, **{"evidence": (), **told}
    )


def issue(week: str, *told: tuple[Pick, str]) -> Issue:
    """An issue of those papers, each with its abstract; it prints the first."""
    made = week_of(week, told[0][0])
    picks = tuple(replace(pick, week=week) for pick, _ in told)
    return replace(made, entries=picks, abstracts={pick.id: abstract for pick, abstract in told})


CVPR = Claim("cvpr", 2026, "main", "accepted", "oral")
KETTLE = about(1, "A Kettle for Robots", 0.9, authors=("Mira Abel", "Wei Li"))
OLD = about(2, "An Unprinted Kettle", 0.3, authors=("W. Li",))
LAMP = about(3, "Lamps that Learn", 0.5, claims=(CVPR,), evidence=(Evidence("code", ""),))
TEAPOT = about(4, "The Teapot <script>alert(1)</script> Problem", 0.7)
MANY = [about(100 + n, f"Spoon number {n}", 0.1) for n in range(45)]
LAST_YEAR = issue("2025-W50", (KETTLE, "It boils water & soup."), (OLD, "Whistles: a study."))
THIS = issue("2026-W10", (TEAPOT, "A kettle is named here."), (LAMP, "Diffusion of light."), *((one, "Eats soup.") for one in MANY))  # fmt: skip


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Two years with an issue each."""
    return publish(tmp_path_factory.mktemp("root"), LAST_YEAR, THIS)


@pytest.fixture(scope="module", params=["http", "below", "file"])
def root(request: pytest.FixtureRequest, site: Path) -> Iterator[str]:
    """The site at the root of a host, below a path, and on a disk."""
    if request.param == "file":
        yield f"{site.resolve().as_uri()}/"
        return
    if request.param == "http":
        with served(site) as address:
            yield address
        return
    with served(site, "a/b/") as address:
        yield address


@pytest.fixture
def search(browser: Browser, root: str) -> Iterator[Page]:
    """The search page; in the end it has not complained, nor has anything moved."""
    page, troubles = opened(browser, f"{root}search/index.html")
    page.evaluate(SHIFTS)
    yield page
    if "/search/" in page.url:
        assert page.evaluate("window.shifted ?? 0") == 0
    assert troubles == []
    page.context.close()


def ask(page: Page, query: str) -> None:
    """Write a query in place of the one that is there."""
    page.get_by_label("Search all entries").fill(query)


def says(page: Page, text: str) -> None:
    """Wait until the page says so of what was asked."""
    expect(page.get_by_role("status")).to_have_text(text)


def found(page: Page) -> list[str]:
    """The titles that the search page lists."""
    return page.locator("#found h3").all_inner_texts()


def test_every_entry_of_all_weeks_is_found_the_newest_first(search: Page) -> None:
    """Printed or not, by words of title and abstract; a title leads to its page or outside."""
    ask(search, "kettle")
    says(search, "3 entries")
    assert found(search) == [TEAPOT.title, KETTLE.title, OLD.title]
    assert search.locator("#found script").count() == 0
    outside = search.get_by_role("link", name=OLD.title)
    expect(outside).to_have_attribute("href", OLD.url)
    search.get_by_role("link", name=KETTLE.title).click()
    search.wait_for_url("**/e/arxiv-2603.00001/index.html")


def test_a_word_that_is_not_there_finds_nothing_rather_than_its_beginning(search: Page) -> None:
    """With a word that is there in its place, and what a part less would find."""
    ask(search, "ketle")
    says(search, "0 entries")
    search.get_by_role("button", name="kettle", exact=True).click()
    says(search, "3 entries")
    ask(search, "kettle has:code")
    says(search, "0 entries")
    expect(search.locator("#found-steps")).to_contain_text("Without has:code, 3 entries")
    search.get_by_role("button", name="kettle", exact=True).click()
    says(search, "3 entries")


@pytest.mark.parametrize(
    ("query", "titles"),
    [
        ("venue:cvpr year:2026 status:accepted", [LAMP.title]),
        ('author:"Wei Li"', [KETTLE.title, OLD.title]),
        ('"boils water"', [KETTLE.title]),
        ('"water boils" OR has:code', [LAMP.title]),
        ("kettle -title:kettle", [TEAPOT.title]),
        ("week:2025-W50 (robot OR unprinted)", [KETTLE.title, OLD.title]),
        ("2603.00003", [LAMP.title]),
        ("https://arxiv.org/abs/2603.00003v2", [LAMP.title]),
        ("arXiv:2603.00001", [KETTLE.title]),
        ("A Kettle for Robots", [KETTLE.title]),
    ],
)
def test_the_box_understands_the_whole_language(search: Page, query: str, titles: list[str]) -> None:  # fmt: skip
    """Fields, phrases, minus, brackets; a number, an address or a title that was pasted."""
    ask(search, query)
    expect(search.locator("#found h3")).to_have_text(titles)


def test_a_slip_is_told_at_its_column(search: Page) -> None:
    """In the words of the filter box."""
    ask(search, "kettle (has:code")
    says(search, "Column 17: unclosed '(': expected ')'")
    expect(search.get_by_label("Search all entries")).to_have_attribute("aria-invalid", "true")
    ask(search, "kettle topik:vision")
    says(search, "Column 8: unknown field topik: did you mean topic?")
    search.get_by_role("button", name="kettle topic:vision").click()
    expect(search.get_by_label("Search all entries")).to_have_value("kettle topic:vision")
    expect(search.get_by_label("Search all entries")).not_to_have_attribute("aria-invalid", "true")


def test_a_line_says_what_there_is_to_say(search: Page) -> None:
    """Authors, claims, the week with a link to its list, topics and code."""
    ask(search, "lamps")
    says(search, "1 entry")
    line = search.locator("#found li article").inner_text()
    assert "the authors say: CVPR 2026 oral" in line
    assert "2 to 8 March 2026 · " in line
    assert line.endswith("code")
    search.get_by_role("link", name="2 to 8 March 2026").click()
    search.wait_for_url("**/issues/2026-W10/all/index.html")


def test_choices_are_written_into_the_query(search: Page) -> None:
    """And show what the query says; an OR stays one part of it."""
    box = search.get_by_label("Search all entries")
    ask(search, "kettle OR lamp")
    search.get_by_label("Year").select_option("2026")
    expect(box).to_have_value("(kettle OR lamp) since:2026 until:2026")
    says(search, "2 entries")
    search.get_by_label("Venue").select_option("cvpr")
    expect(box).to_have_value("(kettle OR lamp) since:2026 until:2026 venue:cvpr")
    expect(search.locator("#found h3")).to_have_text([LAMP.title])
    search.get_by_label("Year").select_option("")
    expect(box).to_have_value("(kettle OR lamp) venue:cvpr")


def test_the_order_is_the_readers(search: Page) -> None:
    """By date, or by score over all weeks; the address keeps both query and order."""
    ask(search, "kettle OR lamp")
    says(search, "4 entries")
    assert found(search) == [TEAPOT.title, LAMP.title, KETTLE.title, OLD.title]
    search.get_by_label("Order").select_option("score")
    expect(search.locator("#found h3")).to_have_text([KETTLE.title, TEAPOT.title, LAMP.title, OLD.title])  # fmt: skip
    search.reload()
    expect(search.locator("#found h3")).to_have_text([KETTLE.title, TEAPOT.title, LAMP.title, OLD.title])  # fmt: skip
    assert "order=score" in search.url


def test_ten_are_shown_then_twenty_more_and_back_brings_them_back(search: Page) -> None:
    """By keys alone: the focus goes on to the first of the new ones."""
    box = search.get_by_label("Search all entries")
    box.press_sequentially("spoons")
    says(search, "45 entries")
    expect(search.locator("#found li article")).to_have_count(10)
    search.get_by_role("button", name="Show more").press("Enter")
    expect(search.locator("#found li article")).to_have_count(30)
    expect(search.locator("#found li article").nth(10).get_by_role("link").first).to_be_focused()
    search.get_by_role("link", name="2 to 8 March 2026").first.click()
    search.wait_for_url("**/issues/2026-W10/all/index.html")
    search.go_back()
    says(search, "45 entries")


def test_who_waits_is_told(browser: Browser, site: Path) -> None:
    """While a file of the index is on its way; when one does not come, that is told, too."""
    with served(site) as address:
        page, _ = opened(browser, f"{address}search/index.html")
        held: list[Route] = []
        page.route("**/t*.js", lambda route: held.append(route))
        ask(page, "kettle")
        says(page, "Loading what this search looks at …")
        expect(page.locator("#found")).to_have_attribute("aria-busy", "true")
        while page.locator("#found").get_attribute("aria-busy") == "true":
            for route in held:
                route.abort()
            held.clear()
            page.wait_for_timeout(20)
        expect(page.get_by_role("status")).to_contain_text("did not load")
        page.context.close()


def test_without_scripts_the_page_names_other_ways(browser: Browser, site: Path) -> None:
    """And offers no box that cannot work."""
    bare, _ = opened(browser, (site / "search" / "index.html").as_uri(), java_script_enabled=False)
    expect(bare.locator("#search-note")).to_contain_text("archive")
    assert bare.locator("input:visible").count() == 0
    bare.context.close()


def test_the_index_is_fetched_only_by_who_searches(browser: Browser, site: Path) -> None:
    """The front page asks for nothing of it."""
    with served(site) as address:
        page = browser.new_page()
        asked: list[str] = []
        page.on("request", lambda request: asked.append(request.url))
        page.goto(f"{address}index.html")
        assert not [url for url in asked if "/archive/2" in url or "archive/index.js" in url]
        page.close()
