"""names.js: the names of venues and topics, by which take.js says what a record names by key."""

from __future__ import annotations

import json

from sundaypaper.formats.references.record import Names
from sundaypaper.formats.view import encode
from sundaypaper.models import Page


def names_page(names: Names) -> Page:
    """A classic script, since a page opened from a disk may load no JSON."""
    by_key = {"venues": dict(names.venues), "topics": dict(names.topics)}
    text = json.dumps(by_key, ensure_ascii=False, separators=(",", ":"))
    for sign in "<\u2028\u2029":
        text = text.replace(sign, f"\\u{ord(sign):04x}")
    return Page("names.js", encode(f"(globalThis.SundayPaper ??= {{}}).names = {text};\n"))
