"""What a reader sets out to do, from the first page to the last: by touch, by keyboard, without
JavaScript, from a disk, at the root of a host and below a path."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import unquote
from urllib.request import urlopen

import feedparser
import pytest
from playwright.sync_api import Browser, Locator, Page, expect

from browsing import opened, served
from sundaypaper.models import Pick
from whole_paper import AMENDMENTS, NEWEST, newest

pytestmark = pytest.mark.browser

PHONE = {"viewport": {"width": 390, "height": 844}, "has_touch": True}
DESK = {"viewport": {"width": 1280, "height": 900}}
LEAD = "Reading the Room: Depth from One Photograph without Calibration"
# Where the paper lies, what the reader has in hand, and whether scripts run.
SCRIPTED = [("/", "touch", True), ("/a/b/", "keys", True), ("file:", "touch", True)]
BARE = [("/", "touch", False), ("file:", "keys", False)]
WAYS = [*SCRIPTED[1:], *BARE]


BEFORE = """e => {
  const all = [...document.querySelectorAll('a[href], button, summary, input, select, textarea')]
    .filter(one => one.checkVisibility());
  (all[all.indexOf(e) - 2] || document.body).focus(); }"""


@dataclass
class Reader:
    """Somebody with a page before them, who touches it or has only keys."""

    page: Page
    hand: str
    root: str
    troubles: list[str]

    def use(self, control: Locator) -> None:
        """Tap it; or go there key by key, and press Enter."""
        if self.hand == "touch":
            control.tap()
            return
        self.reach(control)
        self.page.keyboard.press("Enter")

    def reach(self, control: Locator) -> None:
        """Tab until it has the focus; what lies far before it, test_accessibility.py tabs through."""
        control.evaluate(BEFORE)
        for _ in range(4):
            self.page.keyboard.press("Tab")
            if control.evaluate("e => e === document.activeElement"):
                return
        raise AssertionError(f"the Tab key does not lead to {control}")

    def follow(self, name: str | re.Pattern[str], to: str) -> None:
        """Use the first link of that name; it leads to a page below the root."""
        exact = isinstance(name, str)
        self.use(self.page.get_by_role("link", name=name, exact=exact).first)
        self.page.wait_for_url(f"{self.root}{to}*")

    def back(self) -> None:
        """Go back to where the reader came from."""
        self.page.go_back()


@pytest.fixture(scope="module")
def roots(whole: Path) -> Iterator[dict[str, str]]:
    """One paper at three addresses: of a host, below a path, on a disk."""
    with served(whole) as root, served(whole, "a/b/") as below:
        yield {"/": root, "/a/b/": below, "file:": f"{whole.resolve().as_uri()}/"}


Arrive = Callable[..., Reader]
# Whoever types slowly is told of half a query, too: wait until the whole one is answered.
SETTLED = """query => decodeURIComponent(location.search).replaceAll('+', ' ').endsWith(query)
  && document.querySelector('[role=status]').textContent.startsWith(
    [...document.querySelectorAll('.ring li')].filter(line => line.checkVisibility()).length + ' ')"""


@pytest.fixture
def arrive(browser: Browser, roots: dict[str, str]) -> Iterator[Arrive]:
    """Arrive at a place of the paper; at the end nothing has gone wrong on the way."""
    readers = []

    def come(way: tuple[str, str, bool], place: str) -> Reader:
        where, hand, scripts = way
        root, looks = roots[where], PHONE if hand == "touch" else DESK
        page, troubles = opened(browser, root + place, **looks, java_script_enabled=scripts)
        readers.append(Reader(page, hand, root, troubles))
        return readers[-1]

    yield come
    for reader in readers:
        reader.page.context.close()
    assert [trouble for reader in readers for trouble in reader.troubles] == []


@pytest.mark.parametrize("way", WAYS, ids=str)
def test_from_a_search_engine_to_an_entry_its_issue_topic_and_venue(arrive: Arrive, way: tuple[str, str, bool]) -> None:  # fmt: skip
    """The page of an entry stands alone, and leads to all that it belongs to."""
    reader = arrive(way, "e/arxiv-2603.00000/index.html")
    expect(reader.page.locator("h1")).to_have_text(LEAD)
    reader.follow("2 to 8 March 2026", f"issues/{NEWEST}/index.html")
    expect(reader.page.get_by_role("link", name=LEAD, exact=True)).to_be_visible()
    reader.back()
    reader.follow("3D & spatial", "topics/3d/index.html")
    expect(reader.page.get_by_role("link", name=LEAD, exact=True)).to_be_visible()
    reader.back()
    reader.follow(re.compile("All whose authors name CVPR 2026"), "venues/cvpr/2026/index.html")
    expect(reader.page.locator("h1")).to_have_text("CVPR 2026")


@pytest.mark.parametrize("way", WAYS, ids=str)
def test_three_weeks_back(arrive: Arrive, way: tuple[str, str, bool]) -> None:
    """From the front page, week by week, and by the archive in one step."""
    reader = arrive(way, "index.html")
    for week in ("2026-W09", "2026-W08", "2026-W07"):
        reader.follow(re.compile("The week before"), f"issues/{week}/index.html")
    expect(reader.page.locator("h1")).to_have_text("9 to 15 February 2026")
    expect(reader.page.get_by_role("link", name=re.compile("The week before"))).to_have_count(0)
    reader.follow("Archive", "archive/index.html")
    reader.follow(re.compile("^16 to 22 February 2026"), "issues/2026-W08/index.html")


@pytest.mark.parametrize("way", SCRIPTED, ids=str)
def test_a_week_is_filtered_and_the_view_is_shared(arrive: Arrive, way: tuple[str, str, bool]) -> None:  # fmt: skip
    """The address alone gives the same lines; a slip is told at its column; Escape gives all back."""
    reader = arrive(way, "index.html")
    reader.follow(re.compile("entries of this week"), f"issues/{NEWEST}/all/index.html")
    page, lines = reader.page, reader.page.locator(".ring li:visible")
    every = lines.count()
    box = page.get_by_label("Filter", exact=True)
    (box.tap if reader.hand == "touch" else lambda: reader.reach(box))()
    page.keyboard.type("topic:graphs has:code")
    expect(page.get_by_role("status")).to_have_text(re.compile(rf"^\d+ of {every}$"))
    page.wait_for_function(SETTLED, arg="q=topic:graphs has:code")
    told, shown = page.get_by_role("status").inner_text(), lines.all_inner_texts()
    assert 0 < len(shown) < every
    assert told.startswith(f"{len(shown)} ")
    shared = unquote(page.url).removeprefix(reader.root).replace("+", " ")
    assert shared.endswith("q=topic:graphs has:code")
    friend = arrive(way, page.url.removeprefix(reader.root))
    expect(friend.page.get_by_role("status")).to_have_text(told)
    assert friend.page.locator(".ring li:visible").all_inner_texts() == shown
    page.keyboard.type(" (")
    expect(page.get_by_role("status")).to_contain_text("Column ")
    expect(lines).to_have_count(len(shown))
    page.keyboard.press("Escape")
    expect(lines).to_have_count(every)


@pytest.mark.parametrize("way", SCRIPTED, ids=str)
def test_marks_and_topics_put_the_week_in_the_readers_order(arrive: Arrive, way: tuple[str, str, bool]) -> None:  # fmt: skip
    """A thumb on the front page and a topic in My paper; it is kept on the device, and forgotten."""
    reader = arrive(way, "index.html")
    page = reader.page
    reader.use(page.get_by_role("button", name="More like this").first)
    reader.follow("My paper", "mine/index.html")
    expect(page.locator("#mine-told")).to_contain_text("By 1 mark of yours")
    choices = page.locator("summary", has_text="What it goes by")
    reader.use(choices)
    choose(reader, page.get_by_role("checkbox", name="Robotics & driving"))
    expect(page.locator("#mine-kept")).to_contain_text("1 thumb and 1 choice")
    reader.use(choices)
    expect(page.locator("#mine-list .why").first).to_contain_text("chosen: Robotics & driving")
    page.reload()
    expect(page.locator("#mine-list .why").first).to_contain_text("chosen: Robotics & driving")
    reader.use(page.get_by_role("button", name="Forget all of it"))
    page.reload()
    expect(page.locator("#mine-told")).to_contain_text("By what is best for everybody")


def choose(reader: Reader, control: Locator) -> None:
    """Tick a box."""
    if reader.hand == "touch":
        control.tap()
        return
    reader.reach(control)
    reader.page.keyboard.press("Space")


@pytest.mark.parametrize("way", SCRIPTED, ids=str)
def test_a_reader_searches_and_reads_what_was_found(arrive: Arrive, way: tuple[str, str, bool]) -> None:  # fmt: skip
    """From the front page to an entry's own page."""
    reader = arrive(way, "index.html")
    reader.follow("Search", "search/index.html")
    expect(reader.page.get_by_label("Search all entries")).to_be_focused()
    reader.page.keyboard.type("photograph calibration")
    expect(reader.page.get_by_role("status")).to_have_text(re.compile(r"^\d+ entr(y|ies)$"))
    reader.follow(LEAD, "e/arxiv-2603.00000/index.html")
    expect(reader.page.locator("h1")).to_have_text(LEAD)


def taken_out(pick: Pick) -> bool:
    """Whether the whole paper's corrections remove it."""
    return any(of.id == pick.id and of.kind == "removed" for of in AMENDMENTS)


# What a reader wants to know, how it is asked, and what of the entries answers it.
QUESTIONS: list[tuple[str, Callable[[Pick], bool]]] = [
    ('author:"Chen Yildiz"', lambda pick: "Chen Yildiz" in pick.authors),
    (
        "topic:mlops has:code",
        lambda pick: "mlops" in {tag.topic for tag in pick.tags} and bool(pick.evidence),
    ),
    (
        "diffusion venue:cvpr year:2026 status:accepted since:2026-03 until:2026-03",
        lambda pick: "Diffusion" in f"{pick.title} {pick.gist}" and bool(pick.claims),
    ),
]


@pytest.mark.parametrize("way", SCRIPTED, ids=str)
@pytest.mark.parametrize(("query", "answers"), QUESTIONS, ids=[query for query, _ in QUESTIONS])
def test_a_question_over_all_weeks_has_its_whole_answer(
    arrive: Arrive, way: tuple[str, str, bool], query: str, answers: Callable[[Pick], bool]
) -> None:
    """Everything by an author, papers of a topic with code, what was accepted where in a month."""
    reader = arrive(way, "index.html")
    reader.follow("Search", "search/index.html")
    reader.page.keyboard.type(query)
    titles = {pick.title for pick in newest().entries if answers(pick) and not taken_out(pick)}
    expect(reader.page.get_by_role("status")).to_have_text(f"{len(titles)} entries")
    more = reader.page.get_by_role("button", name="Show more")
    while more.is_visible():
        reader.use(more)
        expect(reader.page.locator("#found")).to_have_attribute("aria-busy", "false")
    assert set(reader.page.locator("#found h3").all_inner_texts()) == titles


@pytest.mark.parametrize("way", BARE, ids=str)
def test_without_javascript_nothing_is_offered_that_cannot_work(arrive: Arrive, way: tuple[str, str, bool]) -> None:  # fmt: skip
    """The list is whole; search and choice say what leads there instead, and it does."""
    reader = arrive(way, f"issues/{NEWEST}/all/index.html")
    page = reader.page
    assert page.locator(".ring li:visible").count() > 100
    assert page.locator("input:visible, select:visible, button:visible").count() == 0
    for name, place, note in (
        ("Search", "search", "#search-note"),
        ("My paper", "mine", "#mine-note"),
    ):
        reader.follow(name, f"{place}/index.html")
        expect(page.locator(note)).to_contain_text("JavaScript")
        assert page.locator("input:visible, select:visible, button:visible").count() == 0
        reader.use(page.locator(note).get_by_role("link").first)
        expect(page.locator("h1")).to_have_text("Topics")


@pytest.mark.parametrize("way", WAYS, ids=str)
def test_a_feed_is_found_and_followed(arrive: Arrive, way: tuple[str, str, bool]) -> None:
    """What a feed reader finds in the head of a page, and what a reader finds by links."""
    reader = arrive(way, "index.html")
    feeds_of(reader.page, "Sunday Paper")
    reader.follow("Topics", "topics/index.html")
    reader.follow("Computer vision", "topics/vision/index.html")
    feeds_of(reader.page, "Sunday Paper: Computer vision")
    reader.follow("Subscribe", "subscribe/index.html")
    link = reader.page.get_by_role("link", name="Research: Atom", exact=True)
    assert feedparser.parse(fetched(link.evaluate("link => link.href"))).entries


def feeds_of(page: Page, title: str) -> None:
    """The page names an Atom and a JSON feed of that title, and both can be read."""
    found = page.locator('head link[rel="alternate"]').evaluate_all(
        "links => links.map(link => [link.title, link.type, link.href])"
    )
    at = {kind: href for name, kind, href in found if name == title}
    atom = feedparser.parse(fetched(at["application/atom+xml"]))
    assert not atom.bozo
    assert atom.feed.title
    assert len(atom.entries) == len(json.loads(fetched(at["application/feed+json"]))["items"]) > 0


def fetched(address: str) -> bytes:
    """What stands at an address of the paper."""
    assert address.startswith(("http://127.0.0.1:", Path("/").as_uri()))
    with urlopen(address) as answer:
        return answer.read()
