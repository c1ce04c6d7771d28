"""WCAG 2.2 AA on every kind of page: by axe-core, and what it does not try, by hand."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, Page

from browsing import resize, served, window
from checking import AXE, axe
from whole_paper import KINDS, NEWEST

pytestmark = pytest.mark.browser

RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
SCHEMES = [(scheme, forced) for scheme in ("light", "dark") for forced in ("none", "active")]
ISSUE, ALL = f"issues/{NEWEST}/index.html", f"issues/{NEWEST}/all/index.html"
TWINS = ("index.html", "editions/research/index.html")  # of the issue: the same template and sheet
TABS = 40  # keys a page, an issue on a phone apart: more of the same follows


@pytest.fixture(scope="module")
def root(whole: Path) -> Iterator[str]:
    """The address of a paper with every kind of page."""
    with served(whole) as address:
        yield address


def visit(page: Page, root: str, place: str) -> None:
    """Open a page, and wait for what its script adds."""
    page.goto(root + place)
    if place.startswith("search/") and "?" in place:
        page.locator("#search article").first.wait_for()
    elif place.startswith("search/"):
        page.wait_for_function("document.activeElement.id === 'q'")
    if page.locator("[data-filter]").count():
        page.locator("#filter-told:not(:empty)" if "?" in place else "#filter-query").wait_for()


def start(page: Page) -> None:
    """Put the reader where somebody stands who has just come: the next key is the first."""
    page.evaluate("b = document.body, b.tabIndex = -1, b.focus(), b.removeAttribute('tabindex')")


@pytest.fixture(scope="module")
def looked(browser: Browser, root: str) -> dict[str, dict[str, Any]]:
    """What a look at each page finds, in windows of several sizes; one visit a page."""
    found: dict[str, dict[str, Any]] = {}
    with window(browser, 320, 256) as page:
        for place in KINDS:
            resize(page, 320, 256)
            visit(page, root, place)
            width = page.evaluate("document.documentElement.scrollWidth")
            found[place] = {"width": width} | on_a_phone(page, place) | on_a_desk(page, place)
    return found


def on_a_phone(page: Page, place: str) -> dict[str, Any]:
    """What a narrow window shows, in light."""
    resize(page, 390)
    one = {"targets": page.evaluate(TARGETS), "axe-light": broken_rules(page)}
    one |= contrasts(page, 390)
    if place in (ISSUE, ALL):
        one["tab-390"] = tabbed(page, 390, most=TABS if place == ALL else None)
    return one


def on_a_desk(page: Page, place: str) -> dict[str, Any]:
    """What a wide window shows, in dark; what does not hang on colours is the same in light."""
    resize(page, 1440)
    page.emulate_media(color_scheme="dark", forced_colors="none")
    one = {"structure": page.evaluate(STRUCTURE), "names": page.evaluate(NAMES)}
    page.evaluate("scrollTo(0, 0)")  # what lies half below the box of a filter is no small target
    if place not in TWINS:
        one["axe-dark"] = broken_rules(page)
    one |= contrasts(page, 1440)
    one["tab-1440"] = tabbed(page, 1440, most=TABS)
    one["skips"] = skips(page)
    return one


def broken_rules(page: Page) -> list[str]:
    """What axe finds on a page as it is shown now, with the node; nothing where there is no axe."""
    if not AXE.exists():
        return []
    page.evaluate(axe())
    broken = page.evaluate(ASK_AXE, RULES)
    return [f"{one['id']}: {node['html']}" for one in broken for node in one["nodes"]]


def contrasts(page: Page, width: int) -> dict[str, Any]:
    """The least contrast of each kind of text in every colour scheme, with all that folds open."""
    page.evaluate(UNFOLD)
    found = {}
    for scheme, forced in SCHEMES:
        page.emulate_media(color_scheme=scheme, forced_colors=forced)  # type: ignore[arg-type]
        found[f"{scheme}-{forced}-{width}"] = page.evaluate(CONTRAST)
    page.emulate_media(color_scheme="light", forced_colors="none")
    page.evaluate(FOLD)
    return found


def tabbed(page: Page, width: int, most: int | None) -> tuple[int, list[tuple[int, str]]]:
    """How many controls are to be reached, and which each key reaches, with what is wrong there."""
    resize(page, width, 700)
    start(page)
    count = page.evaluate(TABBABLE)
    keys = count if most is None else min(count, most)
    for _ in range(keys):
        page.keyboard.press("Tab")
    reached = page.evaluate(REACHED)
    resize(page, width)
    return keys, [(number, trouble) for number, trouble in reached]


def skips(page: Page) -> bool:
    """Whether the first key finds the skip link, to be seen, and the next leads to the content."""
    start(page)
    page.keyboard.press("Tab")
    seen = page.evaluate("document.activeElement.className === 'skip' && document.activeElement.getBoundingClientRect().left >= 0")  # fmt: skip
    page.keyboard.press("Enter")
    return bool(seen and page.evaluate("document.activeElement.id") == "main")


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_axe_finds_nothing(looked: dict[str, Any], scheme: str) -> None:
    """On any kind of page, in light on a phone and in dark on a desk."""
    axe()  # which skips where it is not installed
    found = {place: one[f"axe-{scheme}"] for place, one in looked.items() if scheme == "light" or place not in TWINS}  # fmt: skip
    assert {place: broken for place, broken in found.items() if broken != []} == {}


@pytest.mark.parametrize("width", [390, 1440])
@pytest.mark.parametrize(("scheme", "forced"), SCHEMES)
def test_every_text_stands_out_from_its_ground(looked: dict[str, Any], scheme: str, forced: str, width: int) -> None:  # fmt: skip
    """4.5 to 1 also where axe cannot tell; with forced colours nothing vanishes."""
    for place, one in looked.items():
        ratios = one[f"{scheme}-{forced}-{width}"]
        assert ratios
        assert {kind: ratio for kind, ratio in ratios.items() if ratio < 4.5} == {}, place


def test_nothing_scrolls_sideways_at_400_percent(looked: dict[str, Any]) -> None:
    """1280 by 1024 at 400 % is 320 by 256; only a table in a frame of its own may be wider."""
    assert {place: one["width"] for place, one in looked.items() if one["width"] > 320} == {}


def test_headings_entries_and_landmarks_are_in_order(looked: dict[str, Any]) -> None:
    """One h1; sections that an h2 names; entries as article with an h3; landmarks with names."""
    assert {place: one["structure"] for place, one in looked.items() if one["structure"]} == {}


def test_controls_of_one_name_do_one_thing(looked: dict[str, Any]) -> None:
    """What stands beside every entry holds the entry's title in its name."""
    assert {place: one["names"] for place, one in looked.items() if one["names"]} == {}


def test_every_target_is_large_enough_for_a_thumb(looked: dict[str, Any]) -> None:
    """24 by 24 pixels, but for links within a sentence."""
    assert {place: one["targets"] for place, one in looked.items() if one["targets"]} == {}


def test_the_skip_link_leads_past_what_stands_above(looked: dict[str, Any]) -> None:
    """It comes first and is seen when it has the focus; one key more and the content has it."""
    assert [place for place, one in looked.items() if not one["skips"]] == []


@pytest.mark.parametrize(("width", "places"), [(390, (ISSUE, ALL)), (1440, KINDS)])
def test_the_tab_key_reaches_everything_and_the_focus_is_seen(looked: dict[str, Any], width: int, places: tuple[str, ...]) -> None:  # fmt: skip
    """Each control once and in order, with a ring around it that nothing covers."""
    for place in places:
        keys, reached = looked[place][f"tab-{width}"]
        assert [trouble for _, trouble in reached if trouble] == [], place
        assert keys > 0, place
        assert [number for number, _ in reached] == list(range(keys)), place


# ---------------------------------------------------------------- asked in the page

ASK_AXE = """async rules => (await axe.run({
  runOnly: rules, rules: {'target-size': {enabled: true}}, resultTypes: ['violations'] })).violations"""

CONTRAST = """() => {
  const parts = c => c.match(/[\\d.]+/g).map(Number);
  const light = c => { const v = parts(c).slice(0, 3).map(x => x / 255)
    .map(x => x <= .03928 ? x / 12.92 : ((x + .055) / 1.055) ** 2.4);
    return .2126 * v[0] + .7152 * v[1] + .0722 * v[2]; };
  const ground = e => { for (; e; e = e.parentElement) {
    const c = getComputedStyle(e).backgroundColor; if (parts(c)[3] !== 0) return c; } return 'rgb(255,255,255)'; };
  const found = {};
  const walk = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  while (walk.nextNode()) {
    const e = walk.currentNode.parentElement;
    if (!walk.currentNode.data.trim() || !e.checkVisibility()) continue;
    const a = light(getComputedStyle(e).color), b = light(ground(e));
    const ratio = (Math.max(a, b) + .05) / (Math.min(a, b) + .05);
    const kind = `${e.tagName}.${e.className}`;
    found[kind] = Math.min(found[kind] ?? 99, ratio);
  }
  return found; }"""

STRUCTURE = """() => {
  const bad = [];
  const all = (what, where = document) => [...where.querySelectorAll(what)].filter(e => e.checkVisibility());
  const must = (yes, what) => { if (!yes) bad.push(what); };
  must(all('h1').length === 1, 'h1: ' + all('h1').length);
  for (const what of ['main', 'body > header', 'body > footer']) must(all(what).length === 1, what);
  const navs = all('nav').map(e => e.getAttribute('aria-label'));
  must(navs.every(Boolean) && new Set(navs).size === navs.length, 'nav: ' + navs);
  for (const e of all('main section')) {
    const name = document.getElementById(e.getAttribute('aria-labelledby'));
    must(name && name.tagName === 'H2' && e.contains(name), 'section without its h2: ' + e.id);
    must(all('h2', e).length === 1, 'section with many h2: ' + e.id);
  }
  for (const e of all('main article:not(.whole)')) {
    const heads = all('h1, h2, h3, h4', e).map(h => h.tagName);
    must(heads.length === 1 && heads[0] === 'H3', 'article: ' + heads);
  }
  let level = 0;
  for (const h of all('main :is(h1, h2, h3, h4)').filter(h => h.tagName !== 'H1')) {
    const now = Number(h.tagName[1]);
    must(now <= Math.max(level, 1) + 1, `${h.tagName} after h${Math.max(level, 1)}: ${h.textContent}`);
    level = now;
  }
  const ids = all('[id]').map(e => e.id);
  must(new Set(ids).size === ids.length, 'an id stands twice');
  return bad; }"""

NAMES = """() => {
  const named = {};
  for (const e of document.querySelectorAll('a[href], button, summary, input, select, textarea')) {
    if (!e.checkVisibility()) continue;
    const text = e.getAttribute('aria-label') || (e.labels?.[0] || e).textContent;
    const name = text.replace(/\\s+/g, ' ').trim();
    const does = e.href || `${e.tagName} ${Object.keys(named).length}`;
    (named[name] ??= new Set()).add(does);
  }
  return Object.entries(named).filter(([name, does]) => !name || does.size > 1).map(([name]) => name); }"""

TARGETS = """() => {
  const bad = [];
  const within = e => {  // a link in a sentence: text of the same block stands beside it
    if (e.tagName !== 'A' || getComputedStyle(e).display !== 'inline') return false;
    let up = e.parentElement;
    while (getComputedStyle(up).display === 'inline') up = up.parentElement;
    return ![e.textContent.trim(), ''].includes(up.textContent.trim()) && !/flex|grid/.test(getComputedStyle(up).display);
  };
  for (const e of document.querySelectorAll('a[href], button, summary, input, select, textarea')) {
    if (!e.checkVisibility() || e.matches('.skip') || within(e)) continue;
    const { width, height } = (e.closest('label') || e).getBoundingClientRect();
    if (width < 24 || height < 24) bad.push(`${Math.round(width)} x ${height.toFixed(1)}: ${e.outerHTML.slice(0, 160)}`);
  }
  return bad; }"""

UNFOLD = """() => { window.folded = [...document.querySelectorAll('details:not([open])')];
  for (const one of folded) one.open = true; }"""
FOLD = "() => { for (const one of folded) one.open = false; }"

# What a Tab key reaches is looked at when the key is let go: by then the page has scrolled there.
TABBABLE = """() => {
  // Lines of a list get their buttons as they come near, so what can be reached is asked at each key.
  const tabbable = () => [...document.querySelectorAll('a[href], button, summary, input, select, textarea, [tabindex="0"]')]
    .filter(e => e.checkVisibility() && !e.disabled && (e.type !== 'radio' || e.checked));
  let last = null, count = 0;
  const focus = () => {
    const e = document.activeElement, style = getComputedStyle(e), seen = e.getClientRects()[0];
    const all = tabbable(), next = all[all.indexOf(last) + 1] === e, what = e.outerHTML.slice(0, 160);
    const number = next ? count++ : -1;
    last = e;
    if (style.outlineStyle === 'none' || parseFloat(style.outlineWidth) < 2) return [number, 'no ring: ' + what];
    const [x, y] = [seen.left + seen.width / 2, seen.top + Math.min(seen.height / 2, 20)];
    const top = document.elementFromPoint(x, y);
    if (!top) return [number, 'out of sight: ' + what];
    if (!e.contains(top) && !top.contains(e)) return [number, `covered by ${top.outerHTML.slice(0, 80)}: ` + what];
    return [number, '']; };
  window.reached = [];
  onkeyup = () => reached.push(focus());
  return tabbable().length; }"""

REACHED = "() => { onkeyup = null; return reached; }"
