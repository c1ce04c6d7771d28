"""`sundaypaper tag`: papers as JSON lines in, their topics, claims and gist as JSON lines out."""

from __future__ import annotations

import json
from collections.abc import Iterable
from datetime import UTC, date, datetime
from typing import Any, TextIO

from sundaypaper.config import Config, default_config
from sundaypaper.models import Entry, Kind, Tagged
from sundaypaper.pipeline.reading import EntryReader
from sundaypaper.text import clean


class BadLine(ValueError):
    """Raised for a line that is not a paper; its text says what was expected."""


def run(config: Config | None, lines: Iterable[bytes], out: TextIO) -> int:
    """Tag line by line; 1 where a line was bad, else 0."""
    reader = EntryReader(config or default_config())
    status = 0
    for number, line in enumerate(lines, 1):
        if not line.strip():
            continue
        try:
            answer = _answer(reader, line)
        except BadLine as bad:
            answer, status = {"error": str(bad), "line": number}, 1
        out.write(json.dumps(answer, ensure_ascii=False) + "\n")
    out.flush()
    return status


def _answer(reader: EntryReader, line: bytes) -> dict[str, Any]:
    data = _read(line)
    entry, listed = _entry(data)
    tagged = reader.tag(entry, listed)
    return {"id": _text(data, "id") or None, **_labels(tagged)}


def _labels(tagged: Tagged) -> dict[str, Any]:
    return {
        "topics": [tag.topic for tag in tagged.tags],
        "claims": [
            {
                "venue": c.venue,
                "year": c.year,
                "track": c.track,
                "status": c.status,
                "presentation": c.presentation,
                "span": c.span,
            }
            for c in tagged.claims
        ],
        "reasons": {tag.topic: tag.reason for tag in tagged.tags},
        "scores": {tag.topic: round(tag.score, 4) for tag in tagged.tags},
        "evidence": [{"kind": e.kind, "span": e.span} for e in tagged.evidence],
        "gist": tagged.gist,
    }


def _read(line: bytes) -> dict[str, Any]:
    try:
        data = json.loads(line.decode("utf-8"))
    except UnicodeDecodeError as bad:
        raise BadLine(f"not UTF-8 at byte {bad.start}") from None
    except json.JSONDecodeError as bad:
        raise BadLine(f"not JSON: {bad.msg} at column {bad.colno}") from None
    except (ValueError, RecursionError) as bad:
        raise BadLine(f"not JSON that can be read: {type(bad).__name__}") from None
    if not isinstance(data, dict):
        raise BadLine('expected an object such as {"title": "…"}')
    return data


def _entry(data: dict[str, Any]) -> tuple[Entry, date | None]:
    title = _text(data, "title")
    if not title:
        raise BadLine("title: is missing or empty")
    published = _moment(data, "published")
    listed = _moment(data, "listed")
    id = _text(data, "id", "arxiv")
    kind: Kind = "paper"
    if data.get("kind") in ("post", "course", "event"):
        kind = data["kind"]
    entry = Entry(
        id=id if ":" in id else f"arxiv:{id}",
        kind=kind,
        source="",
        url=_text(data, "url"),
        title=title,
        summary=_text(data, "summary", "abstract"),
        authors=_texts(data, "authors"),
        published=published or listed,
        categories=_texts(data, "categories"),
        comment=_text(data, "comment", "comments"),
        journal_ref=_text(data, "journal_ref", "journal-ref"),
    )
    moment = listed or published
    return entry, moment.date() if moment else None


def _text(data: dict[str, Any], *keys: str) -> str:
    """The first non-empty text of some keys; arXiv's own dumps write comments, journal-ref."""
    for key in keys:
        value = data.get(key)
        if isinstance(value, int) and key == "id":
            value = str(value)
        if value is None:
            continue
        if not isinstance(value, str):
            raise BadLine(f"{key}: expected text, found {type(value).__name__}")
        if text := clean(value):
            return text
    return ""


def _texts(data: dict[str, Any], key: str) -> tuple[str, ...]:
    value = data.get(key)
    if value is None:
        return ()
    if isinstance(value, str):
        parts = value.replace(",", " ").split() if key == "categories" else value.split(",")
        return tuple(text for part in parts if (text := clean(part)))
    if not isinstance(value, list) or not all(isinstance(v, str) for v in value):
        raise BadLine(f"{key}: expected a list of texts")
    return tuple(clean(v) for v in value)


def _moment(data: dict[str, Any], key: str) -> datetime | None:
    text = _text(data, key)
    if not text:
        return None
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        raise BadLine(f"{key}: {text[:40]!r} is not a date such as 2026-03-08") from None
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)
