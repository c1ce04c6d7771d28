"""The archive asked in a real browser, file by file: what Python finds, Chromium finds too."""

from __future__ import annotations

import os
import random
import re
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, Request

from browsing import served
from published import publish
from sample_issue import sample_issue
from sundaypaper.formats import archive
from sundaypaper.formats.archive import shards
from sundaypaper.formats.site.rendering import PACKAGED
from sundaypaper.models import Amendment, Issue, Pick
from sundaypaper.models import Page as File
from sundaypaper.query import card_of_pick, listed_abstract, match, parse
from test_archive_index import issue_of, pick_of_row
from test_query_js import TABLE, generated

pytestmark = pytest.mark.browser

# All that a page needs to ask; each file is loaded as from a page of the build.
BLANK = '<!doctype html><meta charset="utf-8"><title>x</title><script src="query.js"></script><script src="archive.js"></script>'
FOUND = """async (queries) => {
  const { archive } = SundayPaper;
  await archive.open(".");
  const all = [];
  for (const query of queries) {
    const { numbers, error } = await archive.find(query);
    all.push(error ?? (await archive.records(numbers)).map(({ issue, id }) => `${issue} ${id}`));
  }
  return all;
}"""
COUNT = """async (query) => {
  await SundayPaper.archive.open(".");
  return (await SundayPaper.archive.find(query)).count;
}"""
SHOWN = """async ([query, week]) => {
  await SundayPaper.archive.open(".");
  return Array.from((await SundayPaper.archive.ofWeek(query, week)).shown);
}"""

ROWS = [pick_of_row(row) for row in TABLE["entries"].values()]
SAMPLE = sample_issue(110)
OTHERS = [pick for pick in SAMPLE.entries if pick.id not in {row.id for row in ROWS}]
WEEKS = (
    issue_of("2026-W09", (*ROWS[:9], *OTHERS[:50])),
    issue_of("2026-W10", (*ROWS[9:], *OTHERS[50:])),
)


def wanted(query: str, *issues: Issue) -> list[str]:
    """What Python finds: the newest week first, in a week the highest score, ties by id."""
    asked = parse(query)
    return [
        f"{issue.week} {pick.id}"
        for issue in sorted(issues, key=lambda one: one.week, reverse=True)
        for pick in sorted(issue.entries, key=lambda one: (-one.score, one.id))
        if match(asked, card_of_pick(pick, listed_abstract(pick, issue.abstracts)))
    ]


def written(folder: Path, *segments: tuple[File, ...]) -> Path:
    """A folder with those segments and what asks them."""
    named = [archive.of_pages(pages[0].path.split("/")[1], pages) for pages in segments]
    for page in (*(page for pages in segments for page in pages), archive.manifest(named)):
        (folder / page.path).parent.mkdir(parents=True, exist_ok=True)
        (folder / page.path).write_bytes(page.body)
    for name in ("query.js", "archive.js"):
        (folder / name).write_bytes((PACKAGED / name).read_bytes())
    (folder / "blank.html").write_text(BLANK)
    return folder


def week(issue: Issue) -> tuple[File, ...]:
    """The segment of a week."""
    return archive.of_week(issue, lambda id: f"e/{id}/index.html")


def joined(*issues: Issue) -> tuple[File, ...]:
    """One segment of some weeks."""
    return archive.joined("2026-W09-10", [archive.of_pages(i.week, week(i)) for i in issues])


Asked = Callable[[Path], Page]


@pytest.fixture
def asked(browser: Browser) -> Iterator[Asked]:
    """Opens a page that can ask the archive of a folder; in the end it has not complained."""
    pages, troubles, servers = [], list[str](), []

    def opened(folder: Path) -> Page:
        servers.append(served(folder))
        pages.append(browser.new_page())
        pages[-1].on("pageerror", lambda error: troubles.append(str(error)))
        pages[-1].goto(f"{servers[-1].__enter__()}blank.html")
        return pages[-1]

    yield opened
    for page, server in zip(pages, servers, strict=True):
        page.close()
        server.__exit__(None, None, None)
    assert troubles == []


# ---------------------------------------------------------------- true answers


@pytest.mark.parametrize("made", ["apart", "joined"])
def test_generated_queries_find_what_python_finds(asked: Asked, tmp_path: Path, made: str) -> None:
    """400 queries, each field in each form, over two weeks: in a segment each, and in one."""
    segments = tuple(map(week, WEEKS)) if made == "apart" else (joined(*WEEKS),)
    queries = generated(random.Random(7), 400)
    found = asked(written(tmp_path, *segments)).evaluate(FOUND, queries)
    ours = [wanted(query, *WEEKS) for query in queries]
    wrong = [(q, o, t) for q, o, t in zip(queries, ours, found, strict=True) if o != t]
    assert wrong == []
    share = sum(map(len, ours)) / len(queries) / sum(len(issue.entries) for issue in WEEKS)
    assert 0.2 < share < 0.8, "queries that find all or nothing show little"


# Function words, frequent words and words of their own, so that a phrase goes over every kind of pair.
VOCABULARY = "of the a in language model models art state multi modal kettle kettles lamp 1".split()


def phrases(draw: random.Random, texts: list[str]) -> Iterator[str]:
    """Phrases out of texts and out of the air, of text and title, some that only begin so."""
    for _ in range(300):
        words = draw.choice(texts).split() if draw.random() < 0.6 else draw.choices(VOCABULARY, k=6)
        at = draw.randrange(len(words))
        some = " ".join(words[at : at + draw.randint(1, 5)])
        end = draw.choice(["", "", "*"])
        some = some[:-1] if end and len(some.split()[-1]) > 2 else some
        yield f'{draw.choice(["", "", "title:", "-"])}"{some}{end}"'


def test_phrases_find_what_python_finds(asked: Asked, tmp_path: Path) -> None:
    """From places alone: over function words, over two frequent words, never over the title's end."""
    draw = random.Random(11)
    texts = [" ".join(draw.choices(VOCABULARY, k=draw.randint(1, 12))) for _ in range(80)]
    picks = [
        replace(SAMPLE.entries[0], id=f"arxiv:2603.{n:05}", title=title, gist=text)
        for n, (title, text) in enumerate(zip(texts[:40], texts[40:], strict=True))
    ]
    issue = issue_of("2026-W10", picks)
    queries = list(phrases(draw, texts))
    found = asked(written(tmp_path, week(issue))).evaluate(FOUND, queries)
    ours = [wanted(query, issue) for query in queries]
    wrong = [(q, o, t) for q, o, t in zip(queries, ours, found, strict=True) if o != t]
    assert wrong == []
    assert sum(0 < len(ids) < 40 for ids in ours) > 150


def named(*names: str) -> Issue:
    """A week with an entry for each author."""
    picks = [
        replace(SAMPLE.entries[0], id=f"arxiv:2603.{n:05}", authors=(name,))
        for n, name in enumerate(names)
    ]
    return issue_of("2026-W10", picks)


def test_a_name_is_found_however_it_is_written(asked: Asked, tmp_path: Path) -> None:
    """By initials, order and hyphens as in Python; under whichever of its words it is looked for."""
    people = ("Fei-Fei Li", "Feifei Li", "F. Li", "Geoffrey E. Hinton", "G. Hinton", "Wei Li", "Wen Li", "Jean-Paul van Damme", "Jeanpaul Vandamme", "李飞飞", "OpenAI")  # fmt: skip
    issue = named(*people)
    queries = [f'author:"{name}"' for name in (*people, "Li, F.", "G. E. Hinton", "J. v. Damme", "Open AI", "Fe*", "Wei L*")]  # fmt: skip
    found = asked(written(tmp_path, week(issue))).evaluate(FOUND, queries)
    assert found == [wanted(query, issue) for query in queries]
    assert all(found)


def test_only_the_newest_form_of_an_entry_is_found_but_each_week_lists_its_own(
    asked: Asked, browser: Browser, tmp_path: Path
) -> None:
    """And what was taken out is found nowhere."""
    kettle, lamp, gone = SAMPLE.entries[:3]
    issues = (
        issue_of("2026-W09", (replace(kettle, title="An Old Kettle"), gone)),
        issue_of("2026-W10", (replace(kettle, title="A New Kettle"), lamp)),
    )
    removal = Amendment(gone.id, SAMPLE.composed, "removed", "Its authors asked for it.")
    bare = [replace(issue, sections=(), minute=(), newly_accepted=()) for issue in issues]
    folder = publish(tmp_path, *bare, amendments=(removal,))
    (folder / "blank.html").write_text(BLANK)
    page = asked(folder)
    kept = f"2026-W10 {kettle.id}"
    assert page.evaluate(FOUND, ["kettle", "old", f"id:{kettle.id}", f"id:{gone.id}"]) == [[kept], [], [kept], []]  # fmt: skip
    assert sum(page.evaluate(SHOWN, ["old kettle", "2026-W09"])) == 1
    assert sum(page.evaluate(SHOWN, ["-zebra", "2026-W09"])) == 1
    assert sum(page.evaluate(SHOWN, ["-zebra", "2026-W10"])) == 2


@pytest.mark.skipif("SUNDAYPAPER_DATA" not in os.environ, reason="needs SUNDAYPAPER_DATA")
def test_real_weeks_are_found_as_python_finds_them(asked: Asked, tmp_path: Path) -> None:
    """Queries as readers write them over a real week of the shared data."""
    issue = real_week("2026-W10")
    queries = [
        *("diffusion", '"state of the art"', '"language models" has:code', "multimodal -survey"),
        *('author:"Wei Li"', "author:zhang cat:cs.RO", "title:agents*", "quantiz*", "topic:vision"),
        *("venue:cvpr status:accepted year:2026", "since:2026-03-03 until:2026-03-04 -has:code"),
    ]
    found = asked(written(tmp_path, week(issue))).evaluate(FOUND, queries)
    assert found == [wanted(query, issue) for query in queries]
    assert all(found)


def real_week(week: str) -> Issue:
    """The papers of a real week as an issue that prints none."""
    import sys

    sys.path.insert(0, str(Path(__file__).parent.parent / "benchmarks"))
    from filter import issue_of as whole
    from filter import papers

    return whole(week, papers(week))


# ---------------------------------------------------------------- what it costs


def asks(page: Page, query: str) -> list[str]:
    """The files of the archive that a query asks for."""
    seen: list[str] = []

    def note(request: Request) -> None:
        if "/archive/" in request.url:
            seen.append(request.url.split("/archive/")[1])

    page.on("request", note)
    page.evaluate(COUNT, query)
    page.remove_listener("request", note)
    return seen


def kinds(files: list[str]) -> set[str]:
    """The letters of the files of segments: t and q for postings, p and r for places."""
    return {name.split("/")[1][0] for name in files if "/" in name and not name.endswith("head.js")}


def test_a_word_that_is_nowhere_asks_for_nothing_more(asked: Asked, tmp_path: Path) -> None:
    """Not for the places of the phrase beside it, which it asks for where the word is known."""
    folder = written(tmp_path, *map(week, WEEKS))
    alone = asks(asked(folder), "zebrafish")
    assert asks(asked(folder), 'zebrafish "flow matching"') == alone
    assert kinds(alone) == {"t"}
    assert kinds(asks(asked(folder), '"flow matching"')) == {"t", "p"}


def test_a_range_of_days_asks_only_for_the_days_within(
    asked: Asked, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Not for all since the one and all until the other; a range that is none finds nothing."""
    monkeypatch.setattr(shards, "POSTINGS", 1)  # a file for each key
    paper = next(pick for pick in SAMPLE.entries if pick.kind == "paper")
    picks = [
        replace(paper, id=f"arxiv:2603.{n:05}", published=datetime(2026, 3, n, tzinfo=UTC))
        for n in range(1, 21)
    ]
    page = asked(written(tmp_path, week(issue_of("2026-W10", picks))))
    page.evaluate("SundayPaper.archive.open('.')")
    files = asks(page, "since:2026-03-05 until:2026-03-09 since:2026-03-08")
    assert [name for name in files if not name.endswith("head.js")] == files[1:]
    assert len(files) == 3  # head.js, and a file for each of two days
    assert page.evaluate(FOUND, ["since:2026-03-08 until:2026-03-09"]) == [["2026-W10 arxiv:2603.00008", "2026-W10 arxiv:2603.00009"]]  # fmt: skip
    assert page.evaluate(FOUND, ["since:2026-03-09 until:2026-03-08"]) == [[]]
    assert len(page.evaluate(FOUND, ["until:2026-03-09 -since:2026-03-08"])[0]) == 7


def test_a_week_without_entries_answers_with_none(asked: Asked, tmp_path: Path) -> None:
    """Words and phrases alike; the weeks beside it are found."""
    empty = week(issue_of("2026-W11", ()))
    page = asked(written(tmp_path, week(WEEKS[1]), empty))
    queries = ["learning", '"flow matching"', "-learning"]
    assert page.evaluate(FOUND, queries) == [wanted(query, WEEKS[1]) for query in queries]
    parts = [archive.of_pages("2026-W10", week(WEEKS[1])), archive.of_pages("2026-W11", empty)]
    assert "archive/both/t0.js" in [one.path for one in archive.joined("both", parts)]


def test_a_file_is_asked_for_once(asked: Asked, tmp_path: Path) -> None:
    """A second query of the same words loads nothing."""
    page = asked(written(tmp_path, *map(week, WEEKS)))
    assert asks(page, "learning has:code")
    assert asks(page, "learning -has:code") == []


@pytest.mark.parametrize(
    ("query", "seen"),
    [("kind:paper", [10, ["05"]]), ("id:2601.*", None), ("-id:2605.*", [30, ["05", "04", "03", "02"]])],
)  # fmt: skip
def test_the_newest_weeks_answer_before_the_older_ones_are_asked(asked: Asked, tmp_path: Path, query: str, seen: object) -> None:  # fmt: skip
    """One, then three, then all: what fills a page is handed over, and nothing older was loaded yet."""
    page = asked(
        written(tmp_path, *(week(issue_of(f"2026-W{n:02}", fresh(n))) for n in range(1, 6)))
    )
    loaded: list[str] = []
    page.on("request", lambda request: loaded.extend(re.findall(r"2026-W(\d\d)/head", request.url)))
    page.expose_function("loaded", lambda: loaded)
    early = page.evaluate(
        """async (query) => {
          await SundayPaper.archive.open(".");
          let early = null;
          const show = async (numbers) => { early = [numbers.length, [...await window.loaded()]]; };
          await SundayPaper.archive.find(query, { show });
          return early;
        }""",
        query,
    )
    assert early == seen
    assert sorted(loaded) == ["01", "02", "03", "04", "05"]


def fresh(week: int) -> list[Pick]:
    """Ten papers of a week."""
    paper = next(pick for pick in SAMPLE.entries if pick.kind == "paper")
    return [replace(paper, id=f"arxiv:26{week:02}.{n:05}") for n in range(10)]


def test_by_score_the_best_of_all_weeks_come_first(asked: Asked, tmp_path: Path) -> None:
    """To the thousandth, over segments; what is equal stays with the newest first."""
    scores = {"2026-W09": (0.9, 0.2, 0.5), "2026-W10": (0.7, 0.5, -0.1)}
    issues = [
        issue_of(week, [replace(SAMPLE.entries[0], id=f"arxiv:{week}.{n}", score=score) for n, score in enumerate(of)])
        for week, of in scores.items()
    ]  # fmt: skip
    page = asked(written(tmp_path, *map(week, issues)))
    found = page.evaluate(
        """async () => {
          await SundayPaper.archive.open(".");
          const { numbers } = await SundayPaper.archive.find("kind:paper", { order: "score" });
          return (await SundayPaper.archive.records(numbers)).map((one) => one.id);
        }"""
    )
    assert found == [f"arxiv:{at}" for at in ("2026-W09.0", "2026-W10.0", "2026-W10.1", "2026-W09.2", "2026-W09.1", "2026-W10.2")]  # fmt: skip


def test_other_spellings_are_words_that_are_there(asked: Asked, tmp_path: Path) -> None:
    """One letter too few, two swapped; a word that is known has none, nor has nonsense."""
    issue = issue_of(
        "2026-W10", [replace(SAMPLE.entries[0], title="Diffusion of Teapots", gist="")]
    )
    page = asked(written(tmp_path, week(issue)))
    page.evaluate(FOUND, ["x"])
    near = "(word) => SundayPaper.archive.near(word)"
    assert page.evaluate(near, "difusion") == ["diffusion"]
    assert page.evaluate(near, "diffuison") == ["diffusion"]
    assert page.evaluate(near, "teapot") == ["teapots"]
    assert page.evaluate(near, "teapots") == page.evaluate(near, "dozen") == []


def test_a_build_that_was_swapped_in_meanwhile_is_found_out(asked: Asked, tmp_path: Path) -> None:
    """The list of segments names one that is gone: it is loaded again, and the new one answers."""
    folder = written(tmp_path, week(WEEKS[0]))
    page = asked(folder)
    page.evaluate("SundayPaper.archive.open('.')")
    (folder / "archive" / "2026-W09").rename(folder / "archive" / "gone")
    written(folder, week(WEEKS[1]))
    assert page.evaluate(FOUND, ["kind:paper"]) == [wanted("kind:paper", WEEKS[1])]
