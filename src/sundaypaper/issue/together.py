"""Papers of the week that belong together: of high interest, with a rare phrase of their titles."""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from sundaypaper.issue.prepared import Prepared
from sundaypaper.issue.section_kinds import Line, papers
from sundaypaper.models import Pick
from sundaypaper.text import fold
from sundaypaper.wording.counts import in_words, listed

# Among so many of the most interesting papers a phrase has to stand so often, and in so small a
# share of all papers of the week: "search agents", not "language models".
BEST, FEWEST, RARE = 60, 3, 0.02
NAMED, FEWEST_NAMED, NAME_WORDS = 3, 2, 3
SMALL = frozenset(
    "a an and are as at be by can do does for from how in into is it its of on or over that the "
    "their this through to toward towards under using via what when where which who why with without "
    "your we you not more less new only all one".split()
)
# Of these alone no phrase is made: every week has papers on language models.
COMMON = frozenset(
    "language model models learning deep neural network networks vision multimodal training "
    "reinforcement agent agents benchmark data image video generation diffusion reasoning llm "
    "llms technical report foundation".split()
)
WORD = re.compile(r"[^\W_]+(?:[-’'][^\W_]+)*")


@dataclass(frozen=True, slots=True)
class Group:
    """Papers that share a phrase, the best first; words are the phrase as a title writes it."""

    words: str
    picks: tuple[Pick, ...]


def lines(given: Prepared, printed: Mapping[str, str]) -> Iterator[Line]:
    """The strongest group of which two papers are printed and have names; those are named alone."""
    dropped = given.editorial.drop
    found = group([pick for pick in papers(given.fresh) if pick.id not in dropped])
    stand = [pick for pick in found.picks if pick.id in printed] if found else []
    names = {name: pick for pick in reversed(stand) if (name := name_of(pick))}
    named = dict(sorted(names.items(), key=lambda x: stand.index(x[1]))[:NAMED])
    if found is None or len(named) < FEWEST_NAMED:
        return
    more = len(found.picks) - len(named)
    said = [*named, *([f"{in_words(more)} more"] if more else [])]
    yield Line(
        "together",
        f"{_as_sentence(found.words)}: {listed(said)}.",
        (printed[stand[0].id],),
        tuple(pick.id for pick in named.values()),
    )


def _as_sentence(words: str) -> str:
    """A title's words as a sentence begins: `Spatial intelligence`, `3D Gaussian splatting`."""
    first, *rest = (word.lower() if word.istitle() else word for word in words.split())
    return " ".join((first[:1].upper() + first[1:], *rest))


def group(ranked: Sequence[Pick]) -> Group | None:
    """The papers that share the phrase that is most frequent among the best against all others."""
    spread = Counter(phrase for pick in ranked for phrase in _phrases(pick.title))
    holding: dict[str, list[Pick]] = defaultdict(list)
    for pick in ranked[:BEST]:
        for phrase in _phrases(pick.title):
            holding[phrase].append(pick)
    most = max(FEWEST, len(ranked) * RARE)
    rare = {p: some for p, some in holding.items() if len(some) >= FEWEST and spread[p] <= most}
    if not rare:
        return None
    phrase = max(rare, key=lambda p: (len(rare[p]) ** 2 / spread[p], len(p), p))
    return Group(_as_written(phrase, rare[phrase][0].title), tuple(rare[phrase]))


def name_of(pick: Pick) -> str:
    """What stands before the colon of a title where it is short; empty where there is no name."""
    name, colon, _ = pick.title.partition(":")
    return name.strip() if colon and len(name.split()) <= NAME_WORDS else ""


def _phrases(title: str) -> frozenset[str]:
    """Two and three words that stand side by side, none of them small, the last without its s.

    A word with a hyphen is one word; a name before a colon is no part of a phrase, nor is a number.
    """
    found = WORD.finditer(title.rpartition(":")[2])
    words = [fold(match[0]) for match in found if not match[0].isdigit()]
    runs = (words[at : at + n] for n in (2, 3) for at in range(len(words) - n + 1))
    return frozenset(
        " ".join((*run[:-1], run[-1].rstrip("s")))
        for run in runs
        if not SMALL.intersection(run) and not COMMON.issuperset(run) and "large" not in run
    )


def _as_written(phrase: str, title: str) -> str:
    """The words of a title that folded give the phrase, in the title's own letters."""
    spans = [match.span() for match in WORD.finditer(title)]
    for first in range(len(spans)):
        for last in range(first, min(first + 3, len(spans))):
            words = title[spans[first][0] : spans[last][1]]
            if fold(words).rstrip("s") == phrase:
                return words
    return phrase
