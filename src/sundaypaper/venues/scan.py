"""Search for the table's venues in a text, and for the years beside them."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache

from sundaypaper.models import Track, Venue
from sundaypaper.text import fold

WORD = re.compile(r"[^\W_]+")
GLUED_YEAR = re.compile(r"20\d{3}$|(?:20)?\d\d$")
GLUED_PREFIX = re.compile(r"(?:to|at|by|in)(?=[A-Z]{3})")
YEAR = re.compile(r"(?<!\d)(?:19[89]\d|20[0-4]\d)(?!\d)|(?<=[A-Za-z\s])['’‘`]\s?(\d\d)(?!\d)")
YEAR_AFTER = re.compile(
    r"[\s,(:\-–/]{0,3}(?:(20[0-4]\d|19[89]\d)(?!\d)|['’‘`]\s?(\d\d)(?!\d))"
    r"|[\s-]?([12]\d)(?![\d+%]|\s*-?\s?(?:pages?|pp|figures?|tables?|p\b))"
)
LETTERED = re.compile(r"((?i:[A-Z][A-Za-z]*[A-Z]))((?<=[A-Z])(?:Ws|WS|w|W|F)|(?<=[a-z])ws?)")
TENS = {"twenti": 20, "thirti": 30, "forti": 40, "fourti": 40, "fifti": 50, "sixti": 60}
UNITS = (
    "zeroth first second third fourth fifth sixth seventh eighth ninth tenth eleventh twelfth"
    " thirteenth fourteenth fifteenth sixteenth seventeenth eighteenth nineteenth"
).split()
FILLER = (
    r"(?:[\s/(-]+(?:annual|ieee|ieee/cvf|ieee/rsj|cvf|acm|rsj|international|intl\.?|edition|of"
    r"|the|for"
    r"|aaai|conference|on|meeting|sigkdd|joint))*[\s/(]*$"
)
ORDINAL = re.compile(
    rf"(?:\b(\d{{1,3}})\s?(?:st|nd|rd|th)|\b((?:twenty|thirty|forty|fourty|fifty|sixty)?[\s-]?"
    rf"(?:{'|'.join(UNITS[1:])}))|\b(twentieth|thirtieth|fortieth|fourtieth|fiftieth|sixtieth))"
    + FILLER,
    re.I,
)
YEAR_BEFORE = re.compile(r"\b(20[0-4]\d)" + FILLER, re.I)
# What may follow a conference's long name without making it the name of another conference.
GOES_ON = re.compile(
    r"\s+(?![A-Z][a-z]+(?: [A-Z][a-z]+)?, (?:[A-Z][a-z]+ ?){1,2}(?:[,.;(\d]|$))(?!IEEE|ICML|CVPR|NeurIPS|Workshop|Main|Oral|Spotlight|Poster|Highlight|Finding|Track"
    r"|Dataset"
    r"|Project|Code|Position|Demo|Tutorial|Accept|Conference|Competition|Challenge|Proceeding"
    r"|FINDING"
    r"|Industry|Student|Special|In\b|The\b|At\b)"
    r"(?:(?:and|&|for)\s+(?!the\b|The\b|(?!AI|NLP|HCI|IoT)[A-Z]\w*[A-Z])[A-Z]|[A-Z][a-z]+)"
    r"|\s+in\s+[A-Z]\w+\s*\([A-Z][A-Za-z]+[\s'’]?\d*\)"
    r"|,\s*(?:[A-Z][\w-]*\s?){1,3},?\s+(?:and|&)\s+[A-Z]"
)
# A short name in front of "Conference on" is the host of another conference.
HOST_OF = re.compile(r"\s+(?:International\s+)?(?:Conference|Symposium)\s+on\s+(?!AI\b)[A-Z]")
# A category of arXiv, not a conference: "Computer Vision and Pattern Recognition (cs.CV)"
SUBJECT = re.compile(r"\s*\((?:cs|stat|eess|math)\b")
SUBJECT_OF = re.compile(r"\b(?:cs|stat|eess|math)\.[A-Z]{2}\s?\W{0,2}$")
BARE = frozenset({"MM"})  # a name only where a year follows
VOLUME = re.compile(r"[\s,]{1,2}(?:vol(?:ume|\.)?\s?)?(\d{1,2})(?![\w%])", re.I)
OF_WORKSHOP = re.compile(r"\W{0,3}(?:workshop|symposium|bridge)", re.I)  # its ordinal is its own
OTHER_PLACE = re.compile(
    r"\b(?:Pacific|Asia|Asian|European|Chinese|Iberian|Nordic|African|Indian|American|Semantic"
    r"|Winter|German|Italian|Irish"
    r"|Australasian|Mediterranean|Student|Brazilian|Mexican|Canadian|Japanese|Korean|Turkish"
    r"|Scandinavian)[\s-]$"
)
OTHER_WORD = re.compile(
    r"-(?:endorsed|affiliated|sponsored|like|style|based|format|type|level|square|injur|quality"
    r"|tear)\w*",
    re.I,
)


@dataclass(frozen=True, slots=True)
class Token:
    """A word of the text, folded, without a year glued to its end."""

    word: str
    raw: str
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class VenueMention:
    """A venue named at text[start:end]; hint is workshop or findings where the name says so."""

    venue: Venue
    start: int
    end: int
    year: int | None = None
    hint: Track | None = None


@dataclass(frozen=True, slots=True)
class Name:
    """A name of the table, as folded words; capitals where it counts in capitals only."""

    words: tuple[str, ...]
    capitals: str
    venue: Venue


Names = dict[str, tuple[Name, ...]]


@lru_cache(maxsize=8)
def index(venues: tuple[Venue, ...]) -> Names:
    """The names by their first word, longest first."""
    by_word: dict[str, list[Name]] = {}
    for venue in venues:
        for name in venue.names:
            words = tuple(_plain(word) for word in fold(name).split() if word != "and")
            if words:
                capitals = name if name.isupper() and len(name) <= 6 else ""
                by_word.setdefault(words[0], []).append(Name(words, capitals, venue))
    return {
        word: tuple(sorted(names, key=lambda n: -len(n.words))) for word, names in by_word.items()
    }


def tokens(text: str) -> list[Token]:
    """The words of a text; "CVPR2026" is the word cvpr; its year is read as what follows."""
    words = []
    for match in WORD.finditer(text):
        raw, start = match[0], match.start()
        glued = GLUED_YEAR.search(raw)
        if glued and glued.start() > 1:
            raw = raw[: glued.start()]
        if prefix := GLUED_PREFIX.match(raw):
            raw, start = raw[prefix.end() :], start + prefix.end()
        word = raw.lower() if raw.isascii() else fold(raw).replace(" ", "")
        if word != "and":
            words.append(Token(_plain(word), raw, start, start + len(raw)))
    return words


def _plain(word: str) -> str:
    """One word for those that authors take for each other: Conference on, of, for, in."""
    return "on" if word in ("of", "for", "in") else word


def mentions(text: str, names: Names) -> list[VenueMention]:
    """Every venue of the index that the text names, from left to right, none inside another."""
    words = tokens(text)
    named, at = [], 0
    while at < len(words):
        name, hint = _named(names, words, at)
        if name is None:
            at += 1
            continue
        last = words[at + len(name.words) - 1]
        start, end = words[at].start, last.end
        if _stands(text, start, end, len(name.words)):
            named.append(VenueMention(name.venue, start, end, hint=hint))
            at += len(name.words)
        else:
            at += 1
    return named


def _named(names: Names, words: list[Token], at: int) -> tuple[Name | None, Track | None]:
    """The longest name that starts at a word; a last letter W or F says workshop or findings."""
    first = words[at]
    for name in names.get(first.word, ()):
        following = words[at : at + len(name.words)]
        if tuple(token.word for token in following) != name.words:
            continue
        if not name.capitals or first.raw == name.capitals:
            return name, None
    stem = LETTERED.fullmatch(first.raw)
    if not stem:
        return None, None
    for name in names.get(stem[1].lower(), ()):
        if len(name.words) == 1 and not (name.capitals and stem[1].islower()):
            return name, "findings" if stem[2] == "F" else "workshop"
    return None, None


def _stands(text: str, start: int, end: int, length: int) -> bool:
    """Whether a name stands by itself: not in a path, a compound, or a longer name."""
    before, after = text[max(0, start - 2) : start], text[end : end + 100]
    if before.endswith("_") or after.startswith("_") or re.search(r"[a-z0-9]/$", before):
        return False
    if OTHER_WORD.match(after) or SUBJECT.match(after) or SUBJECT_OF.search(text[:start][-12:]):
        return False
    if text[start:end] in BARE and not re.match(r"\s?20\d\d|\s?['’]\d\d", after):
        return False
    if length < 3:
        return not HOST_OF.match(after)
    listed = "," in text[start:end] and not re.search(r"\band\b|&", text[start:end], re.I)
    return not (listed or OTHER_PLACE.search(text[:start][-24:]) or GOES_ON.match(after))


def year_at(text: str, mention: VenueMention, floor: int) -> tuple[int | None, int]:
    """The year that a mention gives itself, and where its words end; floor ends the one before."""
    if text[mention.start : mention.start + 11].lower() == "advances in":
        return _year_of_volume(text, mention)
    after = YEAR_AFTER.match(text, mention.end)
    if after and after[3] and (full := YEAR_AFTER.match(text, after.end())) and full[1]:
        return int(full[1]), full.end()
    if after and not (after[3] and mention.venue.journal):
        return _full(after[1] or after[2] or after[3]), after.end()
    before = text[max(floor, mention.start - 70) : mention.start]
    if year := YEAR_BEFORE.search(before):
        return int(year[1]), mention.end
    if mention.venue.ordinal is None or OF_WORKSHOP.match(text, mention.end):
        return None, mention.end
    if ordinal := ORDINAL.search(before):
        counted = mention.venue.ordinal + _number(ordinal)
        return (counted if counted > 1999 else None), mention.end
    return None, mention.end


def _year_of_volume(text: str, mention: VenueMention) -> tuple[int | None, int]:
    """The year of Advances in Neural Information Processing Systems 27: 2014, unless one is said."""
    volume = VOLUME.match(text, mention.end)
    end = volume.end() if volume else mention.end
    year = year_in(text[end:]) or year_in(text[: mention.start], last=True)
    if year or volume is None or mention.venue.ordinal is None:
        return year, end
    return mention.venue.ordinal + 1 + int(volume[1]), end


def year_in(text: str, last: bool = False) -> int | None:
    """The first (or last) year that a text names."""
    years = [match[1] or match[0] for match in YEAR.finditer(text)]
    return _full(years[-1 if last else 0]) if years else None


def _full(year: str) -> int:
    return int(year) if len(year) == 4 else 2000 + int(year)


def _number(ordinal: re.Match[str]) -> int:
    """The number of an ordinal: 39th, Thirty-Ninth, Thirty Ninth, Fortieth."""
    if ordinal[1]:
        return int(ordinal[1])
    word = re.sub(r"[\s-]", "", (ordinal[2] or ordinal[3]).lower())
    for tens, number in TENS.items():
        if word == tens + "eth":
            return number
        if word.startswith(tens[:-1] + "y"):
            return number + UNITS.index(word[len(tens) :])
    return UNITS.index(word)
