"""The pages as files: valid by the Nu Html Checker, light, still while they load."""

from __future__ import annotations

import gzip
from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, Request, Route

from browsing import served, window
from checking import vnu
from sample_issue import MASTHEAD, sample_issue
from sundaypaper.formats.site import PageFrame, all_page, environment
from whole_paper import KINDS, NEWEST

ISSUE, ALL = f"issues/{NEWEST}/index.html", f"issues/{NEWEST}/all/index.html"
SHARED = (f"{ALL}?q=depth", f"{ALL}?q=venue:cvpr", "topics/vision/index.html?q=week:2026-W07", "venues/cvpr/2026/index.html?q=depth", f"{ALL}?q=(", "topics/vision/index.html?q=(", "search/index.html?q=depth")  # fmt: skip
# What is asked for in an address comes later than the page: see SHARED.
PLACES = [place for place in KINDS if "?" not in place]
WIDE = ("index.html", ISSUE, ALL, "mine/index.html", "search/index.html")
# It reads a page as if it had no address, so that the policy's 'self' seems to allow nothing.
NO_ADDRESS = "Resource violates Content Security Policy (meta tag)"


def complaints(messages: list[dict[str, Any]]) -> list[str]:
    """Errors and warnings, with where they are."""
    return [
        f"{one.get('url', '')}:{one.get('lastLine', '')}: {one['message']}"
        for one in messages
        if NO_ADDRESS not in one["message"]
    ]


def test_every_page_and_sheet_is_valid(whole: Path) -> None:
    """HTML, MathML, ARIA, CSS and the icon: no error and no warning in the whole build."""
    assert len(list(whole.rglob("*.html"))) > 100
    given = ("--skip-non-html", "--also-check-css", "--also-check-svg", whole)
    assert complaints(vnu(*given)) == []


def weight(*texts: bytes) -> int:
    """What files weigh together when each is sent with gzip, in bytes."""
    return sum(len(gzip.compress(text, 9, mtime=0)) for text in texts)


def test_an_issue_and_a_full_week_are_light(whole: Path) -> None:
    """At most 14 kB for an issue with its sheet, and 120 kB for the list of 2,000 entries."""
    assert weight((whole / ISSUE).read_bytes(), (whole / "style.css").read_bytes()) <= 14_000
    issue = sample_issue(2000)
    frame = PageFrame(MASTHEAD, {topic.id: topic.name for topic in issue.topics})
    body = all_page(issue, frame, environment(None)).body
    assert body.count(b"<li data-n=") > 1900
    assert weight(body) <= 120_000


@contextmanager
def waiting(browser: Browser, width: int) -> Iterator[Page]:
    """A window that sees what moves, and in which nothing is there already from the page before."""
    with window(browser, width) as page:
        page.add_init_script(WATCH)
        session = page.context.new_cdp_session(page)
        session.send("Network.enable")
        session.send("Network.setCacheDisabled", {"cacheDisabled": True})
        yield page


@pytest.fixture(scope="module")
def root(whole: Path) -> Iterator[str]:
    """The address of a paper with every kind of page."""
    with served(whole) as address:
        yield address


@pytest.mark.browser
def test_an_issue_asks_for_four_files_and_nothing_moves(browser: Browser, root: str) -> None:
    """Of this host alone; no page shifts what is seen while it loads, with whatever its script adds."""
    moved, elsewhere, many = [], [], []
    for width in (390, 1440):
        with waiting(browser, width) as page:
            asked: list[str] = []
            page.on("request", partial(_note, asked))
            for place in PLACES if width == 390 else WIDE:
                asked.clear()
                page.goto(root + place)
                moved += [f"{place} at {width}: {shift}" for shift in page.evaluate(SHIFTED)]
                elsewhere += [url for url in asked if not url.startswith(root)]
                many += asked if len(asked) > 4 and place in (ISSUE, "index.html") else []
    assert (moved, elsewhere, many) == ([], [], [])


def _note(asked: list[str], request: Request) -> None:
    asked.append(request.url)


@pytest.mark.browser
@pytest.mark.parametrize("width", [390, 1440])
def test_nothing_moves_while_what_an_address_asks_for_comes(browser: Browser, root: str, width: int) -> None:  # fmt: skip
    """A shared filter or search: the list is first seen as it stays, and so is a slip."""
    moved = []
    with waiting(browser, width) as page:
        for place in SHARED:
            page.goto(root + place)
            page.locator("[role=status]:not(:empty):visible").wait_for()
            page.locator(":root:not(.veiled)").wait_for()
            moved += [f"{place} at {width}: {shift}" for shift in page.evaluate(SHIFTED)]
            assert page.locator(".slip mark:visible").count() == place.count("("), place
            assert page.locator("main li:visible").count() > 0, place
    assert moved == []


BOXED = (ALL, "topics/vision/index.html", "venues/cvpr/2026/index.html")
PAINTED = "() => new Promise(done => requestAnimationFrame(() => requestAnimationFrame(() => setTimeout(done, 20))))"  # fmt: skip


@pytest.mark.browser
@pytest.mark.parametrize("width", [320, 390, 1440])
def test_nothing_moves_when_the_box_comes_late_and_its_menu_later(browser: Browser, root: str, width: int) -> None:  # fmt: skip
    """On a slow line the page is seen without the box, then with it, then with what it takes along."""
    moved = []
    with waiting(browser, width) as page:
        held: dict[str, Route] = {}
        for name in ("filter", "take"):
            page.route(f"**/{name}.js", partial(held.__setitem__, name))
        for place in BOXED:
            page.goto(root + place, wait_until="commit")
            for name, made in (("filter", "#filter-query"), ("take", ".take")):
                while name not in held or not page.locator("footer").count():
                    page.wait_for_timeout(10)
                page.evaluate(PAINTED)
                held.pop(name).continue_()
                page.locator(made).wait_for()
            page.evaluate(PAINTED)
            moved += [f"{place} at {width}: {shift}" for shift in page.evaluate(SHIFTED)]
    assert moved == []


WATCH = """
  window.shifts = [];
  new PerformanceObserver(list => shifts.push(...list.getEntries()))
    .observe({type: 'layout-shift', buffered: true});
"""
SHIFTED = """() => new Promise(done => requestIdleCallback(() => requestAnimationFrame(() => done(
  shifts.flatMap(one => one.sources.map(source =>
    `${one.value.toFixed(4)} ${source.node && (source.node.outerHTML || source.node.data).slice(0, 80)}`))))))"""
