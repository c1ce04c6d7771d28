"""The names that a query in the browser may ask for: `vocabulary.js`.

A classic script, as the indexes are. It sets SundayPaper.vocabulary to {values, aliases}, by field
lists of pairs, as query.js reads them.
"""

from __future__ import annotations

import json

from sundaypaper.formats.index import ESCAPES
from sundaypaper.formats.view import encode
from sundaypaper.models import Page
from sundaypaper.query import Vocabulary


def vocabulary_page(vocabulary: Vocabulary) -> Page:
    """The vocabulary as compact JSON in one assignment; same names, same bytes."""
    lists = {
        kind: {field: list(names.items()) for field, names in named.items()}
        for kind, named in (("values", vocabulary.values), ("aliases", vocabulary.aliases))
    }
    text = json.dumps(lists, ensure_ascii=False, separators=(",", ":"))
    for character, escape in ESCAPES.items():
        text = text.replace(character, escape)
    script = f"(globalThis.SundayPaper ??= {{}}).vocabulary = {text};\n"
    return Page("vocabulary.js", encode(script))
