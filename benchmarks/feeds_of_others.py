"""The test feeds of other programs, read as a run reads them: no crash, no hang, what differs and why.

Takes the unpacked source distribution of feedparser, of reader, or both. What their tests expect of
title, link, authors, date and summary of an entry is compared with what is made of it here; each
difference is put into a class (docs/notes/0020-feeds-of-others.md says why it is right).
Usage: feeds_of_others.py FOLDER … [--show CLASS]
"""

from __future__ import annotations

import argparse
import ast
import html
import re
import signal
import time
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from sundaypaper.errors import ParseError
from sundaypaper.models import Entry
from sundaypaper.sources.feed import ParsedFeed, dates, parse

AT = "http://127.0.0.1:8097/"
LONGEST = 10  # seconds; a document that takes longer hangs
EXPECT = re.compile(rb"Expect:\s*(.+?)\s*(?:-->|\n)", re.DOTALL)
KEYS = {"title": "title", "link": "url", "summary": "summary", "description": "summary"}
DATED = {"published_parsed", "updated_parsed", "created_parsed", "date_parsed", "modified_parsed"}
NONE = object()


@dataclass(frozen=True, slots=True)
class Difference:
    """A field of an entry, as others expect it and as it is here."""

    file: str
    field: str
    theirs: Any
    ours: Any


def main() -> None:
    """Read the folders and print what came of it."""
    arguments = argparse.ArgumentParser(description=__doc__)
    arguments.add_argument("folders", nargs="+", type=Path)
    arguments.add_argument("--show", default="", help="print the differences of this class")
    given = arguments.parse_args()
    signal.signal(signal.SIGALRM, _hangs)
    for folder in given.folders:
        _report(folder, given.show)


def _report(folder: Path, show: str) -> None:
    ends: Counter[str] = Counter()
    compared: Counter[str] = Counter()
    classes: Counter[str] = Counter()
    slowest = 0.0
    for path in sorted(p for p in folder.rglob("*") if p.is_file() and _is_document(p)):
        body = path.read_bytes()
        start = time.process_time()
        end, feed = _read(body)
        if feed and feed.dropped and not feed.entries:
            _, feed = _read(_named(body))
        slowest = max(slowest, time.process_time() - start)
        ends[end] += 1
        for field, theirs, ours in _pairs(path, body, feed):
            compared[field] += 1
            if _same(field, theirs, ours):
                continue
            difference = Difference(str(path.relative_to(folder)), field, theirs, ours)
            name = next(name for name, fits in CLASSES if fits(difference))
            classes[f"{field}: {name}"] += 1
            if show and show in f"{field}: {name}":
                print(f"{difference.file}\n  theirs {theirs!r:.300}\n  ours   {ours!r:.300}")
    print(f"{folder.name}: {sum(ends.values())} documents, the slowest {slowest:.2f} s")
    for end, count in ends.most_common():
        print(f"  {count:5} {end}")
    print(f"  {sum(compared.values())} values compared, {sum(classes.values())} differ")
    for name, count in sorted(classes.items()):
        print(f"  {count:5} {name}")
    for table in folder.rglob("runtests.py"):
        _dates(table, show)


def _is_document(path: Path) -> bool:
    return path.suffix in (".xml", ".rss", ".atom", ".json", ".gz", ".z", ".html", "") and (
        ".git" not in path.parts
    )


def _hangs(*_: object) -> None:
    raise TimeoutError


def _read(body: bytes) -> tuple[str, ParsedFeed | None]:
    """What became of a document, and what was read."""
    signal.alarm(LONGEST)
    try:
        return "read", parse(body, _content_type(body), "theirs", AT)
    except ParseError as refused:
        words = re.sub(r"[:(].*|;.*", "", str(refused)).strip()
        return f"refused: {words}", None
    except TimeoutError:
        return "HANGS", None
    except Exception as fault:
        return f"CRASH: {type(fault).__name__}: {fault}", None
    finally:
        signal.alarm(0)


def _named(body: bytes) -> bytes:
    """The same with a guid for each entry: one that nothing names is dropped here."""
    numbers = iter(range(10_000))

    def guid(match: re.Match[bytes]) -> bytes:
        name = b"id" if match[1].lower() == b"entry" else b"guid"
        return match[0] + b"<%s>n%d</%s>" % (name, next(numbers), name)

    return re.sub(rb"(?i)<(item|entry)\b[^<>]*(?<!/)>", guid, body)


def _content_type(body: bytes) -> str:
    """What their test server would say."""
    found = re.search(rb"(?i)^\s*Content-type:\s*([^\r\n]+)", body[:2_000], re.MULTILINE)
    return found[1].decode("latin-1").strip() if found else "application/xml"


def _pairs(path: Path, body: bytes, feed: ParsedFeed | None) -> Iterator[tuple[str, Any, Any]]:
    """What they expect of each field, and what there is; nothing where nothing was read."""
    entries = feed.entries if feed else ()
    expected = Path(f"{path}.py")
    stated = _of_reader(expected) if expected.is_file() else _of_feedparser(body)
    for at, field, theirs in stated:
        if feed is None:
            continue
        ours = _value(entries[at], field) if at < len(entries) else NONE
        yield field, theirs, ours


def _value(entry: Entry, field: str) -> Any:
    return {"author": entry.authors, "date": (entry.published, entry.updated)}.get(
        field, getattr(entry, field, None)
    )


def _of_feedparser(body: bytes) -> Iterator[tuple[int, str, Any]]:
    """`entries[0]['title'] == 'x'` of the comment at the beginning of a test."""
    found = EXPECT.search(body[:4_000])
    if found is None:
        return
    try:
        tree = ast.parse(found[1].decode("utf-8", "replace").strip(), mode="eval")
    except (SyntaxError, ValueError):
        return
    for node in ast.walk(tree):
        if not isinstance(node, ast.Compare) or not isinstance(node.ops[0], ast.Eq):
            continue
        field = re.fullmatch(
            r"entries\[(\d+)\](?:\.(\w+)|\[['\"](\w+)['\"]\])"
            r"(?:\.name|\[['\"]name['\"]\]|\[0\](?:\.name|\[['\"]name['\"]\]))?",
            ast.unparse(node.left),
        )
        if field is None:
            continue
        try:
            value = ast.literal_eval(node.comparators[0])
        except ValueError:
            continue
        key = field[2] or field[3]
        if key in DATED:
            yield int(field[1]), "date", _moment(value)
        elif key in ("author", "authors", "author_detail"):
            yield int(field[1]), "author", value
        elif key in KEYS:
            yield int(field[1]), KEYS[key], value


def _moment(value: Any) -> datetime | None:
    if not isinstance(value, tuple):
        return None
    year, month, day, hour, minute, second = value[:6]
    return datetime(year, month, day, hour, minute, second, tzinfo=UTC)


def _of_reader(path: Path) -> Iterator[tuple[int, str, Any]]:
    """The keywords of each EntryData in a file of expectations."""
    calls = [
        node
        for node in ast.walk(ast.parse(path.read_text()))
        if isinstance(node, ast.Call) and getattr(node.func, "id", "") == "EntryData"
    ]
    for at, call in enumerate(calls):
        for word in call.keywords:
            if word.arg in KEYS and isinstance(word.value, ast.Constant):
                yield at, KEYS[word.arg], word.value.value
            elif word.arg == "published" and isinstance(word.value, ast.Call):
                values = [n.value for n in word.value.args if isinstance(n, ast.Constant)]
                numbers = [value for value in values if isinstance(value, int)]
                yield at, "date", _moment(tuple(numbers + [0] * 6))
            elif word.arg == "authors":
                named = re.findall(r"name=(?:'([^']*)'|\"([^\"]*)\")", ast.unparse(word.value))
                yield at, "author", ", ".join(first or second for first, second in named)


def _same(field: str, theirs: Any, ours: Any) -> bool:
    if ours is NONE:
        return False
    if field == "date":
        return theirs in ours or (theirs is None and ours[0] is None)
    if field == "author":
        return theirs in (", ".join(ours), *ours)
    return _text(theirs) == _text(ours)


def _text(value: Any) -> str:
    """Without what no reader sees: tags, references, spaces."""
    text = re.sub(r"<[^<>]*>", " ", html.unescape(str(value or "")))
    return " ".join(html.unescape(text).split())


def _dates(path: Path, show: str) -> None:
    """The dates of feedparser's own table, the text beside its nine numbers."""
    compared: dict[str, datetime | None] = {}
    for node in ast.walk(ast.parse(path.read_text())):
        try:
            row = ast.literal_eval(node) if isinstance(node, ast.Tuple) else None
        except ValueError:
            continue
        if not (isinstance(row, tuple) and len(row) == 2 and isinstance(row[0], str)):
            continue
        if row[1] is None or (isinstance(row[1], tuple) and len(row[1]) == 9):
            compared[row[0]] = _moment(row[1])
    other = {text: at for text, at in compared.items() if dates.read(text) != at}
    print(f"  {len(compared)} dates compared, {len(other)} differ")
    if show and show in "date":
        for text, at in other.items():
            print(f"    {text!r}: theirs {at}, ours {dates.read(text)}")


Fits = Callable[[Difference], bool]
CLASSES: tuple[tuple[str, Fits], ...] = (
    (
        "a picture or a formula is no text",
        lambda d: bool(re.search("<(?:img|svg|math)", str(d.theirs))),
    ),
    ("no mail address in an author", lambda d: d.field == "author" and "@" in str(d.theirs)),
    ("the feed's author, where the entry has none", lambda d: d.field == "author" and not d.theirs),
    ("the first words, where there is no title", lambda d: d.field == "title" and d.theirs is None),
    (
        "an id is no web address",
        lambda d: d.field == "url" and not str(d.theirs).startswith("http"),
    ),
    ("no base but the feed's own", lambda d: d.field == "url"),
    ("the content, where there is no summary", lambda d: d.field == "summary" and d.theirs is None),
    ("markup that is broken", lambda d: d.field == "summary"),
    ("other", lambda d: True),
)

if __name__ == "__main__":
    main()
