"""What the box of a list answers is what the store knows of its lines: field by field, and negated."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page

from published import publish
from sample_issue import sample_issue
from sundaypaper.models import Card, Issue
from sundaypaper.query import FIELDS, card_of_pick, listed_abstract, match, parse
from sundaypaper.store import Store

pytestmark = pytest.mark.browser

# The lines of a page as filter.js finds them, and the index of each.
LINES = """(html) => {
  const page = new DOMParser().parseFromString(html, "text/html");
  const box = page.querySelector("[data-filter]");
  return [...page.querySelectorAll(box.dataset.filter)].map((line, n) => [
    line.dataset.week || box.dataset.week, Number(line.dataset.n || n),
  ]);
}"""
# All that asks a list: files of the build, loaded as its pages load them.
SCRIPTS = ("query.js", "vocabulary.js", "archive.js", "worker.js")
# What the archive answers for the lines of a week, which take no index of their own.
OF_WEEK = """async ([lines, queries]) => {
  const { archive } = SundayPaper;
  await archive.open(".");
  const [week] = lines[0];
  const numbers = lines.map(([, n]) => n);
  const ids = (await archive.recordsOf(week, numbers)).map(({ id }) => id);
  const shown = [];
  for (const query of queries) {
    const { error, shown: hit } = await archive.ofWeek(query, week);
    shown.push(error ? error.message : numbers.flatMap((number, n) => (hit[number] ? [n] : [])));
  }
  return [ids, shown];
}"""
# What worker.js answers for these lines: their ids, then by query the lines that it shows.
ANSWERS = """([lines, indexes, queries]) => {
  const ids = new Map();
  const keep = SundayPaper.index;
  SundayPaper.index = (index) => ids.set(index.week, index.entries.map(([id]) => id)) && keep(index);
  for (const text of indexes) new Function(text)();
  SundayPaper.index = keep;
  const cards = [...SundayPaper.deal(lines)];
  const shown = queries.map((query) => {
    const { error, shown } = SundayPaper.answer(query, cards);
    return error ? error.message : [...shown].flatMap((is, n) => (is ? [n] : []));
  });
  return [lines.map(([week, n]) => ids.get(week)[n]), shown];
}"""


def varied(week: str) -> Issue:
    """The sample issue as that of a week: a third of it stands in the week before, posts have a group."""
    issue = sample_issue(150)
    entries = (
        replace(
            pick,
            week="2026-W08" if n % 3 else week,
            group="lab" if pick.kind == "post" else pick.group,
        )
        for n, pick in enumerate(issue.entries)
    )
    return replace(issue, week=week, entries=tuple(entries))


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The pages of two weeks."""
    return publish(tmp_path_factory.mktemp("lists"), varied("2026-W09"), varied("2026-W10"))


@pytest.fixture(scope="module")
def cards(site: Path) -> dict[str, dict[str, Card]]:
    """What the store knows of their entries."""
    with Store(site.parents[1] / "paper.db") as store:
        return cards_of(store)


@pytest.fixture(scope="module")
def box(browser: Browser, site: Path) -> Iterator[Page]:
    """A page of the build with the scripts that answer, and the paper's vocabulary."""
    scripts = "".join(f'<script src="{name}"></script>' for name in SCRIPTS)
    blank = site / "blank.html"
    blank.write_text(f'<!doctype html><meta charset="utf-8"><title>x</title>{scripts}')
    page = browser.new_page()
    page.goto(blank.as_uri())
    yield page
    page.close()


def answers(
    box: Page, site: Path, page: str, queries: list[str]
) -> tuple[list[str], list[list[int]]]:
    """The one way to the lists of a build: the ids of a page's lines, and the lines of each answer."""
    lines = box.evaluate(LINES, (site / page / "index.html").read_text("utf-8"))
    folders = dict.fromkeys(week for week, _ in lines)
    if page.startswith("issues/"):
        ids, shown = box.evaluate(OF_WEEK, [lines, queries])
        return ids, shown
    indexes = [(site / folder / "index.js").read_text("utf-8") for folder in folders]
    ids, shown = box.evaluate(ANSWERS, [lines, indexes, queries])
    return ids, shown


def lists_of(site: Path) -> list[str]:
    """The pages that have a box."""
    pages = (file for file in site.rglob("index.html") if "data-filter=" in file.read_text("utf-8"))
    return sorted(page.parent.relative_to(site).as_posix() for page in pages)


def cards_of(store: Store) -> dict[str, dict[str, Card]]:
    """Each entry of each issue as the store has it, by id and week; a post with its beginning alone."""
    cards: dict[str, dict[str, Card]] = {}
    for head in store.heads():
        issue = store.issue(head.week)
        assert issue is not None
        for pick in issue.entries:
            card = card_of_pick(pick, listed_abstract(pick, issue.abstracts))
            cards.setdefault(pick.id, {})[head.week] = card
    return cards


def values_of(cards: Iterable[Card]) -> dict[str, Counter[str]]:
    """What cards hold in each field, with how often."""
    values: dict[str, Counter[str]] = {field: Counter() for field in FIELDS}
    for card in cards:
        for field, held in card.fields.items():
            if field in values:
                values[field].update(held)
        if card.day:
            values["since"][card.day.isoformat()] += 1
        for claim in card.claims:
            for field in ("venue", "year", "track", "status", "presentation"):
                if value := getattr(claim, field):
                    values[field][str(value)] += 1
    values["until"] = values["since"]
    values["title"] = Counter({" ".join(v.split()[1:3]): n for v, n in values["title"].items()})
    return values


def queries_of(cards: Mapping[str, Mapping[str, Card]]) -> list[str]:
    """The most usual and the rarest values of each field, words, claims together; and each negated."""
    asked = []
    for field, held in values_of(
        card for weeks in cards.values() for card in weeks.values()
    ).items():
        usual = sorted(held, key=lambda value: (-held[value], value))
        asked += [
            f'{field}:"{value}"' for value in dict.fromkeys((*usual[:4], *usual[-2:])) if value
        ]
    asked += [
        "learning",
        '"of the"',
        "model*",
        "venue:cvpr status:accepted",
        "venue:cvpr year:2026",
    ]
    asked += [
        'venue:"CVPR 2026"',
        "has:code OR topic:vision",
        "cat:cs.*",
        'topic:"Computer vision"',
    ]
    return [*asked, *(f"-({query})" for query in asked)]


def differences(
    box: Page, site: Path, page: str, queries: list[str], cards: Mapping[str, Mapping[str, Card]]
) -> list[tuple[str, str, str, bool]]:
    """The lines of a page of which its box says otherwise than the store: page, query, id, shown."""
    ids, shown = answers(box, site, page, queries)
    week = found[1] if (found := re.fullmatch(r"issues/([^/]+)/all", page)) else ""
    differ = []
    for query, lines in zip(queries, shown, strict=True):
        filter = parse(
            query.replace('"CVPR 2026"', "cvpr year:2026").replace('"Computer vision"', "vision")
        )
        assert isinstance(lines, list), f"{page}: {query}: {lines}"
        for n, id in enumerate(ids):
            if id not in cards:
                continue  # the shelf alone shows it
            held = cards[id]
            wanted = match(filter, held[week or max(held)])
            if wanted != (n in lines):
                differ.append((page, query, id, n in lines))
    return differ


def test_every_list_answers_as_the_store_does(
    box: Page, site: Path, cards: dict[str, dict[str, Card]]
) -> None:
    """The lists of weeks, topics and venues, with each field's values and all of their negations."""
    queries = queries_of(cards)
    pages = lists_of(site)
    assert {page.split("/")[0] for page in pages} == {"issues", "topics", "venues"}
    assert len(pages) > 15
    assert [d for page in pages for d in differences(box, site, page, queries, cards)] == []


def test_each_field_divides_the_lines_of_a_week(
    box: Page, site: Path, cards: dict[str, dict[str, Card]]
) -> None:
    """Else the lists could answer with all or nothing and still be right."""
    queries = queries_of(cards)
    ids, shown = answers(box, site, "issues/2026-W10/all", queries)
    dividing = {
        query.lstrip("-(").split(":")[0]
        for query, lines in zip(queries, shown, strict=True)
        if 0 < len(lines) < len(ids)
    }
    assert {*FIELDS} <= dividing
