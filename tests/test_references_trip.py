"""Round trips of references through the libraries that others read them with: nothing is lost."""

from __future__ import annotations

import csv
import gzip
import io
import json
import os
import re
from dataclasses import replace
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest
import rispy
from markdown_it import MarkdownIt
from pybtex.database import Person, parse_string

from sample_issue import paper
from sundaypaper.formats.mathematics import plain
from sundaypaper.formats.references import FORMATS, Reference, reference
from test_references import NAMES, REFERENCES

WEEKS = ("2026-W10", "2026-W11", "2026-W12")
THOUSANDS = Reference(
    id="arxiv:2603.00009",
    kind="paper",
    title="Observation of a Very Rare Decay",
    source="arXiv",
    authors=tuple(f"Given{n} van der Family{n}" for n in range(3000)),
    published="2026-03-05",
    url="https://arxiv.org/abs/2603.00009",
)
OWN = [*REFERENCES, THOUSANDS]
SIGNS = {"textbackslash": "\\", "textasciicircum": "^", "textasciitilde": "~", "textbraceleft": "{", "textbraceright": "}"}  # fmt: skip


def real_weeks() -> list[Reference]:
    """The papers of three real weeks, as arXiv gave them."""
    folder = Path(os.environ["SUNDAYPAPER_DATA"]) / "weeks"
    rows: list[dict[str, Any]] = []
    for week in WEEKS:
        with gzip.open(folder / f"{week}.jsonl.gz", "rt", encoding="utf-8") as lines:
            rows += map(json.loads, lines)
    return [_recorded(row) for row in rows]


def _recorded(row: dict[str, Any]) -> Reference:
    return reference(
        replace(
            paper(1),
            id=f"arxiv:{row['id']}",
            title=row["title"],
            authors=tuple(row["authors"]),
            published=datetime.fromisoformat(row["published"]),
            categories=tuple(row["categories"]),
            url=f"https://arxiv.org/abs/{row['id']}",
        )
    )


@pytest.fixture(params=["own", pytest.param("real", marks=pytest.mark.data)])
def references(request: pytest.FixtureRequest) -> list[Reference]:
    """Hostile references of our own, and the real ones where they are at hand."""
    if request.param == "own":
        return OWN
    if "SUNDAYPAPER_DATA" not in os.environ:
        pytest.skip("SUNDAYPAPER_DATA does not name the folder of the weeks")
    return real_weeks()


def from_tex(text: str) -> str:
    """What TeX prints of a text, braces and formulas as they are written."""
    text = re.sub(r"\{\\(text\w+)\}", lambda sign: SIGNS[sign[1]], text)
    return re.sub(r"\\([$&%#_])", r"\1", text)


def printed(person: Person) -> str:
    """A name as BibTeX has taken it apart, put together again."""
    parts = [person.first_names, person.middle_names, person.prelast_names]
    words = " ".join(word for part in (*parts, person.last_names, person.lineage_names) for word in part)  # fmt: skip
    return from_tex(words[1:-1] if re.fullmatch(r"\{[^{}]*\}", words) else words)


def test_bibtex_comes_back_whole(references: list[Reference]) -> None:
    """Every title, author, date, number and address, as pybtex reads them; each key once."""
    found = parse_string(FORMATS["bibtex"](references, NAMES), "bibtex").entries
    assert len(found) == len(references)
    for of, entry in zip(references, found.values(), strict=True):
        title = entry.fields["title"][1:-1]
        assert title == of.tex if of.tex else from_tex(title) == of.title
        assert plain(from_tex(title)) == plain(of.title)
        people = [printed(person) for person in entry.persons.get("author", [])]
        assert people == [*of.authors, *(["others"] if of.authors and of.more else [])]
        day = [entry.fields.get(part, "") for part in ("year", "month", "day")]
        assert day == (_day(of.published) if of.published else ["", "", ""])
        assert entry.fields.get("url", "") == of.url
        assert entry.fields.get("eprint", "") == of.arxiv
        assert from_tex(entry.fields.get("primaryClass", "")) == of.category


def _day(published: str) -> list[str]:
    stated = datetime.fromisoformat(published)
    return [str(stated.year), f"{stated:%B}", str(stated.day)]


def test_ris_comes_back_whole(references: list[Reference]) -> None:
    """The same, as rispy reads it; names by family and given name."""
    found = rispy.loads(FORMATS["ris"](references, NAMES))
    assert len(found) == len(references)
    for of, entry in zip(references, found, strict=True):
        assert entry["title"] == of.title
        assert [_natural(name) for name in entry.get("authors", [])] == list(of.authors)
        assert entry.get("date", "").replace("/", "-") == of.published
        assert entry.get("doi", "") == of.doi
        assert entry.get("urls", []) == ([of.url.replace(";", "%3B")] if of.url else [])


def _natural(name: str) -> str:
    """`Smith, John, Jr.` as he signs it."""
    family, *rest = name.split(", ")
    return " ".join([*rest[:1], family, *rest[1:]])


def test_csl_csv_and_markdown_come_back_whole(references: list[Reference]) -> None:
    """Title, authors, day and address of each, by a JSON, a CSV and a CommonMark reader."""
    items = json.loads(FORMATS["csl-json"](references, NAMES))
    rows = list(csv.DictReader(io.StringIO(FORMATS["csv"](references, NAMES), newline="")))
    lines = _list_items(FORMATS["markdown"](references, NAMES))
    assert len(items) == len(rows) == len(lines) == len(references)
    for of, item, row, line in zip(references, items, rows, lines, strict=True):
        assert item["title"] == of.title
        assert [_csl_name(name) for name in item.get("author", [])] == list(of.authors)
        assert item.get("issued", {}).get("date-parts", [[]])[0] == [int(part) for part in of.published.split("-") if part]  # fmt: skip
        assert _bare(row["title"]) == of.title
        assert _bare(row["authors"]) == "; ".join(of.authors)
        assert (row["id"], row["published"], row["url"]) == (of.id, of.published, of.url)
        assert line.startswith(of.title)


def _csl_name(name: dict[str, str]) -> str:
    parts = (name.get("given"), name.get("family"), name.get("suffix"), name.get("literal"))
    return " ".join(filter(None, parts))


def _bare(cell: str) -> str:
    """A cell without the guard before what a spreadsheet would run."""
    return cell[1:] if re.match(r"'+[=+\-@\t\r＝＋－＠]", cell) else cell


def _list_items(text: str) -> list[str]:
    """The words of each item of a list."""
    blocks = MarkdownIt("commonmark").parse(text)
    return [
        "".join(part.content for part in block.children or ())
        for block in blocks
        if block.type == "inline"
    ]
