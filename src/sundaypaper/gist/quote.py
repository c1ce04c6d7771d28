"""Picks the gist of an entry: the source's own words, unchanged, that say most and stand alone.

Of a paper that is what was found, behind the clause that names the work where both are short
enough. What is left out, at the beginning or between two parts, is replaced by "…".
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from sundaypaper.gist import clauses, cues
from sundaypaper.gist.sentence import sentences
from sundaypaper.models import Entry
from sundaypaper.text import fold, shorten

PAPER_LIMIT = 280
PAIR_LIMIT = 220  # of two parts: what is long enough by itself needs no second
POST_LIMIT = 160
LEFT_OUT = "… "
BETWEEN = " … "
GOES_ON = " …"
ENDS = " ,;:-–—"
SHORTEST, SHORT = 25, 45  # characters of a part: fewer are none, fewer speak against it

# How far a sentence says what the work is: made, studied, begins with its name, speaks of its own.
MADE, STUDIED, NAMED, OWN, LEAST = 3.0, 2.0, 1.5, 1.0, 0.2
WORTH_QUOTING = 1.5  # of a finding
TOO_BAD = -3.0  # of a quote
DANGLING = 10.0  # what it costs
BROKEN = 4.0  # what it costs to end before the sentence does
JOINT, RESULT = 2.0, 1.5  # worth of two parts joined, and of each point of a finding
FIGURE = 4.0  # points of a measured figure
FINDINGS = 5  # that are tried, best first
NAMING_WORDS = 8  # of a clause that names the work, from "we propose" on
ADDRESS_BEHIND = re.compile(r"(?<=[.!?]) ?\(?https?://\S+$")


def gist(entry: Entry) -> str:
    """What a paper found or made (280 characters), how a post begins (160), in its own words.

    A summary in our own words begins with what was done: its first sentence (280).
    Empty where there is no summary.
    """
    if entry.own_words:
        return shorten(next(iter(sentences(entry.summary)), ""), PAPER_LIMIT)
    if entry.kind == "paper":
        name, colon, _ = entry.title.partition(":")
        return _quote(sentences(entry.summary), name.lower() if colon else "")
    return _opening(entry)


def _opening(entry: Entry) -> str:
    title = fold(entry.title)
    for sentence in sentences(entry.summary):
        if fold(sentence) != title and not cues.FEED_NOISE.search(sentence) and " " in sentence:
            return shorten(sentence, POST_LIMIT)
    return ""


# ---------------------------------------------------------------- the sentences of an abstract


@dataclass(frozen=True, slots=True)
class _Said:
    """A sentence: its place, how far it names the work and from where on, how much it found."""

    at: int
    text: str
    low: str
    words: frozenset[str]
    named: float
    cue: int
    found: float


@dataclass(frozen=True, slots=True)
class _Quote:
    """A quote that fits, and what speaks for it."""

    text: str
    worth: float


def _read(said: tuple[str, ...], name: str) -> list[_Said]:
    """The sentences that name the work, or behind the first that does, state a result."""
    read: list[_Said] = []
    made = False
    for at, text in enumerate(said):
        text = ADDRESS_BEHIND.sub("", text) if "http" in text else text
        low = _lowered(text)
        words = cues.words_of(low)
        named, cue = _names(low, words, name, made)
        found = _finds(low, words) if read or named else 0.0
        if named or found:
            made = made or named == MADE
            read.append(_Said(at, text, low, words, named, cue, found))
    return read


def _lowered(text: str) -> str:
    """Lower case of the same length; the text itself where a letter such as İ has no such."""
    low = text.lower()
    return low if len(low) == len(text) else text


def _names(low: str, words: frozenset[str], name: str, made: bool) -> tuple[float, int]:
    """How far a sentence says what the work is, and where it begins to."""
    if len(low) < SHORTEST or cues.is_before(low):
        return 0.0, 0
    for pattern, worth in _kinds(words, made):
        if cue := pattern.search(low):
            second = cues.stands_second(low, words)
            less = 1.5 * second + 1.5 * cues.looks_ahead(low, words)
            return (LEAST if cues.is_aside(low, words) else max(worth - less, LEAST)), cue.start()
    if name and low.startswith(f"{name} "):
        return max(NAMED - 1.5 * cues.looks_ahead(low, words), LEAST), 0
    return 0.0, 0


def _kinds(words: frozenset[str], made: bool) -> Iterator[tuple[re.Pattern[str], float]]:
    """The patterns worth trying; once a sentence names the work, only what else was made."""
    authors = not words.isdisjoint(cues.AUTHORS)
    if authors and not words.isdisjoint(cues.MAKING):
        yield cues.MAKES, MADE
    if not made and (authors or not words.isdisjoint(cues.PASSIVE)):
        yield cues.STUDIES, STUDIED
        yield cues.OURS, OWN


def _finds(low: str, words: frozenset[str]) -> float:
    """How much of a result a sentence states, 0 to 9."""
    changes = not words.isdisjoint(cues.CHANGES)
    own = changes and ("our" in words or "proposed" in words)
    measured = changes and not words.isdisjoint(cues.EVIDENCE)
    plainly = changes and not words.isdisjoint(cues.PLAINLY)
    supported = measured or own or plainly or (changes and cues.size(low))
    worth = 2.0 * cues.better(words) + 0.5 * changes + 1.5 * supported
    worth += FIGURE * cues.figure(low, words) + cues.told(low, words)
    if worth < WORTH_QUOTING or cues.is_before(low):
        return 0.0
    less = 2.0 * cues.looks_ahead(low, words) + 0.5 * low.startswith(cues.FURTHER)
    return max(worth - less, 0.0)


# ---------------------------------------------------------------- quotes that fit


def _quote(said: tuple[str, ...], name: str) -> str:
    best = _Quote("", TOO_BAD)
    for most, quotes in _tries(_read(said, name), name):
        if best.worth < most:
            best = max([best, *quotes], key=lambda quote: quote.worth)
    return best.text or _longest(said)


def _tries(read: list[_Said], name: str) -> Iterator[tuple[float, Iterator[_Quote]]]:
    """Quotes by the sentence they are taken from, with the most that they could be worth."""
    makers = [one for one in read if one.named == MADE]
    makers = makers or [one for one in read if one.named == STUDIED and not one.found]
    maker = next((one for one in makers if name in one.low), makers[0]) if makers else None
    findings = sorted(
        (o for o in read if o.found >= WORTH_QUOTING), key=lambda o: (-o.found, -o.at)
    )
    same = maker and (name in maker.low or not any(name in one.low for one in read))
    for one in findings[:FINDINGS]:
        before = maker if same and maker and maker.at < one.at else None
        yield JOINT + RESULT * one.found, _of_finding(one, before, name)
    others = sorted((o for o in read if o.named and o is not maker), key=lambda o: -o.named)
    for one in (maker, *others[:1]) if maker else others[:3]:
        sized = one is maker and cues.size(one.low)
        yield 4.0, _alone(one, 0.75 * one.named + 1.5 * sized, name)


def _of_finding(one: _Said, maker: _Said | None, name: str) -> Iterator[_Quote]:
    """What was found behind the clause that names the work; alone where that cannot be."""
    joined = _joined(maker, one, name) if maker else None
    if joined:
        yield joined
    if not joined or one.named == MADE:
        yield from _alone(one, (one.named == MADE) + RESULT * one.found, name)


def _openings(one: _Said, name: str) -> list[int]:
    """Where a part of a sentence may begin, the longest part first."""
    start = clauses.begins(one.low)
    return [start, *clauses.later(one.low, start, name)]


def _parts(one: _Said, name: str) -> Iterator[tuple[int, int, float]]:
    """Where a part of a sentence may begin and end, and what it costs; the best first."""
    room, end = PAPER_LIMIT - len(LEFT_OUT) - len(GOES_ON), len(one.text)
    start = clauses.begins(one.low)
    yield start, end, 0.0
    later = clauses.later(one.low, start, name)
    for at in later:
        yield at, end, 0.5
    for at in (start, *later):
        part = one.low[at:]
        too_much = len(part) > room or clauses.dangles(part, one.words) == 1
        if too_much and (stop := clauses.addition(part, min(room, len(part) - 1))):
            yield at, at + stop, BROKEN
    if one.named == MADE and (end - start > room or clauses.dangles(one.low[start:], one.words)):
        cue = max(one.cue - start, 0)
        stop = clauses.name_end(one.low[start:], cue, room)
        if _names_enough(one.text[start : start + stop], cue):
            yield start, start + stop, BROKEN


def _part(one: _Said, at: int, end: int) -> str:
    """A part as it is quoted: where its sentence goes on behind it, it says so."""
    return one.text[at:end].rstrip(ENDS) + (GOES_ON if end < len(one.text) else "")


def _alone(one: _Said, worth: float, name: str) -> Iterator[_Quote]:
    """A sentence by itself, from a place where it stands alone."""
    for at, end, cost in _parts(one, name):
        text = (LEFT_OUT if at else "") + _part(one, at, end)
        if SHORTEST <= len(text) <= PAPER_LIMIT:
            nameless = cost > 0 and at > one.cue
            flaws = cost + 0.5 * one.named * nameless + _flaws(one, at, end)
            yield _Quote(text, worth - flaws)
            if flaws < BROKEN:
                return


def _flaws(one: _Said, at: int, end: int) -> float:
    """What speaks against a part: it dangles, lost its figure, holds an address, is unfinished."""
    low, whole = one.low[at:end], end == len(one.low)
    unfinished = whole and not low.rstrip("\"'”’)]$*}").endswith((".", "!", "?"))
    lost = not whole and one.found > 0 and not _states(low, _measured(one.low))
    listed = "1)" in low and "2)" not in low
    return (
        (0.0, DANGLING if one.found else 5.0, 2 * DANGLING)[clauses.dangles(low, one.words)]
        + 4.0 * (unfinished or cues.is_aside(low, one.words) or cues.only_counts(low))
        + 0.3 * (end - at < SHORT)
        + 3.0 * lost
        + 3.0 * listed
    )


def _measured(low: str) -> bool:
    return cues.figure(low, cues.words_of(low))


def _states(low: str, figure: bool) -> bool:
    """Whether a part still holds the figure, or else what is better, changes or was found."""
    words = cues.words_of(low)
    if figure:
        return cues.figure(low, words)
    changes = not words.isdisjoint(cues.CHANGES)
    return changes or cues.better(words) or cues.told(low, words) > 0


def _joined(maker: _Said, finding: _Said, name: str) -> _Quote | None:
    """The clause that names the work, and what was found."""
    openings = _openings(maker, name)
    for at, end, cost in _parts(finding, name):
        room = PAIR_LIMIT - len(BETWEEN) - len(_part(finding, at, end))
        flaws = cost + _flaws(finding, at, end) if room >= SHORTEST else DANGLING
        if flaws < DANGLING and (naming := _naming_clause(maker, openings, room, name)):
            worth = JOINT + RESULT * finding.found - flaws
            return _Quote(naming + BETWEEN + _part(finding, at, end), worth)
    return None


def _naming_clause(maker: _Said, openings: list[int], room: int, name: str) -> str:
    """A sentence from where it names the work to the last end of a clause within room."""
    for at in openings:
        lead = LEFT_OUT if at else ""
        low, cue, left = maker.low[at:], max(maker.cue - at, 0), room - len(lead)
        end = len(low) if len(low) <= left else clauses.name_end(low, cue, left)
        clause = low[:end]
        if name in maker.low and name not in clause:
            continue
        text = maker.text[at : at + end].rstrip(ENDS)
        if _names_enough(text, cue) and not clauses.dangles(clause, maker.words):
            return lead + text
    return ""


def _names_enough(clause: str, cue: int) -> bool:
    """Whether a clause says what the work is: more than "we propose X, a framework"."""
    return len(clause[cue:].split()) >= NAMING_WORDS


def _longest(said: tuple[str, ...]) -> str:
    """Where nothing else stands: the longest sentence that fits and says more than an address."""
    plain = [text for text in said if _says_something(text.lower())] or list(said)
    plain = [text for text in plain if not _hangs(_lowered(text))] or plain
    longest = max(plain, key=lambda text: (len(text) <= PAPER_LIMIT, len(text)), default="")
    at = clauses.begins(_lowered(longest))
    text = (LEFT_OUT if at else "") + longest[at:]
    if len(text) <= PAPER_LIMIT:
        return text
    end = clauses.addition(_lowered(text), PAPER_LIMIT - len(GOES_ON))
    return text[:end] + GOES_ON if end > PAPER_LIMIT // 3 else shorten(text, PAPER_LIMIT)


def _hangs(low: str) -> bool:
    return clauses.dangles(low[clauses.begins(low) :], cues.words_of(low)) > 1


def _says_something(low: str) -> bool:
    words = cues.words_of(low)
    return not cues.is_aside(low, words) and not cues.looks_ahead(low, words)
