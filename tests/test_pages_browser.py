"""The pages in a real browser, opened by a double click: over file:, with no server."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page

from browsing import opened
from published import publish
from sample_issue import sample_issue

pytestmark = pytest.mark.browser

PLACES = ("index.html", "issues/2026-W10/index.html", "issues/2026-W10/all/index.html", "archive/index.html", "trends/index.html", "about/index.html", "topics/index.html", "topics/vision/index.html", "venues/index.html", "venues/cvpr/2026/index.html", "e/arxiv-2603.00000/index.html", "sources/index.html", "subscribe/index.html", "corrections/index.html", "issues/2026-W10/ledger/index.html", "404.html")  # fmt: skip


@pytest.fixture(scope="module")
def build(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The sample issue, built."""
    before = replace(sample_issue(150), week="2026-W09")
    return publish(tmp_path_factory.mktemp("site"), before, sample_issue(400))


def open_page(browser: Browser, file: Path, **context: object) -> tuple[Page, list[str]]:
    """A page from the disk, and what it complained of."""
    return opened(browser, file.as_uri(), **context)


@pytest.mark.parametrize("place", PLACES)
def test_a_page_opens_from_disk_without_a_complaint(browser: Browser, build: Path, place: str) -> None:  # fmt: skip
    """Styled, with one heading, and nothing asked of any host."""
    page, troubles = open_page(browser, build / place)
    assert troubles == []
    assert page.locator("h1").count() == 1
    background = page.evaluate("getComputedStyle(document.body).backgroundColor")
    assert background not in ("rgba(0, 0, 0, 0)", "rgb(255, 255, 255)"), "the sheet did not load"
    page.context.close()


@pytest.mark.parametrize("place", PLACES)
@pytest.mark.parametrize("width", [320, 390, 1440])
def test_nothing_scrolls_sideways(browser: Browser, build: Path, place: str, width: int) -> None:
    """From 320 pixels up; 320 is also 1280 at 400 % zoom."""
    page, _ = open_page(browser, build / place, viewport={"width": width, "height": 800})
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    page.context.close()


def test_a_reader_gets_from_the_front_to_all_entries_and_back(browser: Browser, build: Path) -> None:  # fmt: skip
    """By links alone, over file:."""
    page, troubles = open_page(browser, build / "index.html")
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


def test_the_words_of_a_claim_open_by_keyboard(browser: Browser, build: Path) -> None:
    """The span that says so is one key press away, and the skip link comes first."""
    page, _ = open_page(browser, build / "issues/2026-W10/index.html")
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.textContent") == "Skip to the content"
    claim = page.locator("details.claim").first
    claim.locator("summary").focus()
    page.keyboard.press("Enter")
    assert claim.locator("mark").is_visible()
    page.context.close()


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_text_stands_out_in_light_and_dark(browser: Browser, build: Path, scheme: str) -> None:
    """WCAG 2.2 AA: 4.5 to 1 for every kind of text on the page."""
    page, _ = open_page(browser, build / "issues/2026-W10/index.html", color_scheme=scheme)
    ratios = page.evaluate(CONTRAST)
    assert ratios
    assert min(ratios.values()) >= 4.5, ratios
    page.context.close()


def test_targets_are_large_enough(browser: Browser, build: Path) -> None:
    """WCAG 2.2 target size: controls that stand alone are at least 24 pixels high."""
    page, _ = open_page(browser, build / "issues/2026-W10/index.html", viewport={"width": 390, "height": 800})  # fmt: skip
    heights = page.evaluate(
        "[...document.querySelectorAll('.foot a, summary, footer nav a, .onward a')]"
        ".map(a => a.getBoundingClientRect().height).filter(h => h > 0)"
    )
    assert heights
    assert min(heights) >= 24
    page.context.close()


def test_hostile_entries_run_nothing(browser: Browser, tmp_path: Path) -> None:
    """Titles with markup, script addresses, bidi controls: no dialog, no request, no script node."""
    bad = "</title><img src=x onerror=alert(1)><script>alert(1)</script><svg/onload=alert(1)>"
    issue = sample_issue(150)
    entries = tuple(
        replace(p, title=bad, url="javascript:alert(1)", gist=bad, comment=bad)
        for p in issue.entries
    )
    build = publish(tmp_path, replace(issue, entries=entries, headline=bad))
    for place in PLACES:
        page, troubles = open_page(browser, build / place)
        assert troubles == []
        assert page.locator("script:not([src]), img, svg, [onerror], [onload]").count() == 0
        assert page.locator("a[href^='javascript']").count() == 0
        page.context.close()


CONTRAST = """() => {
  const light = c => { const v = c.match(/[\\d.]+/g).slice(0, 3).map(x => x / 255)
    .map(x => x <= .03928 ? x / 12.92 : ((x + .055) / 1.055) ** 2.4);
    return .2126 * v[0] + .7152 * v[1] + .0722 * v[2]; };
  const ground = e => { for (; e; e = e.parentElement) {
    const c = getComputedStyle(e).backgroundColor; if (!/, 0\\)$/.test(c)) return c; } return 'rgb(255,255,255)'; };
  const found = {};
  for (const e of document.querySelectorAll('p, li, h1, h2, h3, a, b, summary, dd, dt, td, th, time, small, blockquote')) {
    if (!e.textContent.trim()) continue;
    const a = light(getComputedStyle(e).color), b = light(ground(e));
    const ratio = (Math.max(a, b) + .05) / (Math.min(a, b) + .05);
    const kind = e.tagName + '.' + e.className;
    found[kind] = Math.min(found[kind] ?? 99, ratio);
  }
  return found; }"""
