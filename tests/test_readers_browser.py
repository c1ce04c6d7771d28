"""The readers' pages in a real browser: every state of them, by keyboard, without scripts, narrow."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, expect

from browsing import resize, running, watched, window
from checking import axe, vnu
from receiving import ADA, BOB, House, house
from sundaypaper.delivery.settings import DeliverySpec
from test_accessibility import (
    SCHEMES,
    STRUCTURE,
    TARGETS,
    broken_rules,
    contrasts,
    skips,
    tabbed,
)
from test_html import complaints

pytestmark = pytest.mark.browser

KEPT = """localStorage.setItem('sundaypaper.mine', JSON.stringify({format: 2, items: {
  'topic:vision': {at: 1, on: true, name: 'Computer vision'}, 'topic:gone': {at: 1, on: true, name: 'Gone'},
  'venue:cvpr': {at: 1, on: true, name: 'CVPR'}, 'venue:icml': {at: 1, on: false},
  edition: {at: 1, on: true, id: 'research', name: 'Research', match: 'x'},
  people: {at: 1, text: 'Wei Li\\n\\nFei-Fei Li'}, queries: {at: 1, text: 'depth OR pose'}}}))"""


@pytest.fixture
def desk(whole: Path, tmp_path: Path) -> Iterator[House]:
    """The app over a paper with every kind of page."""
    with whole_house(whole, tmp_path) as opened:
        yield opened


def whole_house(whole: Path, root: Path, **other: Any) -> Any:
    """The app over the paper of the tests, with readers of its own."""
    (root / "output").mkdir()
    (root / "output" / "site").symlink_to(whole.resolve())
    shutil.copy(whole.parent.parent / "paper.db", root / "paper.db")
    return house(root, printed=False, **other)


@pytest.fixture
def address(desk: House) -> Iterator[str]:
    """Where it answers."""
    with running(desk.app) as url:
        yield url


# A browser gives the focus a moment after a page is there.
FOCUSED = "!document.querySelector('[autofocus]') || document.activeElement.autofocus"


# ---------------------------------------------------------------- every state


class Walk:
    """One reader's way through every state of the pages; look is called in each."""

    def __init__(self, desk: House, page: Page, root: str, look: Callable[[str], None]) -> None:
        self.desk, self.page, self.root, self.look = desk, page, root, look

    def go(self, place: str, name: str) -> None:
        self.page.goto(self.root + place)
        self.look(name)

    def press(self, button: str, name: str) -> None:
        self.desk.pass_by(seconds=2)
        self.page.get_by_role("button", name=button, exact=True).click()
        self.page.locator("main").wait_for()
        self.page.wait_for_load_state()  # with its sheets
        self.look(name)

    def all(self) -> None:
        """Each state once, in the order in which a reader meets them."""
        self.subscribe()
        self.choose()
        self.move()
        self.leave()
        self.trouble()

    def subscribe(self) -> None:
        page, desk = self.page, self.desk
        self.go("subscribe/", "subscribe")  # to look opened what folds
        page.get_by_label("Computer vision", exact=True).check()
        self.press("Try it: how much is it?", "tried")
        page.get_by_label("Mail address").fill("ada")
        page.get_by_label("Queries").fill('topic:visoin\n"open')
        self.press("Subscribe", "wrong")
        page.get_by_label("Queries").fill("depth")
        page.get_by_label("Mail address").fill(ADA)
        self.press("Subscribe", "sent")
        (notice,) = desk.mailed()
        self.go(f"confirm/{notice.token}", "confirm")
        self.press("Confirm and get the newest issue", "confirmed")
        self.go(f"confirm/{notice.token}", "again")
        self.go("confirm/nothing", "unknown")

    def choose(self) -> None:
        place = f"preferences/{self.desk.reader().preferences}"
        self.go(place, "preferences")
        self.press("Save", "saved")
        self.press("Pause", "paused")
        self.press("End the pause now", "resumed")
        self.page.get_by_label("Until a day:").check()
        self.press("Pause", "no day")
        self.go(f"{place}/issues/", "issues")

    def move(self) -> None:
        page, desk = self.page, self.desk
        self.go(f"preferences/{desk.reader().preferences}", "before a move")
        page.get_by_label("New mail address").fill(BOB)
        self.press("Change the address", "moving")
        (notice,) = desk.mailed()
        self.go(f"confirm/{notice.token}", "confirm a move")
        self.press("Confirm this address", "moved")
        desk.mailed()

    def leave(self) -> None:
        bob = self.desk.reader(BOB)
        self.go(f"leave/{bob.token}", "leave")
        self.press("Leave", "left")
        self.go(f"preferences/{bob.preferences}", "preferences of who left")
        self.press("Erase all about me …", "erase")
        self.press("Erase it all", "erased")

    def trouble(self) -> None:
        page, desk = self.page, self.desk
        desk.pass_by(days=1)
        desk.sign_up("eve@lab.example")
        (notice,) = desk.mailed()
        desk.pass_by(days=3)
        self.go(f"confirm/{notice.token}", "expired")
        page.goto(f'data:text/html,<form method="post" action="{self.root}subscribe/"><button>Go</button></form>')  # fmt: skip
        self.press("Go", "elsewhere")
        stamp = desk.stamp()
        for number in range(30):
            desk.post("/subscribe/", {"address": f"a{number}@lab.example", "stamp": stamp}, peer="127.0.0.1")  # fmt: skip
        page.goto(f"{self.root}subscribe/")
        page.get_by_label("Mail address").fill(ADA)
        self.press("Subscribe", "too many")
        place = f"preferences/{desk.readers.add(ADA, consent='asked', now=desk.world.now, again=True).subscriber.preferences}"
        page.goto(self.root + place)
        page.evaluate("document.querySelector('[value=save]').value = 'none'")
        self.press("Save", "unreadable")
        desk.change(delivery=DeliverySpec(kind="list", sender="paper@lab.example", to="list@lab.example"))  # fmt: skip
        self.go("subscribe/", "a list")
        desk.change(delivery=None)
        desk.reception.close()
        self.go(place, "busy")


@pytest.fixture(scope="module")
def looked(browser: Browser, whole: Path, tmp_path_factory: pytest.TempPathFactory) -> dict[str, dict[str, Any]]:  # fmt: skip
    """What a look at each state finds, in windows of several sizes."""
    found: dict[str, dict[str, Any]] = {}
    root = tmp_path_factory.mktemp("states")
    opened = whole_house(whole, root, mails=root / "mails")
    with opened as desk, running(desk.app) as url, window(browser, 320, 256) as page:
        troubles = watched(page, url.split("/")[2])

        def look(name: str) -> None:
            page.wait_for_function(FOCUSED)
            one: dict[str, Any] = {"focus": page.evaluate("document.activeElement.id")}
            one["html"] = page.content()
            page.evaluate("for (const one of document.querySelectorAll('details')) one.open = true")
            resize(page, 320, 256)
            one["width"] = page.evaluate("document.documentElement.scrollWidth")
            resize(page, 390)
            one |= {"targets": page.evaluate(TARGETS), "axe-light": broken_rules(page)}
            one |= contrasts(page, 390)
            resize(page, 1440)
            page.emulate_media(color_scheme="dark", forced_colors="none")
            one |= {"structure": page.evaluate(STRUCTURE), "axe-dark": broken_rules(page)}
            page.emulate_media(color_scheme="light")
            # Within a field for a date the key goes from day to month, as each browser has it.
            page.evaluate("for (const one of document.querySelectorAll('[type=date]')) one.type = 'text'")  # fmt: skip
            one["tab"] = tabbed(page, 390, None)
            one["skips"] = skips(page)
            one["troubles"] = [t for t in troubles if "Failed to load resource" not in t]
            troubles.clear()
            found[name] = one

        Walk(desk, page, url, look).all()
    return found


HEADINGS = {
    "subscribe": "Subscribe",
    "tried": "Subscribe",
    "wrong": "Subscribe",
    "sent": "Check your mail",
    "confirm": "Confirm your subscription",
    "confirmed": "You are subscribed",
    "again": "Confirmed already",
    "unknown": "This link leads nowhere",
    "preferences": "Your subscription",
    "saved": "Your subscription",
    "paused": "Your subscription",
    "resumed": "Your subscription",
    "no day": "Your subscription",
    "issues": "The issues as you got them",
    "before a move": "Your subscription",
    "moving": "Check the mail of your new address",
    "confirm a move": "Confirm your new address",
    "moved": "Your address is changed",
    "leave": "Leave the paper",
    "left": "You have left",
    "preferences of who left": "Your subscription",
    "erase": "Erase all about you",
    "erased": "You are erased",
    "expired": "This link is too old",
    "elsewhere": "This came from another site",
    "too many": "Too many sign-ups",
    "unreadable": "This form cannot be read",
    "a list": "Subscribe",
    "busy": "Too much at once",
}


def test_every_state_has_its_page_with_a_next_step(looked: dict[str, Any]) -> None:
    """In the order of a reader's way; each leads on from its own text, and none complains."""
    assert list(looked) == list(HEADINGS)
    for name, heading in HEADINGS.items():
        html = looked[name]["html"]
        assert f"<h1>{heading}</h1>" in html, name
        main = html.partition("<main")[2].partition("</main>")[0]
        assert "<a href" in main or "<button" in main, name
        assert 'name="robots" content="noindex"' in html or heading == "Subscribe", name
    assert {name: one["troubles"] for name, one in looked.items() if one["troubles"]} == {}


def test_what_was_done_or_is_wrong_has_the_focus(looked: dict[str, Any]) -> None:
    """So that who hears the page, or sees a part of it, is told first."""
    focus = {name: one["focus"] for name, one in looked.items() if one["focus"] not in ("", "main")}
    assert focus == {
        "tried": "tried",
        "wrong": "wrong",
        "saved": "done",
        "paused": "done",
        "resumed": "done",
        "no day": "wrong",
    }


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_axe_finds_nothing(looked: dict[str, Any], scheme: str) -> None:
    """In any state, in light on a phone and in dark on a desk, with all that folds open."""
    axe()  # which skips where it is not installed
    assert {name: one[f"axe-{scheme}"] for name, one in looked.items() if one[f"axe-{scheme}"]} == {}  # fmt: skip


@pytest.mark.parametrize(("scheme", "forced"), SCHEMES)
def test_every_text_stands_out_from_its_ground(looked: dict[str, Any], scheme: str, forced: str) -> None:  # fmt: skip
    """4.5 to 1, also with forced colours."""
    for name, one in looked.items():
        ratios = one[f"{scheme}-{forced}-390"]
        assert {kind: ratio for kind, ratio in ratios.items() if ratio < 4.5} == {}, name


@pytest.mark.parametrize("what", ["structure", "targets"])
def test_structure_and_targets(looked: dict[str, Any], what: str) -> None:
    """One h1, named sections and landmarks; nothing to press that is under 24 pixels."""
    assert {name: one[what] for name, one in looked.items() if one[what]} == {}


def test_nothing_scrolls_sideways_at_320_pixels(looked: dict[str, Any]) -> None:
    """With every fold open."""
    assert {name: one["width"] for name, one in looked.items() if one["width"] > 320} == {}


def test_the_tab_key_reaches_everything_and_the_focus_is_seen(looked: dict[str, Any]) -> None:
    """Each control once and in order, the skip link first; the field for programs is not among them."""
    for name, one in looked.items():
        keys, reached = one["tab"]
        assert [trouble for _, trouble in reached if trouble] == [], name
        assert [number for number, _ in reached] == list(range(keys)), name
        assert one["skips"], name


def test_the_html_of_every_state_is_valid(looked: dict[str, Any], tmp_path: Path) -> None:
    """By the Nu Html Checker."""
    for name, one in looked.items():
        (tmp_path / f"{name.replace(' ', '-')}.html").write_text(one["html"])
    assert complaints(vnu(*sorted(tmp_path.glob("*.html")))) == []


def test_a_day_is_typed_into_a_field_whose_focus_is_seen(desk: House, address: str, browser: Browser) -> None:  # fmt: skip
    """A field for a date, in whatever way its browser shows one."""
    ada = desk.confirmed()
    with window(browser, 390) as page:
        page.goto(f"{address}preferences/{ada.preferences}")
        page.get_by_label("Until a day:").check()
        page.keyboard.press("Tab")
        field = page.get_by_label("The last day without an issue")
        expect(field).to_be_focused()
        assert field.evaluate("one => getComputedStyle(one).outlineStyle") == "solid"
        field.fill("2026-04-01")
        page.get_by_role("button", name="Pause", exact=True).click()
        expect(page.locator("#done")).to_contain_text("up to and on 1 April 2026")
        expect(page.locator("#done")).to_be_focused()


# ---------------------------------------------------------------- without a script, by keyboard


def test_all_of_it_works_without_javascript(desk: House, address: str, browser: Browser) -> None:
    """Subscribe, confirm, choose, leave; the folded choices open by themselves."""
    with window(browser, 390, java_script_enabled=False) as page:
        page.goto(f"{address}subscribe/")
        expect(page.get_by_role("button", name="Fill in what I chose")).to_be_hidden()
        page.get_by_label("Mail address").fill(ADA)
        page.locator("summary", has_text="Choose more closely").click()
        page.get_by_label("Computer vision", exact=True).check()
        desk.pass_by(seconds=2)
        page.get_by_role("button", name="Subscribe", exact=True).click()
        (notice,) = desk.mailed()
        page.goto(f"{address}confirm/{notice.token}")
        page.get_by_role("button", name="Confirm and get the newest issue").click()
        page.get_by_role("link", name="Choose what you get").click()
        expect(page.get_by_label("Computer vision", exact=True)).to_be_checked()
        page.get_by_label("Graphs", exact=True).check()
        page.get_by_role("button", name="Save").click()
        assert desk.reader().filter == "topic:vision OR topic:graphs"
        page.get_by_role("button", name="Leave: no further issue").click()
        expect(page.get_by_role("heading", name="You have left")).to_be_visible()
    assert desk.reader().state == "left"


def test_the_enter_key_subscribes(desk: House, address: str, browser: Browser) -> None:
    """In the field of the address it presses the first button, which is no try."""
    with window(browser, 1280) as page:
        page.goto(f"{address}subscribe/")
        page.get_by_label("Mail address").focus()
        page.keyboard.type(ADA)
        desk.pass_by(seconds=2)
        page.keyboard.press("Enter")
        expect(page.get_by_role("heading", name="Check your mail")).to_be_visible()
    assert [row["address"] for row in desk.asked()] == [ADA]
    assert desk.finder.asked == []


def test_a_browser_that_opens_every_link_changes_nothing(desk: House, address: str, browser: Browser) -> None:  # fmt: skip
    """As scanners of mail do, with scripts running and time to run."""
    ada = desk.confirmed()
    desk.sign_up(BOB)
    (notice,) = desk.mailed()
    before = desk.state()
    with window(browser, 1280) as page:
        for place in (f"confirm/{notice.token}", f"leave/{ada.token}", f"preferences/{ada.preferences}", f"preferences/{ada.preferences}/issues/"):  # fmt: skip
            page.goto(address + place)
            page.wait_for_load_state("networkidle")
    assert desk.state() == before


# ---------------------------------------------------------------- what is kept on the device


def test_my_paper_fills_the_form_when_its_reader_asks_for_it(desk: House, address: str, browser: Browser) -> None:  # fmt: skip
    """Nothing is sent before the button; what was written stays, and names that have gone are left."""
    with window(browser, 390) as page:
        asked: list[str] = []
        page.on("request", lambda request: asked.append(f"{request.method} {request.url}"))
        page.goto(f"{address}subscribe/")
        expect(page.locator("#mine-there")).to_be_hidden()
        page.evaluate(KEPT)
        page.reload()
        page.get_by_label("Mail address").fill(ADA)
        page.locator("summary", has_text="Choose more closely").click()
        page.get_by_label("People", exact=True).fill("Ada Adeyemi\nWei Li")
        asked.clear()
        page.get_by_role("button", name="Fill in what I chose").click()
        expect(page.get_by_role("status")).to_have_text("The form is filled in. Nothing is sent yet.")  # fmt: skip
        for label, there in (("Computer vision", True), ("CVPR", True), ("ICML", False)):
            assert page.get_by_label(label, exact=True).is_checked() is there
        expect(page.get_by_role("radio", name="Research")).to_be_checked()
        expect(page.get_by_label("People", exact=True)).to_have_value("Ada Adeyemi\nWei Li\nFei-Fei Li")  # fmt: skip
        expect(page.get_by_label("Queries", exact=True)).to_have_value("depth OR pose")
        expect(page.get_by_label("Mail address")).to_have_value(ADA)
        assert asked == []
        desk.pass_by(seconds=2)
        page.get_by_role("button", name="Subscribe", exact=True).click()
        expect(page.get_by_role("heading", name="Check your mail")).to_be_visible()
    (row,) = desk.asked()
    assert row["filter"].endswith(' OR topic:vision OR venue:cvpr OR author:"Ada Adeyemi" OR author:"Wei Li" OR author:"Fei-Fei Li" OR (depth OR pose)')  # fmt: skip


def test_a_device_that_keeps_nothing_is_offered_nothing(address: str, browser: Browser) -> None:
    """Nor one that keeps what the form has no place for, or lets no page keep anything."""
    shut = "Object.defineProperty(window, 'localStorage', {get() { throw new DOMException('', 'SecurityError') }})"
    stars = "localStorage.setItem('sundaypaper.mine', JSON.stringify({format: 2, items: {'topic:gone': {at: 1, on: true, name: 'Gone'}, people: {at: 1, text: ' '}}}))"
    for before in (shut, stars):
        with window(browser, 390) as page:
            troubles = watched(page, address.split("/")[2])
            page.add_init_script(before)
            page.goto(f"{address}subscribe/")
            expect(page.locator("#mine-there")).to_be_hidden()
            assert troubles == []
