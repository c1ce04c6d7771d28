"""The menu of lists in a real browser: what the filter box has left is what is taken along."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from browsing import served, window
from published import publish
from sample_issue import TOPICS, lines, sample_issue
from sundaypaper.config import default_config
from sundaypaper.formats.references import FORMATS, Names, reference
from sundaypaper.formats.site.rendering import PACKAGED

pytestmark = pytest.mark.browser

TRICKY = "=SUM(A1) of $x_i$ & “more”"
ISSUE = replace(
    (whole := sample_issue(150)),
    entries=(replace(whole.entries[0], title=TRICKY), *whole.entries[1:]),
)
NAMES = Names(default_config().venue_titles, {t.id: t.name for t in default_config().topics})


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A build of one issue."""
    return publish(tmp_path_factory.mktemp("taken"), ISSUE)


@pytest.fixture(params=["http", "file"])
def site(request: pytest.FixtureRequest, built: Path) -> Iterator[str]:
    """Where the build lies: on a server, and on a disk."""
    if request.param == "file":
        yield f"{built.as_uri()}/"
        return
    with served(built) as address:
        yield address


def downloaded(page: Page, format: str) -> tuple[str, str]:
    """The name and the text of the file that the menu gives in a format."""
    page.get_by_label("As", exact=True).select_option(format)
    with page.expect_download() as waiting:
        page.get_by_role("button", name="Download").click()
    return waiting.value.suggested_filename, waiting.value.path().read_bytes().decode()


def test_a_filtered_list_of_a_venue_is_taken_along(browser: Browser, site: str) -> None:
    """Each format holds the lines that are shown, and says what Python says of them."""
    with window(browser, 390, 800) as page:
        page.goto(f"{site}venues/cvpr/2026/index.html?q=title:sum")
        expect(page.locator("#filter-told")).to_contain_text("1 of ")
        page.get_by_text("Take it along").click()
        for format, write in FORMATS.items():
            name, text = downloaded(page, format)
            assert name.startswith("sunday-paper-venues-cvpr-2026.")
            assert text == write([reference(ISSUE.entries[0])], NAMES)
        assert "1 entry as Markdown downloaded." in page.locator(".take .told").inner_text()
        page.get_by_label("Filter").fill("nothingofthekind")
        expect(page.locator("#filter-told")).to_contain_text("0 of ")
        page.get_by_role("button", name="Download").click()
        expect(page.locator(".take .told")).to_have_text("There is nothing here to take along.")


def test_a_whole_week_is_taken_along_in_its_order(browser: Browser, site: str) -> None:
    """The list of all entries, as a CSV, line by line as it stands there."""
    with window(browser, 390, 800) as page:
        page.goto(f"{site}issues/2026-W10/all/index.html")
        page.get_by_text("Take it along").click()
        _, text = downloaded(page, "csv")
    rows = list(csv.DictReader(io.StringIO(text, newline="")))
    assert [row["id"] for row in rows] == [pick.id for pick in lines(ISSUE)]
    assert {row["topics"].split("; ")[0] for row in rows} <= {topic.name for topic in TOPICS}


def test_what_a_search_finds_is_taken_along(browser: Browser, site: str) -> None:
    """In its order, each with all that its archive knows; what nothing finds leaves nothing to take."""
    found = sorted((p for p in ISSUE.entries if p.ring == "accepted"), key=lambda p: (-p.score, p.id))  # fmt: skip
    with window(browser, 320, 700) as page:
        page.goto(f"{site}search/index.html?q=ring:accepted")
        expect(page.locator("#search-told")).to_have_text(f"{len(found)} entries")
        page.get_by_text("Take it along").click()
        name, text = downloaded(page, "csl-json")
        assert name == "sunday-paper-search.json"
        assert text == FORMATS["csl-json"](map(reference, found), NAMES)
        assert f"{len(found)} entries as CSL-JSON" in page.locator(".take .told").inner_text()
        assert page.evaluate("document.documentElement.scrollWidth") <= 320


def test_what_writes_the_formats_is_loaded_by_who_wants_them(browser: Browser, site: str) -> None:
    """Not before the first answer; where it does not come that is told, and opening again tries again."""
    with window(browser, 320, 700) as page:
        asked: list[str] = []
        page.on("request", lambda request: asked.append(request.url))
        page.route("**/take.js", lambda route: route.abort())
        page.goto(f"{site}search/index.html?q=ring:accepted")
        expect(page.locator("#search-told")).to_contain_text("entries")
        assert not [url for url in asked if "take.js" in url]
        page.get_by_text("Take it along").press("Enter")
        expect(page.locator("#search-take")).to_contain_text("That did not load.")
        page.unroute("**/take.js")
        page.get_by_text("Take it along").press("Enter")
        page.get_by_text("Take it along").press("Enter")
        expect(page.get_by_label("As", exact=True)).to_be_visible()
        expect(page.get_by_text("Take it along")).to_be_focused()


def test_of_very_many_entries_the_first_are_taken_and_that_is_said(browser: Browser) -> None:
    """A search may find a hundred thousand."""
    page = browser.new_page()
    for script in ("query.js", "take.js"):
        page.add_script_tag(path=PACKAGED / script)
    page.set_content("<div></div>")
    page.evaluate(
        "SundayPaper.names = {}; const records = [{id: 'arxiv:2603.00001', title: 'A'}];"
        "SundayPaper.take.menu(document.querySelector('div'), () => ({records, count: 4321}), 'x')"
    )
    page.get_by_text("Take it along").click()
    downloaded(page, "csv")
    expect(page.locator(".told")).to_have_text("The first 1 of 4,321 entries as CSV downloaded.")
    page.close()


def test_it_is_copied_by_keyboard(browser: Browser, built: Path) -> None:
    """Tab and Enter do; where there is no clipboard to write to, what is selected is copied."""
    with served(built) as address, window(browser, 320, 600) as page:
        page.goto(f"{address}topics/vision/index.html?q={TRICKY[9:12]}")
        page.locator("#filter-told:not(:empty)").wait_for()
        page.evaluate(
            "() => { document.addEventListener('copy', () => copied = document.activeElement.value);"
            " navigator.clipboard.writeText = () => Promise.reject(new Error('forbidden')) }"
        )
        page.get_by_text("Take it along").focus()
        for key in ("Enter", "Tab", "Tab", "Tab", "Enter"):
            page.keyboard.press(key)
        expect(page.locator(".take .told")).to_contain_text("copied.")
        assert page.evaluate("copied").startswith("@misc{")
        assert page.evaluate("document.documentElement.scrollWidth") <= 320
