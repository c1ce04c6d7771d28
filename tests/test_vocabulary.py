"""One vocabulary: what the nouns, the filter language, the pages' script and the ranking know."""

from __future__ import annotations

import re
from pathlib import Path
from typing import get_args

from sundaypaper.interest.rules import RULES
from sundaypaper.issue.section_table import SECTIONS, SectionId
from sundaypaper.models import (
    EvidenceKind,
    Kind,
    Presentation,
    Ring,
    Status,
    Track,
)
from sundaypaper.query.exact import CHOICES
from sundaypaper.wording.claims import PRESENTED, TRACKS, VERBS

SCRIPT = Path(__file__).parents[1] / "templates" / "query.js"
WORDS = {
    "track": get_args(Track),
    "status": get_args(Status),
    "presentation": get_args(Presentation),
    "ring": get_args(Ring),
    "kind": get_args(Kind),
    "has": get_args(EvidenceKind),
}


def test_the_filter_language_offers_the_words_of_the_nouns() -> None:
    """A word that is added to a noun is a choice of its field, in the same order."""
    assert CHOICES == WORDS


def test_the_script_of_the_pages_offers_the_same_words() -> None:
    """query.js repeats the table, since it asks no server."""
    table = re.search(r"CHOICES = \{(.*?)\n  \};", SCRIPT.read_text(), re.DOTALL)
    assert table is not None
    rows = re.findall(r"(\w+): \[([^\]]*)\]", table[1])
    assert {name: tuple(re.findall(r'"(\w+)"', words)) for name, words in rows} == WORDS


def test_the_ranking_weighs_words_that_there_are() -> None:
    """A weight of a track or presentation that no claim can have would count for nothing."""
    weighed = {
        word: {name.partition(".")[2] for name in RULES if name.startswith(f"{word}.")}
        for word in ("track", "presentation", "status", "ring")
    }
    assert all(weighed[word] <= set(WORDS[word]) for word in weighed)


def test_every_word_of_a_claim_can_be_said() -> None:
    """A track that is no venue itself, each presentation and each status has its words."""
    assert set(TRACKS) == set(get_args(Track)) - {"main", "journal"}
    assert set(PRESENTED) == set(get_args(Presentation))
    assert set(VERBS) == set(get_args(Status))


def test_every_section_has_one_row() -> None:
    """The ids of the table are those that the type names, each once, and each chooses in its turn."""
    assert tuple(kind.id for kind in SECTIONS) == get_args(SectionId)
    assert sorted(kind.turn for kind in SECTIONS) == list(range(1, len(SECTIONS) + 1))
