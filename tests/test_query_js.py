"""The filter language and the filter box in a real browser: what Python says, Chromium says too."""

from __future__ import annotations

import json
import random
import unicodedata
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, Route, expect

from browsing import failure, served
from published import publish
from sample_issue import lines, sample_issue
from sundaypaper.errors import QueryError
from sundaypaper.formats.index import list_page
from sundaypaper.formats.site.rendering import PACKAGED
from sundaypaper.models import Card, Issue, Pick
from sundaypaper.query import (
    FIELDS,
    canonical,
    card_of_pick,
    hints,
    listed_abstract,
    match,
    parse,
)
from sundaypaper.text import fold
from test_query import CARDS, NAMES, TABLE

pytestmark = pytest.mark.browser

ISSUE = sample_issue(300)
ALL = "issues/2026-W10/all/index.html"
VERDICTS = """([queries, entries]) => {
  const cards = entries.map(SundayPaper.card);
  return queries.map((query) => {
    try {
      const filter = SundayPaper.parse(query);
      return cards.map((card) => SundayPaper.match(filter, card));
    } catch (error) {
      return [error.column, error.message];
    }
  });
}"""

TREES = """([trees, entries]) => {
  const cards = entries.map(SundayPaper.card);
  return trees.map((tree) => cards.map((card) => SundayPaper.match({ text: "", tree }, card)));
}"""

# ---------------------------------------------------------------- the language


def indexed_card(issue: Issue, pick: Pick) -> Card:
    """The card that the index stands for: a filter says of it what it says in the browser."""
    return card_of_pick(pick, listed_abstract(pick, issue.abstracts))


@pytest.fixture(scope="module")
def language(browser: Browser) -> Iterator[Page]:
    """An empty page that has loaded the language alone."""
    page = browser.new_page()
    page.add_script_tag(path=PACKAGED / "query.js")
    yield page
    page.close()


def entry_of_row(name: str) -> dict[str, Any]:
    """An entry of the conformance table as an index holds it."""
    row, day = TABLE["entries"][name], CARDS[name].day
    keys = ("venue", "year", "track", "status", "presentation")
    claims = [[claim[key] for key in keys] for claim in row["claims"]]
    stated = {"abstract": row["summary"], "claims": claims, "day": day.isoformat() if day else ""}
    return row | stated


def said(query: str, cards: list[Card]) -> list[Any]:
    """What Python says: a verdict a card, or the column and the sentence of the slip."""
    try:
        filter = parse(query)
    except QueryError as slip:
        return [slip.column, slip.message]
    return [match(filter, card) for card in cards]


def differing(language: Page, queries: list[str]) -> list[tuple[str, Any, Any]]:
    """The queries of which Python and Chromium say different things, and what."""
    names = list(CARDS)
    theirs = language.evaluate(VERDICTS, [queries, [entry_of_row(name) for name in names]])
    ours = [said(query, [CARDS[name] for name in names]) for query in queries]
    both = zip(queries, ours, theirs, strict=True)
    return [(query, mine, its) for query, mine, its in both if mine != its]


def test_every_row_of_the_conformance_table_holds_in_chromium(language: Page) -> None:
    """The same table that the Python side is checked against."""
    names = list(CARDS)
    queries = [case["query"] for case in TABLE["cases"]]
    found = language.evaluate(VERDICTS, [queries, [entry_of_row(name) for name in names]])
    wrong = [
        case
        for case, verdicts in zip(TABLE["cases"], found, strict=True)
        if verdicts[names.index(case["entry"])] is not case["expected"]
    ]
    assert wrong == []


def test_every_name_is_found_as_it_may_be_printed_in_chromium(language: Page) -> None:
    """The table of names, one author a card."""
    wrong = language.evaluate(
        """([names, entry]) => names.filter(({ asked, printed, is }) => {
          const card = SundayPaper.card({ ...entry, authors: [printed] });
          return SundayPaper.match(SundayPaper.parse(`author:"${asked}"`), card) !== is;
        })""",
        [TABLE["names"], entry_of_row("none")],
    )
    assert wrong == []


def test_names_mean_the_same_in_chromium(language: Page) -> None:
    """The table's names, years and slips, with the vocabulary handed over or loaded."""
    asked = """([queries, names]) => queries.map((query) => {
      try {
        return JSON.stringify(SundayPaper.parse(query, names).tree);
      } catch (error) {
        return [error.column, error.message];
      }
    })"""
    names = TABLE["vocabulary"]
    meant = language.evaluate(asked, [[row["query"] for row in TABLE["meant"]], names])
    plain = language.evaluate(asked, [[row["is"] for row in TABLE["meant"]], None])
    both = zip(TABLE["meant"], meant, plain, strict=True)
    assert [(row, mine, its) for row, mine, its in both if mine != its] == []
    slips = [row["query"] for row in TABLE["unknown"]]
    told = [list(unknown_name(query)) for query in slips]
    assert language.evaluate(asked, [slips, names]) == told
    forgiven = language.evaluate(
        asked, [["topic:gone OR venue:nips"], {**names, "forgiving": True}]
    )
    assert forgiven == language.evaluate(asked, [["topic:gone OR venue:neurips"], None])


def unknown_name(query: str) -> tuple[int, str]:
    """The column and the sentence in Python."""
    with pytest.raises(QueryError) as told:
        parse(query, vocabulary=NAMES)
    return told.value.column, told.value.message


def test_what_is_offered_for_a_slip_can_be_read(language: Page) -> None:
    """By hand: the nearest name or field in the place of the slip, in quotes where it needs them."""
    offered = """([queries, names]) => queries.map((query) => {
      try {
        return SundayPaper.parse(query, names) && "";
      } catch (error) {
        return error.offer;
      }
    })"""
    expected = {
        "llm -topic:visoin x": "llm -topic:vision x",
        'venue:"CVRP 2026"': 'venue:"cvpr 2026"',
        "source:bair-blogs": 'source:"BAIR Blog"',
        "cat:cs x": "cat:cs.* x",
        "\u200btopic:visoin": "topic:vision",
        "authr:li (x)": "author:li (x)",
        "statu:x": "",
        "topic:cooking": "",
        "llm (": "",
    }
    assert language.evaluate(offered, [list(expected), TABLE["vocabulary"]]) == [*expected.values()]


def test_hints_are_the_same_in_chromium(language: Page) -> None:
    """The table's queries, those with slips, and generated ones."""
    told = "(all) => all.map((query) => SundayPaper.hints(query).map(({message, query}) => [message, query]))"
    draw = random.Random(7)
    queries = [row["query"] for row in TABLE["hints"] + TABLE["errors"]]
    small = [query.replace("OR", "or").replace("NOT", "not") for query in generated(draw, 400)]
    queries += small + [broken(draw, query) for query in small]
    found = language.evaluate(told, queries)
    assert found == [[[one.message, one.query] for one in hints(query)] for query in queries]
    assert 100 < sum(map(bool, found)) < len(queries) - 100


def test_a_tree_is_written_the_same_in_chromium(language: Page) -> None:
    """Every kind of query, as canonical writes it."""
    queries = generated(random.Random(11), 400)
    found = language.evaluate("(all) => all.map((q) => SundayPaper.written(SundayPaper.parse(q).tree))", queries)  # fmt: skip
    assert found == [canonical(parse(query)) for query in queries]


def test_a_part_less_is_the_same_in_chromium(language: Page) -> None:
    """What a query is loosened to, where nothing is found."""
    queries = ["a b -c", "topic:vision has:code -x", '"flow match*"', "fine-tuning", "a", "a OR b c", "-a -b", "a -b"]  # fmt: skip
    found = language.evaluate("(all) => all.map((q) => SundayPaper.looser(SundayPaper.parse(q).tree).map(([, tree]) => SundayPaper.written(tree)))", queries)  # fmt: skip
    expected = [
        ["b -c", "a -c", "a b"],
        ["has:code -x", "topic:vision -x", "topic:vision has:code"],
        ["flow match*"],
        ["fine tuning"],
        [],
        [],
        [],
        ["a"],
    ]
    assert found == expected


def test_the_cards_at_hand_are_known_in_chromium(language: Page) -> None:
    """A venue that no table has is there, since a line of the list names it."""
    said = """([entries, names, queries]) => {
      const known = SundayPaper.known(names, entries.map(SundayPaper.card));
      return queries.map((query) => {
        try {
          return JSON.stringify(SundayPaper.parse(query, known).tree);
        } catch (error) {
          return error.message;
        }
      });
    }"""
    queries = ["venue:rare-days26", "source:gone-blog", "venue:rarer-days"]
    row = entry_of_row("one")
    row |= {"source": "Gone Blog", "claims": [["other:Rare Days", 2026, "other", "accepted", None]]}
    rare, gone, rarer = language.evaluate(said, [[row], TABLE["vocabulary"], queries])
    plain = ['venue:"rare days" year:2026', "source:gone-blog"]
    assert [rare, gone] == language.evaluate("(all) => all.map((q) => JSON.stringify(SundayPaper.parse(q).tree))", plain)  # fmt: skip
    assert rarer == "there is no venue “rarer days”; did you mean “rare days”?"


def test_what_says_nothing_neither_keeps_out_nor_lets_in_in_chromium(language: Page) -> None:
    """The trees that no text can say: an empty All and Any, their negations, and inside others."""
    names = list(CARDS)
    trees = [row["tree"] for row in TABLE["trees"]]
    found = language.evaluate(TREES, [trees, [entry_of_row(name) for name in names]])
    wrong = [
        row
        for row, verdicts in zip(TABLE["trees"], found, strict=True)
        if [name for name, held in zip(names, verdicts, strict=True) if held] != row["holds"]
    ]
    assert wrong == []


def test_slips_are_told_in_the_same_words_at_the_same_column(language: Page) -> None:
    """The table's errors and the limits of length and depth, sentence by sentence."""
    queries = [case["query"] for case in TABLE["errors"]]
    queries += ["a " * 4001, "𝔸" * 8001, "(" * 51 + "a" + ")" * 51, "(" * 4000, "-" * 7999]
    queries += [
        "𝔸𝔹 authr:li",
        "𝔸 (b",
        "\x1c\x1f\x85",
        "\ufeff",
        "x" * 200 + ":1",
        "statu:x",
        "ti:x",
    ]
    queries += [
        "“a b c d e f & " * 9,
        "$ " * 60,
        '"' + "&, " * 60 + '"',
        "ORacle:x",
        "NOT NOT",
        "a:",
    ]
    assert differing(language, queries) == []
    assert all(isinstance(said(query, [])[:1], list) for query in queries)


def test_a_deep_query_is_read_and_one_too_deep_is_refused(language: Page) -> None:
    """Fifty parentheses are read; four thousand are a sentence, not a broken page."""
    deep = [
        "(" * 50 + "matching" + ")" * 50,
        "-(" * 50 + "a" + ")" * 50,
        "(" * 3999 + "a" + ")" * 3999,
    ]
    assert differing(language, deep) == []
    assert said(deep[0], list(CARDS.values()))[0] is True


WORDS = (
    "matching flow survey diffusion code gaußian wild missing c x diffu* serv* match* s* llm gpus analysis "
    "dataset* multi-modal finetun* fine-tun* axis data-set 扩散 strasse".split()
)
VALUES = {
    "title": ["flow", '"flow matching"', '"in the w*"', "wild", "mat*", "SURVEY"],
    "topic": ["robotics", "vision", "reinforcement-learning", '"reinforcement learning"', "re*"],
    "venue": ["cvpr", "icml", "neurips", "other:tiny", "tiny*", '"Tiny Papers Day"', "cv*", "OTHER:cvpr"],
    "author": ["li", '"wei li"', '"Fei-Fei*"', "álvarez", "al*", '"x. li"', '"Li, F."', '"G. Hinton"', "feifei", '"Feifei Li"', '"G. E. Hin*"', "飞飞"],
    "source": ["arxiv", '"bair blog"', "ångström*", "bair"],
    "group": ["lab", "course", "la*"],
    "year": ["2025", "2026", "1999"],
    "track": ["main", "workshop", "other", "DATASETS"],
    "status": ["accepted", "rejected", "submitted", "withdrawn"],
    "presentation": ["oral", "poster", '"best paper"', "best-paper"],
    "ring": ["accepted", "near", "field"],
    "kind": ["paper", "post", "course", "event"],
    "has": ["code", "data", "survey", "tutorial"],
    "cat": ["cs.LG", "cs.*", "stat.ml", "cs"],
    "id": ["2603.00011", "arxiv:2603.00022v3", "260*", "post:00ff*", "doi:10.1000/x"],
    "week": ["2026-W10", "2026-w14", "2025-W01"],
    "since": ["2026", "2026-03", "2026-03-31", "2026-W10", "2025-10-31"],
    "until": ["2025", "2026-02", "2026-03-03", "2026-W09", "2026-W14"],
}  # fmt: skip
FORMS = (
    "{a}", "-{a}", "NOT {a}", "({a})", "-({a} {b})", "{a} {b}", "{a} AND {b}", "{a} OR {b}",
    "{a} -{b}", "({a} OR {b}) {c}", "{a} ({b} OR {c})", "-({a} OR -{b}) {c}", "{a} OR {b} {c}",
    "(({a})) AND NOT -{b}", "{a}({b}){c}", "{a} —{b}", "{a} --{b} !{c}", "{a} – {b}",
)  # fmt: skip


def leaf(draw: random.Random, field: str = "") -> str:
    """A word, a phrase, or a field with one of its values."""
    field = field or draw.choice(["", "", "venue", "status", *FIELDS])
    if field:
        name = draw.choice([field, field, field.upper()])
        return f"{name}:{draw.choice(VALUES[field])}"
    words = " ".join(draw.choices(WORDS[:10], k=draw.randint(1, 3)))
    return draw.choice([draw.choice(WORDS), draw.choice(WORDS), f'"{words}"', f"“{words}”*"])


def generated(draw: random.Random, count: int) -> list[str]:
    """Every field in every form, and further forms in one another."""
    made = [
        form.format(a=leaf(draw, field), b=leaf(draw), c=leaf(draw))
        for field in FIELDS
        for form in FORMS
    ]
    while len(made) < count:
        a, b, c = (f"({draw.choice(made)})" if draw.random() < 0.6 else leaf(draw) for _ in "abc")
        made.append(draw.choice(FORMS).format(a=a, b=b, c=c))
    return made


def broken(draw: random.Random, query: str) -> str:
    """The query with a few letters cut, doubled or put in."""
    for _ in range(draw.randint(1, 3)):
        at = draw.randrange(len(query) + 1)
        put = draw.choice(["", "(", ")", '"', "”", "*", ":", "-", " ", " OR ", "NOT ", "AND", "𝔸", "\x1c", "\ufeff", "é", "&", "–", "—", "--", "!", "―", "\u061c", "：", "「"])  # fmt: skip
        query = query[:at] + put + query[at + draw.randint(0, 2) :]
    return query


def test_generated_queries_get_the_same_verdicts(language: Page) -> None:
    """500 queries: each field in each form beside others, over none, one and two claims."""
    queries = generated(random.Random(4), 500)
    assert set(VALUES) == set(FIELDS)
    assert len(queries) >= 500
    assert differing(language, queries) == []
    verdicts = [verdict for query in queries for verdict in said(query, list(CARDS.values()))]
    assert 0.2 < sum(verdicts) / len(verdicts) < 0.8, "queries that find all or nothing show little"


def test_broken_queries_get_the_same_answers(language: Page) -> None:
    """1,000 queries with slips: the same column and sentence, or the same verdicts."""
    draw = random.Random(40)
    queries = [broken(draw, query) for query in generated(draw, 500) for _ in range(2)]
    slips = [
        query for query in queries if isinstance(said(query, [])[:1], list) and said(query, [])
    ]
    assert len(slips) > 300
    assert differing(language, queries) == []


def test_every_character_folds_the_same(language: Page) -> None:
    """All that this Python's Unicode knows, inside a word and where a sigma must see its end.

    Unicode 16 no longer counts U+0295 (and what decomposes to it) among the letters that have case,
    so that a capital sigma before it may be final in a browser and not yet in Python.
    """
    known = [
        c for c in map(chr, range(0x110000)) if unicodedata.category(c) not in ("Cn", "Co", "Cs")
    ]
    kept = "".join(c for c in known if c not in "\u0295\u02e4")
    for before, text, after in (("x", "".join(known), "Y"), ("AΣ", kept, ""), ("AΣ", kept, "b")):
        wrong = language.evaluate(
            """([before, text, after, folded]) => {
              const expected = folded.split("\\n");
              return [...text].filter((c, n) => SundayPaper.fold(before + c + after) !== expected[n]);
            }""",
            [before, text, after, "\n".join(fold(before + c + after) for c in text)],
        )
        assert wrong == []


def test_the_index_gets_the_verdicts_of_its_cards(language: Page) -> None:
    """The n-th verdict over a list's index.js is that of the n-th entry's card in Python."""
    language.add_script_tag(path=PACKAGED / "worker.js")
    queries = ["learning", "venue:cvpr track:main", "has:code -kind:post", "topic:vision OR author:okafor", "since:2026-03-03", "simpl*"]  # fmt: skip
    index = list_page("topics/x", lines(ISSUE), ISSUE.abstracts)
    language.add_script_tag(content=index.body.decode())
    found = language.evaluate(
        """([queries, count]) => {
          const cards = [...SundayPaper.deal(Array.from({length: count}, (_, n) => ["topics/x", n]))];
          return queries.map((query) => [...SundayPaper.answer(query, cards).shown]);
        }""",
        [queries, len(lines(ISSUE))],
    )
    cards = [indexed_card(ISSUE, pick) for pick in lines(ISSUE)]
    assert found == [[int(match(parse(query), card)) for card in cards] for query in queries]
    assert all(0 < sum(verdicts) < len(cards) for verdicts in found)


# ---------------------------------------------------------------- the box


@pytest.fixture(scope="module")
def root(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A build of two issues."""
    before = replace(sample_issue(150), week="2026-W09")
    return publish(tmp_path_factory.mktemp("served"), before, ISSUE)


@pytest.fixture(scope="module", params=["http", "file"])
def site(request: pytest.FixtureRequest, root: Path) -> Iterator[str]:
    """Where the build lies: below a path of a server, and on a disk."""
    if request.param == "file":
        yield f"{root.as_uri()}/"
        return
    with served(root, "a/b/") as address:
        yield address


Opened = Callable[..., Page]


@pytest.fixture
def visit(browser: Browser, site: str) -> Iterator[Opened]:
    """Opens a page of the build; in the end no page has complained."""
    contexts, troubles = [], list[str]()

    def visited(place: str, script: str = "", **context: Any) -> Page:
        contexts.append(browser.new_context(**context))
        page = contexts[-1].new_page()
        page.on("console", lambda m: troubles.append(m.text) if m.type in ("error", "warning") else None)  # fmt: skip
        page.on("pageerror", lambda error: troubles.append(str(error)))
        page.on("requestfailed", lambda request: troubles.extend(failure(request)))
        if script:
            page.add_init_script(script)
        page.goto(site + place)
        return page

    yield visited
    for context in contexts:
        context.close()
    assert troubles == []


def count_of(query: str, issue: Issue = ISSUE) -> str:
    """What the box says once it has filtered."""
    found = sum(match(parse(query), indexed_card(issue, pick)) for pick in lines(issue))
    assert 0 < found < len(lines(issue))
    return f"{found:,} of {len(lines(issue)):,}"


def shown(page: Page) -> list[str]:
    """The titles of the lines that can be seen."""
    return page.evaluate(
        "[...document.querySelectorAll('.ring li')].filter(e => e.checkVisibility())"
        ".map(e => e.querySelector('a').textContent)"
    )


def test_typing_leaves_the_lines_that_python_finds(visit: Opened) -> None:
    """Lines, headings, counts and the live region, key by key."""
    query = "topic:generative has:code"
    page = visit(ALL)
    page.get_by_label("Filter").press_sequentially(query)
    expect(page.get_by_role("status")).to_have_text(count_of(query))
    found = [p for p in lines(ISSUE) if match(parse(query), indexed_card(ISSUE, p))]
    assert shown(page) == [p.title for p in found]
    for ring in ("accepted", "near", "field"):
        count = sum(p.ring == ring for p in found)
        expect(page.locator(f"#{ring} h2 span")).to_have_text(f"{count:,}")
        expect(page.locator(f".rings a[href='#{ring}'] span")).to_have_text(f"{count:,}")
    empty = page.evaluate(
        "[...document.querySelectorAll('.ring h3')].filter(e => e.checkVisibility()"
        " && !e.parentElement.querySelector('li:not([hidden])')).length"
    )
    assert empty == 0


def test_a_printed_list_names_its_filter_and_how_many_it_leaves(visit: Opened) -> None:
    """On paper there is no box, so a line says what was asked; on the screen there is no such line."""
    page = visit(f"{ALL}?q=ring:near")
    line = page.locator(".on-paper")
    expect(page.get_by_role("status")).to_have_text(count_of("ring:near"))
    expect(line).to_be_hidden()
    page.emulate_media(media="print")
    expect(line).to_have_text(f"Filtered by ring:near: {count_of('ring:near')}")
    expect(line).to_be_visible()
    expect(page.get_by_label("Filter")).to_be_hidden()
    page.emulate_media(media="screen")
    page.get_by_role("button", name="Clear").click()
    expect(page.locator("#accepted")).to_be_visible()
    expect(line).to_have_text("")


def test_a_group_without_lines_goes_with_its_link_and_comes_back(visit: Opened) -> None:
    """No heading over nothing, and no link to it."""
    page = visit(f"{ALL}?q=ring:near")
    expect(page.get_by_role("status")).to_have_text(count_of("ring:near"))
    expect(page.locator("#near")).to_be_visible()
    expect(page.locator("#accepted")).to_be_hidden()
    expect(page.locator(".rings a[href='#accepted']")).to_be_hidden()
    page.get_by_role("button", name="Clear").click()
    expect(page.locator("#accepted")).to_be_visible()
    assert len(shown(page)) == len(lines(ISSUE))


def test_the_address_keeps_the_query_and_shares_it(visit: Opened, site: str) -> None:
    """Whoever opens the address sees the same lines, the query in the box; a mark stays in it."""
    query = 'author:"okafor" OR venue:cvpr & more'
    page = visit(f"{ALL}#field")
    page.get_by_label("Filter").fill(query.replace(" & more", ""))
    expect(page.get_by_role("status")).to_have_text(count_of(query.replace(" & more", "")))
    address = page.url
    assert address.startswith(f"{site}{ALL}?q=")
    assert address.endswith("venue:cvpr#field")
    other = visit(address.removeprefix(site))
    expect(other.get_by_label("Filter")).to_have_value(query.replace(" & more", ""))
    expect(other.get_by_role("status")).to_have_text(page.get_by_role("status").inner_text())
    assert shown(other) == shown(page)
    other.get_by_label("Filter").fill("")
    expect(other.get_by_role("status")).to_have_text(f"{len(lines(ISSUE))} of {len(lines(ISSUE))}")
    assert other.url == f"{site}{ALL}#field"


def test_a_slip_is_told_at_its_column_and_hides_nothing(visit: Opened) -> None:
    """The sentence for everyone, the mark for the eye; what was shown stays."""
    page = visit(ALL)
    box = page.get_by_label("Filter")
    box.fill("has:code")
    expect(page.get_by_role("status")).to_have_text(count_of("has:code"))
    before = shown(page)
    box.fill("has:code authr:li vision")
    expect(page.get_by_role("status")).to_have_text("Column 10: unknown field authr: did you mean author? · Ask has:code author:li vision")  # fmt: skip
    expect(box).to_have_attribute("aria-invalid", "true")
    expect(box).to_have_accessible_description("Column 10: unknown field authr: did you mean author? · Ask has:code author:li vision")  # fmt: skip
    assert page.locator(".slip").inner_text() == "has:code authr:li vision"
    mark = page.evaluate("document.querySelector('.slip mark').previousSibling.textContent")
    assert mark == "has:code "
    assert shown(page) == before
    box.fill("has:code author:weiss")
    expect(page.locator(".slip")).to_be_hidden()
    assert box.get_attribute("aria-invalid") is None


def test_names_of_the_box_are_those_of_the_paper(visit: Opened) -> None:
    """On a disk and on a server: a printed name, a year, an alias; a slip with the nearest name."""
    page = visit(ALL)
    box, status = page.get_by_label("Filter"), page.get_by_role("status")
    box.fill('topic:"Computer vision" venue:CVPR2026')
    expect(status).to_have_text(count_of("topic:vision venue:cvpr year:2026"))
    box.fill("kind:paper topic:visoin")
    expect(status).to_have_text(
        "Column 12: there is no topic “visoin”; did you mean “vision”? · Ask kind:paper topic:vision"
    )
    page.get_by_role("button", name="kind:paper topic:vision").click()
    expect(status).to_have_text(count_of("kind:paper topic:vision"))
    box.fill('-venue:"Computer Vision & Pattern Recognition 2026"')
    expect(status).to_have_text(count_of("-(venue:cvpr year:2026)"))


def test_an_operator_in_lower_case_is_offered_as_one(visit: Opened) -> None:
    """The answer stands; the button asks what was meant."""
    page = visit(ALL)
    box, status = page.get_by_label("Filter"), page.get_by_role("status")
    box.fill("ring:near or ring:field")
    expect(status).to_contain_text(
        "“or” is looked for as a word; did you mean ring:near OR ring:field"
    )
    page.get_by_role("button", name="ring:near OR ring:field").click()
    expect(status).to_have_text(count_of("ring:near OR ring:field"))
    expect(box).to_be_focused()


def test_where_nothing_is_found_there_is_a_next_step(visit: Opened, site: str) -> None:
    """A part less with what it leaves, most first, a name as an author, and the search over all weeks."""
    page = visit(ALL)
    box, status = page.get_by_label("Filter"), page.get_by_role("status")
    box.fill("has:code zebrafish")
    left = count_of("has:code").split()[0]
    expect(status).to_have_text(f"0 of 311 · Without zebrafish: {left} · Search all weeks")
    link = page.get_by_role("link", name="Search all weeks")
    expect(link).to_have_attribute("href", f"{site}search/index.html?q=has%3Acode+zebrafish")
    page.get_by_role("button", name="Without zebrafish").click()
    expect(box).to_have_value("has:code")
    expect(status).to_have_text(count_of("has:code"))
    author = ISSUE.entries[0].authors[0]
    box.fill(author)
    found = count_of(f'author:"{author}"').split()[0]
    expect(status).to_contain_text(f"By an author of that name: {found}")
    box.fill("zebrafish")
    expect(status).to_have_text("0 of 311 · Search all weeks")


def test_it_works_by_keyboard_alone(visit: Opened) -> None:
    """Tab to the box, type, Escape; open the help, take an example, clear it."""
    page = visit(ALL)
    while page.evaluate("document.activeElement.id") != "filter-query":
        page.keyboard.press("Tab")
    page.keyboard.type("ring:field")
    expect(page.get_by_role("status")).to_have_text(count_of("ring:field"))
    page.keyboard.press("Escape")
    expect(page.get_by_label("Filter")).to_have_value("")
    for named in ("Take it along", "How to ask"):
        page.keyboard.press("Tab")
        assert page.evaluate("document.activeElement.textContent") == named
    page.keyboard.press("Enter")
    for _ in range(4):
        page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    example = "venue:cvpr status:accepted track:main"
    expect(page.get_by_label("Filter")).to_have_value(example)
    expect(page.get_by_label("Filter")).to_be_focused()
    expect(page.get_by_role("status")).to_have_text(count_of(example))


def test_every_example_of_the_help_is_a_query(visit: Opened) -> None:
    """None of them teaches a slip."""
    page = visit(ALL)
    examples = page.locator(".filter li button").all_text_contents()
    assert len(examples) >= 5
    for example in examples:
        parse(example)


def test_it_works_by_touch_on_a_small_screen(visit: Opened) -> None:
    """Nothing scrolls sideways at 320 pixels, and every control is large enough."""
    page = visit(ALL, has_touch=True, viewport={"width": 320, "height": 568})
    page.get_by_text("How to ask").tap()
    page.locator(".filter li button").nth(3).tap()
    expect(page.get_by_role("status")).to_contain_text(" of ")
    page.get_by_label("Filter").fill("a slip in a very long query that goes on and on: (")
    expect(page.locator(".slip")).to_be_visible()
    assert page.evaluate("document.documentElement.scrollWidth") <= 320
    sizes = page.evaluate(
        "[...document.querySelectorAll('.filter :is(button, input, summary)')].filter(e => e.checkVisibility())"
        ".map(e => e.getBoundingClientRect()).map(r => [r.width, r.height])"
    )
    assert min(min(size) for size in sizes) >= 24
    page.get_by_role("button", name="Clear").tap()
    assert len(shown(page)) == len(lines(ISSUE))


def test_what_has_the_focus_is_never_below_the_box(visit: Opened) -> None:
    """Going back by keyboard through a long list, with a slip shown, the box covers no link."""
    page = visit(ALL, viewport={"width": 800, "height": 700})
    page.get_by_label("Filter").fill("(")
    expect(page.locator(".slip")).to_be_visible()
    page.locator("#field li a").nth(120).focus()
    for _ in range(40):
        page.keyboard.press("Shift+Tab")
        covered = page.evaluate(
            "document.activeElement.getBoundingClientRect().top"
            " < document.querySelector('.filter').getBoundingClientRect().bottom"
        )
        assert not covered


def test_typing_far_down_leads_to_the_first_line_that_is_left(visit: Opened) -> None:
    """The box stays at hand, and what it leaves is seen from its beginning."""
    page = visit(ALL, viewport={"width": 800, "height": 700})
    page.get_by_label("Filter").focus()
    page.locator("#field li a").nth(150).scroll_into_view_if_needed()
    expect(page.get_by_label("Filter")).to_be_in_viewport()
    page.keyboard.type("has:code")
    expect(page.get_by_role("status")).to_have_text(count_of("has:code"))
    expect(page.locator("#accepted h2")).to_be_in_viewport()


def test_an_address_that_names_a_ring_leads_to_it(visit: Opened) -> None:
    """Lists that are not laid out yet do not lead astray, and the box does not lie over the heading."""
    page = visit(f"{ALL}#field", viewport={"width": 800, "height": 700})
    expect(page.get_by_label("Filter")).to_be_in_viewport()
    page.wait_for_load_state("networkidle")
    below = page.evaluate(
        "document.querySelector('#field').getBoundingClientRect().top"
        " - document.querySelector('.filter').getBoundingClientRect().bottom"
    )
    assert 0 <= below < 120


def test_nothing_moves_when_the_box_comes(visit: Opened) -> None:
    """Its room is kept while the script is on its way."""
    watch = (
        "window.moved = 0; new PerformanceObserver(l => l.getEntries().forEach(e => moved += e.value))"
        ".observe({type: 'layout-shift', buffered: true})"
    )
    page = visit(ALL, watch)
    expect(page.get_by_label("Filter")).to_be_visible()
    page.wait_for_load_state("networkidle")
    assert page.evaluate("moved") == 0


def test_a_host_that_forbids_workers_filters_all_the_same(visit: Opened) -> None:
    """The same scripts do it on the page itself."""
    page = visit(ALL, "window.Worker = class { constructor() { throw new Error('forbidden'); } }")
    page.get_by_label("Filter").fill("venue:cvpr")
    expect(page.get_by_role("status")).to_have_text(count_of("venue:cvpr"))


def test_without_javascript_there_is_no_box_and_every_line(visit: Opened) -> None:
    """Nor the room for one."""
    page = visit(f"{ALL}?q=venue:cvpr", java_script_enabled=False)
    assert page.get_by_label("Filter").count() == 0
    assert page.locator(".filter").bounding_box()["height"] == 0  # type: ignore[index]
    assert page.locator(".ring li").count() == len(lines(ISSUE))


def test_an_index_that_does_not_load_hides_nothing_and_says_so(browser: Browser, root: Path) -> None:  # fmt: skip
    """The reader is told what happened and what to do."""
    page = browser.new_page()
    page.route("**/index.js", lambda route: route.abort())
    page.goto((root / ALL).as_uri())
    page.get_by_label("Filter").fill("venue:cvpr")
    expect(page.get_by_role("status")).to_contain_text("did not load")
    assert len(shown(page)) == len(lines(ISSUE))
    page.close()


def test_who_waits_for_the_index_is_told_so(browser: Browser, root: Path) -> None:
    """With a shared link too, while the list is hidden: on a slow line it takes seconds to come."""
    page, held = browser.new_page(), list[Route]()
    page.route("**/index.js", lambda route: held.append(route))
    with page.expect_request("**/index.js"):
        page.goto((root / ALL).as_uri() + "?q=venue:cvpr", wait_until="commit")
    expect(page.get_by_role("status")).to_have_text("Loading what this filter looks at …")
    seen = "getComputedStyle(document.querySelector('[data-filter]'), '::after').content"
    assert page.evaluate(seen) == '"Loading what this filter looks at …"'
    expect(page.locator("[data-filter]")).to_have_attribute("aria-busy", "true")
    while not held:
        page.wait_for_timeout(5)  # the request is known a moment before it is held
    held[0].continue_()
    expect(page.get_by_role("status")).to_have_text(count_of("venue:cvpr"))
    expect(page.locator("[data-filter]")).to_have_attribute("aria-busy", "false")
    page.close()


def test_a_list_of_several_weeks_names_its_entries_line_by_line(visit: Opened, root: Path) -> None:
    """Lines in any order, each with its week and its number in that week's index."""
    before = replace(sample_issue(150), week="2026-W09")
    wanted = [(ISSUE, 7), (before, 90), (ISSUE, 200), (before, 3), (ISSUE, 41), (before, 130)]
    items = "".join(f"<li data-week={i.week} data-n={n}>{i.week} {n}</li>" for i, n in wanted)
    text = f"<!doctype html><title>x</title><link rel=icon href=data:,><div data-filter=li></div><ul>{items}</ul><script src=../filter.js></script>"
    (root / "lists").mkdir(exist_ok=True)
    (root / "lists" / "index.html").write_text(text, encoding="utf-8")
    page = visit("lists/index.html?q=ring:accepted")
    found = [
        f"{i.week} {n}"
        for i, n in wanted
        if match(parse("ring:accepted"), indexed_card(i, lines(i)[n]))
    ]
    assert 0 < len(found) < len(wanted)
    expect(page.get_by_role("status")).to_have_text(f"{len(found)} of {len(wanted)}")
    assert page.locator("main li:visible, body > ul li:visible").all_text_contents() == found


def test_a_readers_own_query_names_what_there_is(visit: Opened) -> None:
    """My paper tells a topic that is none, and takes a venue by any of its names."""
    page = visit("mine/index.html")
    page.locator("summary", has_text="What it goes by").click()
    told = page.locator("#mine-slip")
    page.locator("#mine-queries").fill("venue:nips2025\ntopic:visoin")
    expect(told).to_contain_text(
        "Line 2, column 1: there is no topic “visoin”; did you mean “vision”?"
    )
    page.locator("#mine-queries").fill('venue:"CVPR 2026"')
    expect(told).to_have_text("")
    page.locator("summary", has_text="What it goes by").click()
    expect(page.locator("#mine-list .why").first).to_have_text('Why chosen: venue:"CVPR 2026"')


def test_hostile_words_stay_words(visit: Opened) -> None:
    """A query from an address is shown as text and runs nothing."""
    page = visit(f"{ALL}?q=" + "%3Cimg%20src%3Dx%20onerror%3Dalert(1)%3E%20(")
    expect(page.locator(".slip")).to_be_visible()
    assert page.locator("img").count() == 0
    assert json.loads(page.evaluate("JSON.stringify([...document.scripts].map(s => !s.src))")).count(True) == 0  # fmt: skip
