"""What a reader keeps on a device: two tabs, odd storage, a full one, files. keep.js in Chromium."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

import pytest
from playwright.sync_api import Browser, Page

from sundaypaper.formats.site.rendering import PACKAGED

pytestmark = pytest.mark.browser

KEY, ASIDE = "sundaypaper.mine", "sundaypaper.mine.aside.0"
# `disk` is the storage that tabs share; tab() opens one; each reads a clock that goes on by itself.
DESK = """
const disk = new Map(INIT);
let time = 1000;
const clock = () => ++time;
const room = { left: Infinity, no: "" };
const storage = {
  getItem: (key) => disk.get(key) ?? null,
  setItem: (key, text) => {
    if (text.length > room.left || (room.no && key.startsWith(room.no))) throw new DOMException("full", "QuotaExceededError");
    disk.set(key, text);
  },
  removeItem: (key) => disk.delete(key),
};
const tab = () => { const keep = SundayPaper.keep.of(storage, clock); keep.reload(); return keep; };
const star = (title) => ({ on: true, title, url: "https://arxiv.org/abs/1", authors: ["A. Roe"], week: "2026-W10" });
const kept = () => Object.keys(JSON.parse(disk.get("sundaypaper.mine") ?? '{"items":{}}').items);
const result = (() => { BODY })();
return { result, disk: Object.fromEntries(disk) };
"""
ODD = (
    "not JSON at all",
    "[1, 2]",
    '{"format": 3, "items": {}}',
    '{"format": 2, "items": {"star:arxiv:1": {"at": 5, "on": true}}}',
    '{"queries": "graph"}',
    '{"format": 2, "items": {"__proto__": {"at": 1, "on": true}}}',
)


@pytest.fixture(scope="module")
def page(browser: Browser) -> Iterator[Page]:
    """An empty page that has loaded what keeps, and has no storage of its own."""
    page = browser.new_page()
    page.add_script_tag(path=PACKAGED / "keep.js")
    yield page
    page.close()


def told(page: Page, body: str, **disk: str) -> tuple[Any, dict[str, str]]:
    """What a body of JavaScript returns over a storage that holds that, and what that holds then."""
    text = DESK.replace("INIT", json.dumps(list(disk.items()))).replace("BODY", body)
    got = page.evaluate(f"(() => {{ {text} }})()")
    return got["result"], got["disk"]


def test_two_tabs_that_know_nothing_of_each_other_lose_nothing(page: Page) -> None:
    """Each writes beside what the other wrote since it was opened."""
    body = """const [one, other] = [tab(), tab()];
      one.put({ "star:arxiv:1": star("First") }); other.put({ "star:arxiv:2": star("Second") });
      one.put({ "thumb:arxiv:3": { value: 1, title: "Third" } }); return kept();"""
    assert told(page, body)[0] == ["star:arxiv:1", "star:arxiv:2", "thumb:arxiv:3"]


def test_of_one_item_the_later_change_holds_in_any_order(page: Page) -> None:
    """Also where two tabs wrote at the same time: both say the same in the end."""
    body = """const one = new Map([["topic:a", { at: 5, on: true, name: "A" }], ["topic:b", { at: 7, on: false }]]);
      const other = new Map([["topic:a", { at: 6, on: false }], ["topic:b", { at: 7, on: true, name: "B" }]]);
      return [[one, other], [other, one]].map(([a, b]) => Object.fromEntries(SundayPaper.keep.merge(a, b)));"""
    there, back = told(page, body)[0]
    assert there == back
    assert there["topic:a"] == {"at": 6, "on": False}


def test_what_another_tab_wrote_over_is_written_again(page: Page) -> None:
    """Two processes may write in the same moment; the event puts both together."""
    body = """const [one, other] = [tab(), tab()];
      other.put({ "star:arxiv:2": star("Second") }); const theirs = disk.get("sundaypaper.mine");
      disk.delete("sundaypaper.mine"); const alone = tab(); alone.put({ "star:arxiv:1": star("First") });
      disk.set("sundaypaper.mine", theirs); alone.heard(theirs); return [kept(), alone.stars().length];"""
    assert told(page, body)[0] == [["star:arxiv:1", "star:arxiv:2"], 2]


def test_what_was_forgotten_in_one_tab_does_not_come_back_from_another(page: Page) -> None:
    """The other drops what it remembers, and keeps only what is new."""
    body = """const [one, other] = [tab(), tab()];
      one.put({ "star:arxiv:1": star("First") }); other.reload(); one.forget();
      other.put({ "star:arxiv:2": star("Second") }); return kept();"""
    assert told(page, body)[0] == ["star:arxiv:2"]


@pytest.mark.parametrize("text", ODD)
def test_storage_of_another_shape_is_told_and_set_aside(page: Page, text: str) -> None:
    """Nothing is written over: its text stays under a key of its own, and what is new is kept."""
    body = """const keep = tab(); const said = keep.told();
      const before = disk.get("sundaypaper.mine");
      return [said, before, keep.put({ "star:arxiv:9": star("New") }), kept().includes("star:arxiv:9")];"""
    (said, before, put, there), disk = told(page, body, **{KEY: text})
    assert "set aside" in said
    assert before == text
    assert put == {"kept": True, "why": ""}
    assert there
    assert disk[ASIDE] == text


@pytest.mark.parametrize("text", ODD)
def test_all_of_it_can_be_forgotten_whatever_it_is(page: Page, text: str) -> None:
    """Nothing of it is left, nor of what was set aside."""
    body = """const keep = tab(); keep.put({ "star:arxiv:9": star("New") }); keep.forget(); return keep.told();"""
    assert told(page, body, **{KEY: text}) == ("", {})


def test_what_cannot_be_set_aside_is_not_written_over(page: Page) -> None:
    """There is no room for it: the change is refused, and says so."""
    body = """room.no = "sundaypaper.mine.aside"; const keep = tab();
      return keep.put({ "star:arxiv:9": star("New") });"""
    put, disk = told(page, body, **{KEY: ODD[2]})
    assert put["kept"] is False
    assert "no room left" in put["why"]
    assert disk == {KEY: ODD[2]}


def test_a_full_storage_is_told_and_holds_what_it_held(page: Page) -> None:
    """The change is not shown as if it were kept."""
    body = """const keep = tab(); keep.put({ "star:arxiv:1": star("First") });
      room.left = disk.get("sundaypaper.mine").length;
      const put = keep.put({ "star:arxiv:2": star("Second") });
      return [put.kept, put.why.includes("no room left"), keep.get("star:arxiv:2") === undefined, kept()];"""
    assert told(page, body)[0] == [False, True, True, ["star:arxiv:1"]]


def test_what_this_page_kept_before_it_had_stars_is_read(page: Page) -> None:
    """Edition, topics, venues and queries of the earlier shape, without a word."""
    old = {"edition": {"id": "research", "name": "Research", "match": "kind:paper"}, "topics": [["graphs", "Graphs"]], "venues": [["cvpr", "CVPR"]], "queries": ["depth", "has:code"]}  # fmt: skip
    body = """const keep = tab(); return [keep.told(), keep.list("topic"), keep.list("venue"), keep.get("queries").text, keep.get("edition").name];"""
    said, topics, venues, queries, edition = told(page, body, **{KEY: json.dumps(old)})[0]
    assert said == ""
    assert topics == [{"id": "graphs", "at": 0, "on": True, "name": "Graphs"}]
    assert venues == [{"id": "cvpr", "at": 0, "on": True, "name": "CVPR"}]
    assert (queries, edition) == ("depth\nhas:code", "Research")


def test_lines_that_two_tabs_write_are_put_together(page: Page) -> None:
    """Each keeps its own, what the other added comes behind, what the other took away goes."""
    cases = [
        ("a", "a\nmine", "a\ntheirs", "a\nmine\ntheirs"),
        ("a\nb", "a\nb\nc", "b", "b\nc"),
        ("a\nb", "a", "a\nb", "a"),
        ("", "half a (", "", "half a ("),
    ]
    body = f"return {json.dumps([case[:3] for case in cases])}.map((texts) => SundayPaper.keep.joined(...texts));"
    assert told(page, body)[0] == [case[3] for case in cases]


def test_a_file_brings_all_of_it_to_another_device(page: Page) -> None:
    """What it has is taken, what is newer here stays, and what was set aside goes along."""
    body = """const one = tab(); one.put({ "star:arxiv:1": star("First"), "queries": { text: "depth (" } });
      const file = one.saved(); one.put({ "star:arxiv:1": { on: false } });
      const back = one.take(file); disk.clear(); const other = tab(); const took = other.take(file);
      return [back, took, other.stars(), other.get("queries").text, JSON.parse(file).aside];"""
    back, took, stars, queries, aside = told(page, body, **{KEY: ODD[0]})[0]
    assert back == {"taken": 0, "known": 2, "refused": 0}
    assert took == {"taken": 2, "known": 0, "refused": 0}
    assert stars == [{"id": "arxiv:1", "title": "First", "url": "https://arxiv.org/abs/1", "authors": ["A. Roe"], "week": "2026-W10"}]  # fmt: skip
    assert queries == "depth ("
    assert aside == [ODD[0]]


def test_a_file_of_a_stranger_brings_nothing_that_is_not_kept_here(page: Page) -> None:
    """Addresses that run, keys of other kinds, times to come: refused one by one, and counted."""
    good = {"at": 5, "on": True, "title": "Good", "url": "https://example.org/"}
    items = {
        "star:a": good,
        "star:b": {**good, "url": "javascript:alert(1)"},
        "star:c": {**good, "page": "../../evil.html"},
        "star:d": {**good, "claims": 5},
        "star:e": {**good, "at": 10**15},
        "thumb:f": {"at": 5, "value": 7, "title": "Seven"},
        "colour:g": {"at": 5, "on": True},
        "constructor": good,
    }
    file = json.dumps({"format": 2, "items": items})
    body = f"const keep = tab(); return [keep.take({json.dumps(file)}), kept()];"
    assert told(page, body)[0] == [{"taken": 1, "known": 0, "refused": 7}, ["star:a"]]
    for odd in ("no JSON", "[]", '{"format": 1, "items": {}}', "null"):
        why = told(page, f"return tab().take({json.dumps(odd)}).why;")[0]
        assert "nothing was taken" in why


def test_a_star_holds_what_its_citation_needs(page: Page) -> None:
    """Newest first, with authors even where none is known, and without what only we need."""
    body = """const keep = tab(); keep.put({ "star:arxiv:1": star("First") });
      keep.put({ "star:post:2": { on: true, title: "A post" } }); keep.put({ "star:arxiv:3": { on: false } }); return keep.stars();"""
    assert told(page, body)[0] == [
        {"id": "post:2", "title": "A post", "authors": [], "url": "", "week": ""},
        {"id": "arxiv:1", "title": "First", "url": "https://arxiv.org/abs/1", "authors": ["A. Roe"], "week": "2026-W10"},
    ]  # fmt: skip
