"""The file by which a page puts a week in its reader's order, and the script that does it."""

from __future__ import annotations

import gzip
import hashlib
import json
import random
from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import pytest
from playwright.sync_api import Browser, Page

from sample_issue import sample_issue
from sundaypaper.formats import archive
from sundaypaper.formats.site.rendering import PACKAGED
from sundaypaper.formats.taste import FORMAT, taste_page
from sundaypaper.models import Claim, Entry, Issue
from sundaypaper.query import card_of_entry
from sundaypaper.topics import compact, model

ISSUE = sample_issue(150)


def handed(issue: Issue) -> dict[str, Any]:
    """What the script of an issue is handed, as a browser reads it."""
    text = taste_page(issue).body.decode()
    return json.loads(text.removeprefix("SundayPaper.taste(").removesuffix(");\n"))


def rows(issue: Issue) -> list[dict[str, str]]:
    """The columns of it but the vectors, an entry each."""
    columns = handed(issue)["columns"]
    names = [name for name in columns if name != "vectors"]
    return [dict(zip(names, row, strict=True)) for row in zip(*(columns[name].split("\n") for name in names), strict=True)]  # fmt: skip


def test_an_entry_has_a_line_in_every_column() -> None:
    """News of the week, the best first, each with its number in the archive."""
    pick = ISSUE.entries[0]
    claims = (*pick.claims, Claim("icml", 2026, "main", "submitted"))
    authors = ("Ana Roe", "Bo Li", "C. Ruiz", "D. Lind")
    changed = replace(pick, claims=claims, authors=authors, more_authors=3, score=99.0)
    issue = replace(ISSUE, entries=(changed, *ISSUE.entries[1:]))
    read, first = handed(issue), rows(issue)[0]
    assert (read["format"], read["week"]) == (FORMAT, "2026-W10")
    assert first | {"topics": "", "claims": "", "source": ""} == {
        "n": "0", "id": "arxiv:2603.00000", "title": pick.title, "url": "", "page": "1", "kind": "paper", "source": "",
        "authors": "Ana Roe\tBo Li", "more": "5", "topics": "", "claims": "", "score": "99.0",
    }  # fmt: skip
    assert [read["topics"][int(n)] for n in first["topics"].split()] == [tag.topic for tag in pick.tags]  # fmt: skip
    assert [read["claims"][int(n)] for n in first["claims"].split()] == [["cvpr", "CVPR 2026", 1], ["icml", "submitted to ICML 2026", 0]]  # fmt: skip
    assert read["sources"][int(first["source"])] == pick.source
    numbers = archive.numbered(issue)
    assert [int(row["n"]) for row in rows(issue)] == [numbers[row["id"]] for row in rows(issue)]


def test_an_address_that_its_id_tells_is_not_written() -> None:
    """A thousand of them would weigh what the titles weigh."""
    pick = replace(ISSUE.entries[0], url="https://arxiv.org/abs/2603.00000")
    said = {row["id"]: row["url"] for row in rows(replace(ISSUE, entries=(pick, *ISSUE.entries[1:])))}  # fmt: skip
    assert said["arxiv:2603.00000"] == ""
    assert all(url.startswith("https://") for id, url in said.items() if id.startswith("post:"))


def test_hostile_text_neither_leaves_the_script_nor_its_line() -> None:
    """No tag, no comment, no line or tab of its own; an address that runs is none."""
    bad = "</script><!--\u2028 one\ntwo\tthree"
    pick = replace(ISSUE.entries[0], title=bad, authors=(bad,), url="javascript:alert(1)")
    issue = replace(ISSUE, entries=(pick, *ISSUE.entries[1:]))
    text = taste_page(issue).body.decode()
    assert "<" not in text
    assert "\u2028" not in text
    row = next(row for row in rows(issue) if row["id"] == pick.id)
    assert row["title"] == row["authors"] == "</script><!-- one two three"
    assert row["url"] == ""


def test_what_was_removed_is_not_in_it() -> None:
    """It names no source any more."""
    gone = replace(ISSUE.entries[0], source="")
    assert gone.id not in taste_page(replace(ISSUE, entries=(gone, *ISSUE.entries[1:]))).body.decode()  # fmt: skip


def test_the_same_issue_gives_the_same_bytes_and_few_of_them() -> None:
    """A week of 2,000 entries stays far below the 250 kB that a phone may be asked to load."""
    assert taste_page(ISSUE) == taste_page(sample_issue(150))
    assert len(gzip.compress(taste_page(sample_issue(2000)).body)) < 160_000


def test_the_axes_belong_to_the_model_that_ships() -> None:
    """Whoever trains the topics again makes the axes again: tools/compact.py."""
    shipped = model.load()
    digest = hashlib.sha256(shipped.embedding.tobytes() + shipped.scale.tobytes()).digest()
    assert compact.axes().made_for == digest


def direction(title: str) -> list[int]:
    """The letters of a title as steps from the middle."""
    entry = Entry(id="arxiv:1", kind="paper", source="arXiv", url="", title=title)
    return [compact.ALPHABET.index(letter) - 31 for letter in compact.compact(card_of_entry(entry))]


def test_like_titles_point_the_same_way() -> None:
    """By the letters alone, as the page reads them."""
    robot, other, proof = map(direction, ("Robot grasping with tactile sensors", "Tactile robot manipulation", "Regret bounds for convex online learning"))  # fmt: skip
    assert len(robot) == 32
    near = sum(a * b for a, b in zip(robot, other, strict=True))
    far = sum(a * b for a, b in zip(robot, proof, strict=True))
    assert near > 2000
    assert abs(far) < 500  # of 3,417, the square of their lengths


def test_an_entry_of_unknown_words_points_nowhere() -> None:
    """The middle of all, which is like nothing."""
    assert direction("Zxqv") == []
    issue = replace(ISSUE, entries=(replace(ISSUE.entries[0], title="Zxqv", gist=""),), abstracts={})  # fmt: skip
    assert handed(issue)["columns"]["vectors"] == "f" * 32


# ---------------------------------------------------------------- the order

AXES, MANY, MINORITY = 32, 500, 20
ORDERED = """([week, ask]) => {
  SundayPaper.taste(week);
  const steps = SundayPaper.order({ week: week.week, marks: [], many: 25, ...ask });
  let step = steps.next();
  while (!step.done) step = steps.next();
  return step.value.entries.map(({ entry, chosen, like, outside }) => [entry.id, chosen, like, outside]);
}"""


def letters(numbers: list[float]) -> str:
    """Numbers between -1 and 1 as the file writes them."""
    return "".join(compact.ALPHABET[round(31 * max(-1.0, min(1.0, one))) + 31] for one in numbers)


def vectors(count: int, towards: list[float] | None, seed: int) -> list[str]:
    """Directions drawn by chance, around a middle where one is given."""
    drawn = random.Random(seed)
    middle = towards or [0.0] * AXES
    return [letters([at + drawn.gauss(0, 0.33) for at in middle]) for _ in range(count)]


RARE = [0.5 if at % 8 == 0 else 0.0 for at in range(AXES)]


def week(of: str = "2026-W10") -> dict[str, Any]:
    """500 entries, of which 20 are of a rare topic and of no high score: e480 to e499."""
    common = MANY - MINORITY
    ids = [f"arxiv:2603.{n:05}" for n in range(MANY)]
    drawn = random.Random(7)
    columns = {
        "n": [str(n) for n in range(MANY)],
        "id": ids,
        "title": [f"Title {n}" for n in range(MANY)],
        "url": [""] * MANY,
        "page": ["0"] * MANY,
        "kind": ["paper"] * MANY,
        "source": ["0"] * MANY,
        "authors": ["A. Roe"] * MANY,
        "more": ["0"] * MANY,
        "topics": [str(n % 2) for n in range(common)] + ["2"] * MINORITY,
        "claims": ["0" if n == 300 else "" for n in range(MANY)],
        "score": [
            str(round(6 - (n if n < common else 300) / 100 + drawn.random(), 2))
            for n in range(MANY)
        ],
    }
    table = {"topics": ["vision", "language", "graphs"], "claims": [["cvpr", "CVPR 2026", 1]], "sources": ["arXiv"]}  # fmt: skip
    text = {name: "\n".join(values) for name, values in columns.items()}
    text["vectors"] = "".join(vectors(common, None, 1) + vectors(MINORITY, RARE, 2))
    return {"format": 1, "week": of, "axes": "abc", **table, "columns": text}


def thumbs(value: int, count: int = 20) -> list[dict[str, Any]]:
    """Marks on entries of an earlier week about the rare topic."""
    return [{"id": f"arxiv:2602.{n:05}", "value": value, "title": f"Earlier {n}", "axes": "abc", "topics": ["graphs"], "vector": vector} for n, vector in enumerate(vectors(count, RARE, 3))]  # fmt: skip


@pytest.fixture(scope="module")
def script(browser: Browser) -> Iterator[Page]:
    """An empty page that has loaded what thinks."""
    page = browser.new_page()
    page.add_script_tag(path=PACKAGED / "order.js")
    yield page
    page.close()


def ordered(script: Page, **ask: Any) -> list[tuple[int, list[str], str | None, bool]]:
    """The first 25 of the week: the number of each, what was chosen of it, what it is like, from outside."""
    return [(int(id[-5:]), chosen, like, outside) for id, chosen, like, outside in script.evaluate(ORDERED, [week(), ask])]  # fmt: skip


def best_for_all() -> list[int]:
    """The numbers of the week by score alone."""
    scores = list(map(float, week()["columns"]["score"].split("\n")))
    return sorted(range(MANY), key=lambda n: (-scores[n], n))


@pytest.mark.browser
def test_who_marked_and_chose_nothing_has_the_order_of_all(script: Page) -> None:
    """By score, and nothing of it is called outside."""
    assert [one[0] for one in ordered(script)] == best_for_all()[:25]
    assert not any(one[3] for one in ordered(script))


@pytest.mark.browser
def test_twenty_thumbs_on_a_rare_topic_turn_the_week_round(script: Page) -> None:
    """At least twelve of its twenty among the first 25, by those of another week; none before."""
    assert not [n for n in best_for_all()[:25] if n >= MANY - MINORITY]
    got = ordered(script, marks=thumbs(1))
    assert sum(n >= MANY - MINORITY for n, *_ in got) >= 12
    assert any(like and like.startswith("Earlier ") for _, _, like, _ in got)


@pytest.mark.browser
def test_thumbs_down_push_their_like_back(script: Page) -> None:
    """None of the topic is left in front of where the best for all had it."""
    many = {"marks": thumbs(-1), "many": MANY}
    places = [n for n, *_ in ordered(script, **many)]
    assert min(places.index(n) for n in range(MANY - MINORITY, MANY)) > 400
    first = best_for_all()[0]
    down = {
        "id": f"arxiv:2603.{first:05}",
        "value": -1,
        "title": "",
        "axes": "abc",
        "topics": [],
        "vector": "",
    }
    assert ordered(script, marks=[down], many=MANY)[-1][0] == first


@pytest.mark.browser
def test_two_of_the_best_for_all_stand_among_it_marked_outside(script: Page) -> None:
    """Of two topics, at the eighth and sixteenth place, none that reads as what was marked."""
    got = ordered(script, marks=thumbs(1))
    assert [at for at, one in enumerate(got) if one[3]] == [7, 15]
    pair = [one[0] for one in got if one[3]]
    assert all(n < MANY - MINORITY for n in pair)
    assert pair[0] % 2 != pair[1] % 2


@pytest.mark.browser
def test_what_is_chosen_comes_forward_with_its_name(script: Page) -> None:
    """A topic, an accepted paper of a venue, and what a question to the archive found, by number."""
    graphs = ordered(script, topics=[{"id": "graphs", "name": "Graphs"}])
    assert sum("Graphs" in chosen for _, chosen, *_ in graphs) >= 10
    cvpr = ordered(script, venues=[{"id": "cvpr", "name": "CVPR"}])
    assert (300, ["CVPR"]) in [(n, chosen) for n, chosen, *_ in cvpr]
    has = {str(n): int(n == 250) for n in range(MANY)}
    found = ordered(script, shown=[{"name": "depth", "has": has}])
    assert (250, ["depth"]) in [(n, chosen) for n, chosen, *_ in found]


@pytest.mark.browser
def test_vectors_of_other_axes_count_by_topic_alone(script: Page) -> None:
    """What was marked under an older model is not compared with directions of this one."""
    old = [{**mark, "axes": "old"} for mark in thumbs(1)]
    turned = [{**mark, "axes": "old", "vector": "A" * AXES} for mark in thumbs(1)]
    assert ordered(script, marks=old) == ordered(script, marks=turned)


@pytest.mark.browser
def test_the_same_marks_give_the_same_order(script: Page) -> None:
    """To the last entry; what stands in Read first is left out."""
    ask = {"marks": thumbs(1), "many": MANY, "without": ["arxiv:2603.00003"]}
    assert ordered(script, **ask) == ordered(script, **ask)
    assert 3 not in [n for n, *_ in ordered(script, **ask)]


@pytest.mark.browser
def test_a_file_of_another_format_is_refused_by_name(script: Page) -> None:
    """The page says so in place of an order."""
    said = script.evaluate("(week) => { try { SundayPaper.taste(week) } catch (bad) { return bad.message } }", week() | {"format": 2})  # fmt: skip
    assert said == "the file of 2026-W10 has format 2, this script reads 1"
