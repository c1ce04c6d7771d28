"""Lists to take along: what Python and the browser write, and that whoever reads it loses nothing."""

from __future__ import annotations

import csv
import io
import json
import re
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from markdown_it import MarkdownIt
from playwright.sync_api import Browser

from effort import examples
from sample_issue import paper, post
from sundaypaper.formats.archive.records import FIELDS, record
from sundaypaper.formats.references import FORMATS, Names, Reference, person, reference
from sundaypaper.formats.references.lists import guarded
from sundaypaper.formats.site.rendering import PACKAGED
from sundaypaper.models import Claim
from sundaypaper.text import clean

TABLE = json.loads((Path(__file__).parent / "references.json").read_text(encoding="utf-8"))
NAMES = Names(TABLE["names"]["venues"], TABLE["names"]["topics"])


def claim_of(values: list[Any]) -> Claim:
    """A claim as a record holds it; the name of a venue that no table knows stands last."""
    venue, year, track, status, presentation, *written = values
    return Claim(venue, year, track, status, presentation, *written)


def reference_of(record: dict[str, Any]) -> Reference:
    """The reference that a record of the table stands for."""
    lists = {name: tuple(record[name]) for name in ("authors", "topics")}
    claims = tuple(claim_of(values) for values in record["claims"])
    return Reference(**(record | lists | {"claims": claims}))


REFERENCES = [reference_of(record) for record in TABLE["records"]]


@pytest.mark.parametrize("format", FORMATS)
def test_each_format_writes_what_the_table_says(format: str) -> None:
    """Titles with formulas and braces, groups, no authors, 2,990 more, no dates, old ids, one key twice."""
    assert FORMATS[format](REFERENCES, NAMES).split("\n") == TABLE["texts"][format]


@pytest.mark.browser
def test_the_browser_writes_the_same(browser: Browser) -> None:
    """Each format of the same table, in Chromium."""
    page = browser.new_page()
    for script in ("query.js", "take.js"):
        page.add_script_tag(path=PACKAGED / script)
    for format, lines in TABLE["texts"].items():
        asked = [format, TABLE["records"], TABLE["names"]]
        text = page.evaluate("([format, ...of]) => SundayPaper.take.text(format, ...of)", asked)
        assert text.split("\n") == lines
    assert page.evaluate("SundayPaper.take.formats") == list(FORMATS)
    page.close()


@pytest.mark.browser
def test_the_browser_makes_do_with_what_a_list_knows(browser: Browser) -> None:
    """Without what only newer records hold; what is no address of the web is none."""
    page = browser.new_page()
    for script in ("query.js", "take.js"):
        page.add_script_tag(path=PACKAGED / script)
    record = {"id": "arxiv:2603.00001", "title": "50% of $x", "authors": ["A B"], "day": "2026-03-05"}  # fmt: skip
    record |= {"url": "javascript:alert(1)", "categories": ["cs.LG", "cs.CV"]}
    text = page.evaluate("(record) => SundayPaper.take.text('bibtex', [record])", record)
    assert r"title = {{50\% of \$x}}" in text
    assert "year = {2026}" in text
    assert "primaryClass = {cs.LG}" in text
    assert "javascript" not in text
    monday = {"day": "2026-03-02"}  # where a list puts what is undated
    undated = record | monday | {"id": "post:0123456789abcdef", "kind": "post"}
    assert "year" not in page.evaluate("(r) => SundayPaper.take.text('bibtex', [r])", undated)
    page.close()


@pytest.mark.browser
def test_a_record_of_the_archive_gives_the_reference_of_its_entry(browser: Browser) -> None:
    """Undated, of a post, with a formula, many authors, a venue that no table knows, no address."""
    base = paper(1)
    own = Claim(
        "other:small models day", 2026, "workshop", "accepted", None, "Small Models Day 2026"
    )
    picks = (
        replace(base, title=r"$O(n^2)$ and G\"odel", claims=(*base.claims, own)),
        replace(base, more_authors=7, url=""),
        replace(base, id="doi:10.1000/x", published=None, url="javascript:alert(1)"),
        post(1, "A post of a Monday", "Notes & more"),
        replace(post(2, "An undated one", "Notes"), published=None),
    )
    records = [dict(zip(FIELDS, record(pick, ""), strict=True)) for pick in picks]
    page = browser.new_page()
    for script in ("query.js", "take.js"):
        page.add_script_tag(path=PACKAGED / script)
    for format, write in FORMATS.items():
        asked = [format, records, TABLE["names"]]
        text = page.evaluate("([format, ...of]) => SundayPaper.take.text(format, ...of)", asked)
        assert text == write(map(reference, picks), NAMES)
    page.close()


@pytest.mark.parametrize(
    ("name", "parts"),
    [
        ("Ludwig van Beethoven", ("van Beethoven", "Ludwig", "")),
        ("Maria de la Cruz Garcia", ("Garcia", "Maria de la Cruz", "")),
        ("Ana Maria de la Cruz", ("de la Cruz", "Ana Maria", "")),
        ("anna lopez", ("lopez", "anna", "")),
        ("John Q. Smith Jr.", ("Smith", "John Q.", "Jr.")),
        ("Madonna", ("Madonna", "", "")),
        ("Alzheimer's Disease Neuroimaging Initiative", ("Alzheimer's Disease Neuroimaging Initiative", "", "")),
        ("MiroMind Team", ("MiroMind Team", "", "")),
        ("Li, Fei-Fei", ("Li, Fei-Fei", "", "")),
        ("王 伟", ("伟", "王", "")),
    ],
)  # fmt: skip
def test_a_name_is_taken_apart_where_a_family_name_begins(
    name: str, parts: tuple[str, str, str]
) -> None:
    """What begins in lower case belongs to the last word; a group has no family name."""
    assert person(name) == parts


def test_an_entry_without_a_date_is_given_none() -> None:
    """The Monday of its week, by which lists order it, is no date of publication."""
    undated = reference(replace(paper(1), published=None))
    assert undated.published == ""
    assert "year" not in FORMATS["bibtex"]([undated], NAMES)
    dated = reference(replace(paper(1), published=datetime(2026, 3, 5, 23, tzinfo=UTC)))
    assert dated.published == "2026-03-05"


CELLS = ["=1+1", "+1", "-1", "@x", "\tx", "\rx", "＝1", "'=1", "''@x"]


@pytest.mark.parametrize("cell", CELLS)
def test_no_cell_is_a_formula_and_each_comes_back(cell: str) -> None:
    """A guard stands before what a spreadsheet would run, and before what would look like a guard."""
    written = guarded(cell)
    assert written == f"'{cell}"
    assert guarded("it's = fine") == "it's = fine"
    of = replace(REFERENCES[0], title=cell)
    rows = list(csv.reader(io.StringIO(FORMATS["csv"]([of], NAMES), newline="")))
    assert rows[1][1] == written


def test_a_value_of_ris_is_one_line() -> None:
    """A break in what a bundle calls a source begins no field."""
    of = replace(REFERENCES[2], source="Blog\r\nER  - \r\nTY  - JOUR")
    lines = FORMATS["ris"]([of], NAMES).split("\r\n")
    assert "T2  - Blog ER - TY - JOUR" in lines
    assert lines.count("ER  - ") == 1


TRICKY = st.text(alphabet="aB1 .,;:\"'`$%&#_^~\\{}()[]<>|=-+@é‘”\n\r\t", max_size=30)


@examples(150)
@given(st.lists(st.tuples(TRICKY, TRICKY), min_size=1, max_size=3))
def test_generated_titles_and_names_stay_in_their_fields(drawn: list[tuple[str, str]]) -> None:
    """No title or name begins a field, an entry, a row or a line of its own in any format."""
    each = [
        reference(replace(paper(n), title=f"T{title}", authors=(f"N{name}",)))
        for n, (title, name) in enumerate(drawn)
    ]
    ris = FORMATS["ris"](each, NAMES)
    assert [line[:6] for line in ris.split("\r\n")].count("TY  - ") == len(each)
    assert ris.count("\n") == ris.count("\r\n")
    assert [item["title"] for item in json.loads(FORMATS["csl-json"](each, NAMES))] == [
        of.title for of in each
    ]
    rows = list(csv.reader(io.StringIO(FORMATS["csv"](each, NAMES), newline="")))
    assert [row[1] for row in rows[1:]] == [of.title for of in each]
    assert {len(row) for row in rows} == {12}
    bibtex = FORMATS["bibtex"](each, NAMES)
    assert len(re.findall("(?m)^@misc{", bibtex)) == len(each)
    assert bibtex.count("{") == bibtex.count("}")
    said = MarkdownIt("commonmark").parse(FORMATS["markdown"](each, NAMES))
    links = [part for block in said for part in block.children or () if part.type == "link_open"]
    assert [link.attrs["href"] for link in links] == [of.url for of in each]
    assert all(of.title == clean(of.title) for of in each)
