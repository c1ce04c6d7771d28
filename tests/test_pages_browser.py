"""The pages in a real browser, opened by a double click: over file:, with no server."""

from __future__ import annotations

from dataclasses import dataclass, replace
from pathlib import Path

import pytest
from playwright.sync_api import Browser

from browsing import opened, resize, watched, window
from published import publish
from sample_issue import sample_issue

pytestmark = pytest.mark.browser

PLACES = ("index.html", "issues/2026-W10/index.html", "issues/2026-W10/all/index.html", "archive/index.html", "trends/index.html", "about/index.html", "topics/index.html", "topics/vision/index.html", "paths/index.html", "archive/2026-Q1/index.html", "venues/index.html", "venues/cvpr/index.html", "venues/cvpr/2026/index.html", "editions/index.html", "issues/index.html", "e/index.html", "e/arxiv-2603.00000/index.html", "sources/index.html", "subscribe/index.html", "corrections/index.html", "issues/2026-W10/ledger/index.html", "404.html")  # fmt: skip


@dataclass(frozen=True)
class Look:
    """What a look at a page finds."""

    troubles: tuple[str, ...]
    heads: int
    ground: str
    widths: dict[int, int]


@pytest.fixture(scope="module")
def looked(browser: Browser, whole: Path) -> dict[str, Look]:
    """Each page from the disk, one visit each, in windows of several widths."""
    found = {}
    with window(browser, 320) as page:
        troubles = watched(page)
        for place in PLACES:
            troubles.clear()
            page.goto((whole / place).as_uri())
            widths = {}
            for width in (320, 390, 1440):
                resize(page, width)
                widths[width] = page.evaluate("document.documentElement.scrollWidth")
            ground = page.evaluate("getComputedStyle(document.body).backgroundColor")
            heads = page.locator("h1").count()
            found[place] = Look(tuple(troubles), heads, ground, widths)
    return found


# 404.html is shown by a host at any depth, so its style is at the root of the host and not beside it.
@pytest.mark.parametrize("place", [place for place in PLACES if place != "404.html"])
def test_a_page_opens_from_disk_without_a_complaint(looked: dict[str, Look], place: str) -> None:
    """Styled, with one heading, and nothing asked of any host."""
    look = looked[place]
    assert look.troubles == ()
    assert look.heads == 1
    assert look.ground not in ("rgba(0, 0, 0, 0)", "rgb(255, 255, 255)"), "the sheet did not load"


@pytest.mark.parametrize("width", [320, 390, 1440])
def test_nothing_scrolls_sideways(looked: dict[str, Look], width: int) -> None:
    """From 320 pixels up; 320 is also 1280 at 400 % zoom."""
    assert {place: look.widths[width] for place, look in looked.items() if look.widths[width] > width} == {}  # fmt: skip


def test_a_reader_gets_from_the_front_to_all_entries_and_back(browser: Browser, whole: Path) -> None:  # fmt: skip
    """By links alone, over file:."""
    page, troubles = opened(browser, (whole / "index.html").as_uri())
    page.get_by_role("link", name="entries of this week").click()
    page.wait_for_url("**/issues/2026-W10/all/index.html", wait_until="load")
    page.get_by_role("link", name="The issue", exact=True).click()
    page.wait_for_url("**/issues/2026-W10/index.html", wait_until="load")
    page.get_by_role("link", name="Archive").click()
    page.wait_for_url("**/archive/index.html", wait_until="load")
    page.get_by_role("link", name="How good is this?").click()
    page.wait_for_url("**/about/index.html", wait_until="load")
    page.go_back()
    page.get_by_role("link", name="2 to 8 March 2026").click()
    page.wait_for_url("**/issues/2026-W10/index.html", wait_until="load")
    assert troubles == []
    page.context.close()


def test_the_words_of_a_claim_open_by_keyboard(browser: Browser, whole: Path) -> None:
    """The span that says so is one key press away, and the skip link comes first."""
    page, _ = opened(browser, (whole / "issues/2026-W10/index.html").as_uri())
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.textContent") == "Skip to the content"
    claim = page.locator("details.claim").first
    claim.locator("summary").focus()
    page.keyboard.press("Enter")
    assert claim.locator("mark").is_visible()
    page.context.close()


def test_a_feed_that_is_opened_looks_like_a_page(browser: Browser, whole: Path) -> None:
    """A browser shows titles that are links, in the look of the paper, and none of the markup."""
    page = browser.new_page()
    page.goto((whole / "topics" / "vision" / "feed.xml").as_uri())
    title = page.locator("entry > h2 a").first
    assert title.is_visible()
    assert title.evaluate("one => getComputedStyle(one.parentElement).fontWeight") == "700"
    for hidden in ("entry > id", "entry > content", "entry > author", "rights"):
        assert not page.locator(hidden).first.is_visible()
    home = page.locator("feed > div a")
    assert home.inner_text() == "Read it as a page"
    assert home.evaluate("link => link.href").endswith("/topics/vision/index.html")
    page.close()


def test_hostile_entries_run_nothing(browser: Browser, tmp_path: Path) -> None:
    """Titles with markup, script addresses, bidi controls: no dialog, no request, no script node."""
    bad = "</title><img src=x onerror=alert(1)><script>alert(1)</script><svg/onload=alert(1)>"
    issue = sample_issue(150)
    entries = tuple(
        replace(p, title=bad, url="javascript:alert(1)", gist=bad, comment=bad)
        for p in issue.entries
    )
    build = publish(tmp_path, replace(issue, entries=entries, headline=bad))
    with window(browser, 1280) as page:
        troubles = watched(page)
        for place in PLACES:
            page.goto((build / place).as_uri())
            assert troubles == [], place
            assert page.locator("script:not([src]), img, svg, [onerror], [onload]").count() == 0
            assert page.locator("a[href^='javascript']").count() == 0
