"""My paper in a real browser: marks on every page, the week in a reader's order, what is kept."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect

from browsing import served, watched
from sundaypaper.query import card_of_pick, listed_abstract, match, parse
from test_html import SHIFTED, WATCH
from whole_paper import AMENDMENTS, NEWEST, newest

pytestmark = pytest.mark.browser

MINE, ALL = "mine/index.html", f"issues/{NEWEST}/all/index.html"
ENTRY = "e/arxiv-2603.00000/index.html"
KEPT = "JSON.parse(localStorage.getItem('sundaypaper.mine') ?? '{}').items ?? {}"


@pytest.fixture(scope="module", params=["http", "file"])
def root(request: pytest.FixtureRequest, whole: Path) -> Iterator[str]:
    """Where the paper lies: below a path of a server, and on a disk."""
    if request.param == "file":
        yield f"{whole.as_uri()}/"
        return
    with served(whole, "a/b/") as address:
        yield address


@pytest.fixture
def reader(browser: Browser, root: str) -> Iterator[BrowserContext]:
    """A browser of somebody who comes for the first time; in the end no page has complained."""
    context = browser.new_context(viewport={"width": 390, "height": 844})
    troubles: list[list[str]] = []
    context.on("page", lambda page: troubles.append(watched(page, root.split("/")[2])))
    context.add_init_script(WATCH)
    yield context
    context.close()
    assert [trouble for some in troubles for trouble in some] == []


def visit(reader: BrowserContext, place: str) -> Page:
    """A tab with a page in it."""
    page = reader.new_page()
    page.goto(place)
    return page


def ordered(page: Page) -> Page:
    """My paper, when the week is in order."""
    page.locator("#mine-list[aria-busy=false] li").first.wait_for()
    return page


def titles(page: Page) -> list[str]:
    """The titles of the list."""
    return page.locator("#mine-list h3").all_inner_texts()


LEAD = "Reading the Room: Depth from One Photograph without Calibration"


def test_a_mark_is_kept_and_seen_on_every_page(reader: BrowserContext, root: str) -> None:
    """A star on the front page is one on the entry's page, in the list of the week and in My paper."""
    front = visit(reader, f"{root}index.html")
    star = front.get_by_role("button", name=f"Star: {LEAD}", exact=True)
    star.click()
    expect(star).to_have_attribute("aria-pressed", "true")
    for place in (ENTRY, ALL, f"issues/{NEWEST}/index.html"):
        page = visit(reader, root + place)
        page.get_by_text(LEAD).first.scroll_into_view_if_needed()
        there = page.get_by_role("button", name=f"Star: {LEAD}", exact=True)
        expect(there).to_have_attribute("aria-pressed", "true")
    mine = ordered(visit(reader, root + MINE))
    expect(mine.locator("#mine-kept")).to_have_text(
        "1 star, 0 thumbs and 0 choices are kept on this device."
    )
    expect(mine.locator("#mine-stars a")).to_have_text(LEAD)
    kept = mine.evaluate(KEPT)["star:arxiv:2603.00000"]
    assert kept["week"] == NEWEST
    assert kept["page"] == ENTRY
    assert kept["url"] == "https://arxiv.org/abs/2603.00000"
    assert kept["authors"]
    star.click()
    expect(star).to_have_attribute("aria-pressed", "false")
    expect(mine.locator("#mine-stars li")).to_have_count(0)


def test_two_open_tabs_keep_what_either_of_them_marks(reader: BrowserContext, root: str) -> None:
    """And each shows the other's mark without a reload."""
    front, entry = visit(reader, f"{root}index.html"), visit(reader, root + ENTRY)
    more = front.locator("article .thumb1").nth(3)
    more.click()
    entry.get_by_role("button", name=f"Star: {LEAD}", exact=True).click()
    expect(front.get_by_role("button", name=f"Star: {LEAD}", exact=True)).to_have_attribute("aria-pressed", "true")  # fmt: skip
    assert {key.split(":")[0] for key in front.evaluate(KEPT)} == {"star", "thumb"}


def test_the_week_stands_in_the_order_of_what_was_marked(reader: BrowserContext, root: str) -> None:
    """Read first above, then 25 and more; two from outside are said to be so; nothing moves."""
    page = ordered(visit(reader, root + MINE))
    assert page.evaluate(SHIFTED) == []
    assert page.locator("#first li").count() > 0
    plain = titles(page)
    assert len(plain) == 25
    assert not set(plain) & set(page.locator("#first li a").all_inner_texts())
    expect(page.locator("#mine-told")).to_contain_text("By what is best for everybody")
    for nth in (4, 11, 18):
        page.locator("#mine-list .thumb1").nth(nth).click()
    assert titles(page) == plain
    page.get_by_role("button", name="Put in order again").click()
    expect(page.locator("#mine-told")).to_contain_text("By 3 marks of yours")
    ordered(page)
    assert titles(page) != plain
    assert page.locator("#mine-list .why", has_text="Outside your taste").count() == 2
    again = titles(page)
    page.get_by_role("button", name="Show 25 more").click()
    expect(page.locator("#mine-list > li")).to_have_count(50)
    assert titles(page)[:25] == again
    back = ordered(visit(reader, root + MINE))
    assert back.evaluate(SHIFTED) == []
    assert titles(back) == again


def test_a_thumb_of_the_front_page_counts_in_the_order(reader: BrowserContext, root: str) -> None:
    """The front page has no file of the week; My paper looks up what the mark needs, and keeps it."""
    visit(reader, f"{root}index.html").locator("article .thumb1").nth(2).click()
    page = ordered(visit(reader, root + MINE))
    expect(page.locator("#mine-told")).to_contain_text("By 1 mark of yours")
    (item,) = page.evaluate(KEPT).values()
    assert len(item["vector"]) == 32
    assert item["topics"]


def found(query: str) -> int:
    """How many entries of the newest issue Python finds; those that were removed are found by nothing."""
    issue, gone = newest(), {one.id for one in AMENDMENTS if one.kind == "removed"}
    cards = [card_of_pick(pick, listed_abstract(pick, issue.abstracts)) for pick in issue.entries if pick.id not in gone]  # fmt: skip
    return sum(match(parse(query), card) for card in cards)


def test_people_and_queries_are_asked_of_the_archive(reader: BrowserContext, root: str) -> None:
    """What answers comes forward and says so; a line with a slip is kept as it is, told, and not asked."""
    page = ordered(visit(reader, root + MINE))
    name = newest().entries[40].authors[0]
    page.locator("summary", has_text="What it goes by").click()
    page.get_by_role("textbox", name="People").fill(name)
    page.get_by_label("Queries of your own", exact=True).fill("geometry\ncolour:red")
    expect(page.locator("#mine-slip")).to_contain_text("Line 2, column 1")
    page.locator("summary", has_text="What it goes by").click()
    page.locator("#mine-list .why", has_text=f"chosen: {name}").first.wait_for()
    chosen = page.locator("#mine-list > li", has_text="geometry")
    shown = chosen.locator("h3").all_inner_texts()
    assert shown
    assert all("Geometry" in title for title in shown)
    page.reload()
    expect(page.get_by_label("Queries of your own", exact=True)).to_have_value("geometry\ncolour:red")  # fmt: skip
    page.locator("summary", has_text="What it goes by").click()
    page.get_by_role("button", name=re.compile("^Try them over")).click()
    expect(page.locator("#mine-tried h3")).to_have_count(4)
    expect(page.locator("#mine-tried h3").first).to_have_text(f"{NEWEST}: {found('geometry')} entries")  # fmt: skip


def test_stars_are_taken_along_with_all_that_the_archive_says(reader: BrowserContext, root: str) -> None:  # fmt: skip
    """A star of the front page knows three authors; what is taken along names every one."""
    title = "Orrery: Learning Long Contexts from Weak Instruction"
    front = visit(reader, f"{root}index.html")
    front.get_by_role("button", name=f"Star: {title}", exact=True).click()
    page = ordered(visit(reader, root + MINE))
    page.get_by_text("Take it along").click()
    with page.expect_download() as taking:
        page.get_by_role("button", name="Download").click()
    text = Path(taking.value.path()).read_text()
    (star,) = page.evaluate(KEPT).values()
    authors = [
        "Farah Tanaka",
        "Jonas Varga",
        "Nnamdi Weiss",
        "Chen Yildiz",
        "Goran Adeyemi",
        "Keiko Brandt",
        "Olu Castell",
        "Dilnoza Dufour",
    ]
    assert star["authors"] == authors
    assert all(name.split()[-1] in text for name in authors)


def test_who_leaves_in_the_middle_of_a_word_loses_none_of_it(
    reader: BrowserContext, root: str
) -> None:
    """Each key is kept as it is pressed."""
    page = visit(reader, root + MINE)
    page.locator("summary", has_text="What it goes by").click()
    page.get_by_label("Queries of your own", exact=True).press_sequentially('"flow mat')
    page.close()
    there = visit(reader, root + MINE)
    expect(there.locator("#mine-queries")).to_have_value('"flow mat')


def test_what_is_kept_is_saved_forgotten_and_taken_over(reader: BrowserContext, root: str, tmp_path: Path) -> None:  # fmt: skip
    """A file brings back what was forgotten; one that is none says so."""
    visit(reader, f"{root}index.html").locator("article .star1").first.click()
    page = ordered(visit(reader, root + MINE))
    with page.expect_download() as saving:
        page.get_by_role("button", name="Save it as a file").click()
    file = tmp_path / "my-paper.json"
    saving.value.save_as(file)
    assert json.loads(file.read_text())["format"] == 2
    page.get_by_role("button", name="Forget all of it").click()
    expect(page.locator("#mine-stars li")).to_have_count(0)
    assert page.evaluate("localStorage.length") == 0
    page.get_by_label("Take over a file").set_input_files(file)
    expect(page.locator("#mine-stars li")).to_have_count(1)
    expect(page.locator(".told-below")).to_contain_text("1 thing was new")
    file.write_text("nothing of the sort")
    page.get_by_label("Take over a file").set_input_files(file)
    expect(page.locator(".told-below")).to_contain_text("holds no JSON")
    expect(page.locator("#mine-stars li")).to_have_count(1)


def test_storage_of_another_shape_stops_no_page(reader: BrowserContext, root: str) -> None:
    """It is told on the front page and in My paper, and "Forget all of it" works."""
    page = visit(reader, f"{root}index.html")
    page.evaluate("""localStorage.setItem('sundaypaper.mine', '{"queries": "graph"}')""")
    page.reload()
    expect(page.locator(".told-below")).to_contain_text("set aside")
    mine = ordered(visit(reader, root + MINE))
    expect(mine.locator("#mine-queries")).to_have_value("graph")
    mine.get_by_role("button", name="Forget all of it").click()
    assert mine.evaluate("localStorage.length") == 0


def test_a_full_storage_says_so_and_shows_no_mark(reader: BrowserContext, root: str) -> None:
    """What is not kept does not look as if it were."""
    page = visit(reader, f"{root}index.html")
    page.evaluate("() => { Storage.prototype.setItem = () => { throw new DOMException('full', 'QuotaExceededError') } }")  # fmt: skip
    star = page.locator("article .star1").first
    star.click()
    expect(page.locator(".told-below")).to_contain_text("no room left")
    expect(star).to_have_attribute("aria-pressed", "false")


def test_the_front_page_stays_as_it_is_whatever_was_chosen(
    reader: BrowserContext, root: str
) -> None:
    """Nothing is hidden, nothing is added, nothing moves."""
    page = visit(reader, f"{root}index.html")
    whole = page.locator("main").inner_text()
    page.evaluate("""localStorage.setItem('sundaypaper.mine', JSON.stringify({topics: [['vision', 'Vision']]}))""")  # fmt: skip
    page.reload()
    page.locator("article .marks button").first.wait_for()
    assert page.evaluate(SHIFTED) == []
    assert page.locator("main").inner_text() == whole


def test_without_a_worker_the_page_does_it_in_slices(reader: BrowserContext, root: str) -> None:
    """The same order as with one."""
    one = ordered(visit(reader, root + MINE))
    one.locator("#mine-list .thumb1").nth(9).click()
    one.reload()
    ordered(one)
    reader.add_init_script("delete globalThis.Worker")
    other = ordered(visit(reader, root + MINE))
    expect(other.locator("#mine-told")).to_contain_text("By 1 mark")
    assert titles(other) == titles(one)


def test_nothing_of_it_is_printed(reader: BrowserContext, root: str) -> None:
    """No button on paper."""
    page = visit(reader, f"{root}index.html")
    page.locator("article .marks button").first.wait_for()
    page.emulate_media(media="print")
    assert page.locator("article button:visible").count() == 0
