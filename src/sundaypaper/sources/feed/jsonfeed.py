"""Parser of JSON Feed 1.0 and 1.1: bytes to the fields that all feed formats share. Pure."""

from __future__ import annotations

import json
from typing import Any

from sundaypaper.errors import ParseError
from sundaypaper.sources.feed.raw import FIND, RawEntry, RawFeed, Written

MOST_ITEMS = 20_000


def read(body: bytes) -> RawFeed:
    """The feed as written; ParseError when it is not a JSON Feed."""
    try:
        document = json.loads(body.decode("utf-8-sig", "replace"), strict=False)
    except (ValueError, RecursionError) as e:
        raise ParseError(f"not JSON ({str(e)[:100]})") from e
    if not isinstance(document, dict) or not isinstance(document.get("items"), list):
        raise ParseError(f"JSON, but not a JSON Feed (it has no list of items); {FIND}")
    if "jsonfeed.org/version/" not in _text(document.get("version")):
        raise ParseError(f"JSON, but not a JSON Feed (its version does not say so); {FIND}")
    items = [item for item in document["items"] if isinstance(item, dict)]
    if len(items) > MOST_ITEMS:
        raise ParseError(f"more than {MOST_ITEMS:,} items, more than any feed has")
    return RawFeed(
        title=Written(_text(document.get("title")), "text"),
        link=_text(document.get("home_page_url")),
        entries=tuple(map(_entry, items)),
        authors=_authors(document),
        language=_text(document.get("language")),
        by_home=True,
    )


def _entry(item: dict[str, Any]) -> RawEntry:
    body, words = _text(item.get("content_html")), _text(item.get("content_text"))
    external = _text(item.get("external_url"))
    return RawEntry(
        guid=_text(item.get("id")),
        link=_text(item.get("url")) or external,
        title=Written(_text(item.get("title")), "text"),
        summary=Written(_text(item.get("summary")), "text"),
        content=Written(body, "html") if body else Written(words, "text"),
        authors=_authors(item),
        published=_text(item.get("date_published")),
        updated=_text(item.get("date_modified")),
        more=(external,) if external else (),
    )


def _authors(item: dict[str, Any]) -> tuple[str, ...]:
    listed = item.get("authors")
    people = listed if isinstance(listed, list) and listed else [item.get("author")]
    names = (p.get("name") if isinstance(p, dict) else p for p in people)
    return tuple(filter(None, map(_text, names)))


def _text(value: object) -> str:
    """A string or a number as text without lone surrogates, all else as ""."""
    if isinstance(value, bool) or not isinstance(value, str | int | float):
        return ""
    return str(value).encode("utf-8", "ignore").decode()
