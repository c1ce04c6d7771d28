"""Lists of references to take along: RIS, CSL-JSON, CSV and Markdown; take.js writes the same."""

from __future__ import annotations

import csv
import io
import json
import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from types import MappingProxyType

from sundaypaper import markdown
from sundaypaper.formats.references.bibtex import bibtex_list
from sundaypaper.formats.references.record import Names, Reference, keys, notes, person, said
from sundaypaper.wording.people import people_words

COLUMNS = (
    *("id", "title", "authors", "more_authors", "published", "week", "kind", "source"),
    *("category", "claims", "topics", "url"),
)
# What a spreadsheet may run, and what the guard itself looks like, so that it can be taken off again.
FORMULA = re.compile(r"'*[=+\-@\t\r\uff1d\uff0b\uff0d\uff20]")
RIS_TYPES = {"post": "BLOG", "course": "ELEC", "event": "ELEC"}
CSL_TYPES = {"paper": "article", "post": "post-weblog"}


def ris_list(references: Iterable[Reference], names: Names) -> str:
    """RIS: lines end as that format wants, a preprint is unpublished work."""
    each = tuple(references)
    entries = (_ris(of, key, names) for of, key in zip(each, keys(each), strict=True))
    # A value is one line, whatever it holds: else it could begin a field of its own.
    return "".join(
        f"{tag}  - {' '.join(value.split())}\r\n" for entry in entries for tag, value in entry
    )


def _ris(of: Reference, key: str, names: Names) -> Iterator[tuple[str, str]]:
    yield "TY", RIS_TYPES.get(of.kind, "UNPB" if of.arxiv else "GEN")
    yield "ID", key
    yield "TI", of.title
    for name in map(person, of.authors):
        yield "AU", ", ".join(filter(None, name))
    if of.kind != "paper" and of.source:
        yield "T2", of.source
    if of.published:
        yield "PY", of.published[:4]
        yield "DA", of.published.replace("-", "/")
    if of.arxiv:
        yield "PB", "arXiv"
        yield "AN", f"arXiv:{of.arxiv}"
    if of.doi:
        yield "DO", of.doi
    for note in notes(of, names):
        yield "N1", note
    if of.url:
        yield "UR", of.url.replace(";", "%3B")  # which parts addresses there
    yield "ER", ""


def csl_list(references: Iterable[Reference], names: Names) -> str:
    """CSL-JSON, an object each."""
    each = tuple(references)
    items = [_csl(of, key, names) for of, key in zip(each, keys(each), strict=True)]
    return json.dumps(items, ensure_ascii=False, indent=2) + "\n"


def _csl(of: Reference, key: str, names: Names) -> dict[str, object]:
    item: dict[str, object] = {"id": key, "type": CSL_TYPES.get(of.kind, "webpage")}
    item["title"] = of.title
    if of.authors:
        item["author"] = [_csl_name(name) for name in of.authors]
    if of.published:
        item["issued"] = {"date-parts": [[int(part) for part in of.published.split("-")]]}
    if of.kind != "paper" and of.source:
        item["container-title"] = of.source
    if of.arxiv:
        item |= {"publisher": "arXiv", "number": f"arXiv:{of.arxiv}"}
    if of.doi:
        item["DOI"] = of.doi
    if told := notes(of, names):
        item["note"] = ". ".join(told)
    if of.url:
        item["URL"] = of.url
    return item


def _csl_name(name: str) -> dict[str, str]:
    parts = person(name)
    if not parts.given:
        return {"literal": parts.family}
    suffix = {"suffix": parts.suffix} if parts.suffix else {}
    return {"family": parts.family, "given": parts.given} | suffix


def csv_list(references: Iterable[Reference], names: Names) -> str:
    """CSV after RFC 4180 with a line of names; no cell of it is a formula to a spreadsheet."""
    out = io.StringIO()
    rows = csv.writer(out, quoting=csv.QUOTE_ALL, lineterminator="\r\n")
    rows.writerow(COLUMNS)
    rows.writerows(map(guarded, _cells(of, names)) for of in references)
    return out.getvalue()


def _cells(of: Reference, names: Names) -> tuple[str, ...]:
    return (
        *(of.id, of.title, "; ".join(of.authors), str(of.more), of.published, of.week, of.kind),
        *(of.source, of.category, "; ".join(said(of, names))),
        *("; ".join(names.topics.get(topic, topic) for topic in of.topics), of.url),
    )


def guarded(cell: str) -> str:
    """A cell with an apostrophe before it where a spreadsheet would run it."""
    return f"'{cell}" if FORMULA.match(cell) else cell


def markdown_list(references: Iterable[Reference], names: Names) -> str:
    """A list of CommonMark, a line each, that says exactly what the entries say."""
    return "".join(f"- {_markdown_line(of, names)}\n" for of in references)


def _markdown_line(of: Reference, names: Names) -> str:
    claims = said(of, names)
    beside = (
        people_words(of.authors, of.more) or of.source,
        of.published,
        f"the authors say: {'; '.join(claims)}" if claims else "",
    )
    told = (markdown.escaped(text) for text in beside if text)
    return " · ".join((markdown.link(of.title, of.url), *told))


FORMATS: Mapping[str, Callable[[Iterable[Reference], Names], str]] = MappingProxyType(
    {
        "bibtex": bibtex_list,
        "ris": ris_list,
        "csl-json": csl_list,
        "csv": csv_list,
        "markdown": markdown_list,
    }
)
