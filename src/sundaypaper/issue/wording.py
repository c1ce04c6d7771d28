"""The issue's own few sentences, from counts alone, and how many words a reader reads."""

from __future__ import annotations

import math
import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from datetime import datetime

from sundaypaper import markdown, zones
from sundaypaper.models import (
    CORE_TRACKS,
    Acceptance,
    Claim,
    Editorial,
    FollowUp,
    Item,
    MinuteLine,
    Pick,
    Section,
)
from sundaypaper.text import words

WHY_WORDS = 20
EDITORS = "the editor’s choice"
CLAIMED = "the authors say: accepted "
MINUTE_LINES = 5
WORDS_A_MINUTE = 230
FRAME_WORDS = 80  # the head, the ledger and the last line
ACCEPTED_PLACES = ("accepted", "lead", "learn")


def clip(text: str, limit: int = WHY_WORDS) -> str:
    """At most limit words, with "…" where some were cut."""
    parts = text.split()
    return text if len(parts) <= limit else " ".join(parts[:limit]).rstrip(" ,;:.") + "…"


# What a model adds to a reason that a person can check; the entry's own page says it.
BESIDE_A_RULE = re.compile(r"; reads like: [^();]*")


def why(pick: Pick, what: str = "") -> str:
    """The pick's reasons, as many as twenty words hold, the strongest first, after what it is.

    What the claim beside it says already, and what only a model says, is said where there is no
    other reason.
    """
    told = what
    guessed = {part.reason for part in pick.contributions if part.name == "prior"}
    others = tuple(r for r in pick.reasons if r not in guessed and not r.startswith(CLAIMED))
    for full in others or pick.reasons or (f"from {pick.source}",):
        reason = BESIDE_A_RULE.sub("", full)
        longer = f"{told}; {reason}" if told else clip(reason)
        if words(longer) <= WHY_WORDS:
            told = longer
    return told


def editors_why(pick: Pick) -> str:
    """The pick's reasons; where a person can check none of them, that the editor chose it."""
    guessed = {part.reason for part in pick.contributions if part.name == "prior"}
    return why(pick) if set(pick.reasons) - guessed else EDITORS


def came_out(one: FollowUp) -> str:
    """`printed in 2026-W10 without code; names it now: github.com/a/b`."""
    span = re.sub(r"^https?://(?:www\.)?", "", one.span)
    return clip(f"printed in {one.printed} without code; names it now: {span}")


def took_back(one: Acceptance, venues: Mapping[str, str]) -> str:
    """What a paper no longer says: `withdrawn; it said: accepted at CVPR 2026`."""
    place = f"{venue_name(one.claim.venue, venues)} {one.claim.year or ''}".strip()
    if one.change == "withdrawn":
        return f"withdrawn by its authors; it said that it was accepted at {place}"
    return f"no longer says that it was accepted at {place}"


def venue_name(key: str, venues: Mapping[str, str]) -> str:
    """The name to print of a venue key."""
    return venues.get(key) or (key[6:] if key.startswith("other:") else key.upper())


def told_claim(pick: Pick, core: tuple[str, ...]) -> Claim | None:
    """The accepted claim at a core venue that puts a pick into the accepted ring, newest first."""
    held = [
        c
        for c in pick.claims
        if c.venue in core and c.status == "accepted" and c.track in CORE_TRACKS
    ]
    return max(held, key=lambda c: c.year or 0, default=None)


def listed(names: Iterable[str]) -> str:
    """`NeurIPS, ICML and CVPR`."""
    *first, last = tuple(names)
    return f"{', '.join(first)} and {last}" if first else last


def count(number: int, one: str, many: str = "") -> str:
    """`1 post`, `2,000 posts`."""
    return f"{number:,} {one if number == 1 else many or one + 's'}"


def until(day: datetime, now: datetime, zone: str = "") -> str:
    """`today`, `tomorrow`, `in 5 days`, by the calendar of the zone in which the day is stated.

    `now` for what has begun on a day before.
    """
    clock = zones.clock(zone)
    days = max(-1, (day.astimezone(clock).date() - now.astimezone(clock).date()).days)
    return ("now", "today", "tomorrow")[days + 1] if days in (-1, 0, 1) else f"in {days} days"


# ---------------------------------------------------------------- one minute


def minute(
    sections: tuple[Section, ...],
    fresh: tuple[Pick, ...],
    acceptances: tuple[Acceptance, ...],
    core: tuple[str, ...],
    venues: Mapping[str, str],
    topic_names: Mapping[str, str],
) -> tuple[MinuteLine, ...]:
    """At most five sentences of counts, each leading to a section that is there."""
    there = [section.id for section in sections]
    papers = [p for p in fresh if p.kind == "paper"]
    posts = [p for p in fresh if p.kind == "post"]
    lines = (
        *_accepted_lines(papers, core, venues),
        *_newly_lines(acceptances, venues),
        *_new_lines(papers, topic_names),
        *_post_lines(papers, posts),
        *_date_lines(sections),
    )
    placed = ((text, next((p for p in places if p in there), "")) for text, places in lines)
    return tuple(MinuteLine(clip(text), place) for text, place in placed if place)[:MINUTE_LINES]


Line = tuple[str, tuple[str, ...]]


def _accepted_lines(
    papers: list[Pick], core: tuple[str, ...], venues: Mapping[str, str]
) -> Iterator[Line]:
    """The whole first where no venue holds most of it, then the two largest venues."""
    claims = [told_claim(p, core) for p in papers if p.ring == "accepted"]
    held = [c for c in claims if c is not None]
    at = Counter((c.venue, c.year) for c in held)
    ordered = sorted(at.items(), key=lambda x: (x[1], x[0][0], x[0][1] or 0))
    first = {place[0]: (place, number) for place, number in ordered}  # a venue's commonest year
    largest = sorted(first.values(), key=lambda x: (-x[1], x[0][0]))
    if largest and largest[0][1] * 2 < len(held):
        names = listed(venue_name(key, venues) for key in core if key in first)
        yield f"{_said_accepted(len(held))} at {names}.", ACCEPTED_PLACES
    for (key, year), number in largest[:2]:
        place = f"{venue_name(key, venues)} {year or ''}".strip()
        oral = sum(c.presentation == "oral" for c in held if (c.venue, c.year) == (key, year))
        more = f"; {oral} of them as {'an oral' if oral == 1 else 'orals'}" if oral else ""
        more = " as an oral" if oral == number == 1 else more
        yield f"{_said_accepted(number)} at {place}{more}.", ACCEPTED_PLACES


def _said_accepted(number: int) -> str:
    return f"{count(number, 'paper')} {'says it was' if number == 1 else 'say they were'} accepted"


def _newly_lines(acceptances: tuple[Acceptance, ...], venues: Mapping[str, str]) -> Iterator[Line]:
    if not acceptances:
        return
    at = Counter(a.claim.venue for a in acceptances)
    key, number = min(at.items(), key=lambda x: (-x[1], x[0]))
    said = "now says it was" if len(acceptances) == 1 else "now say they were"
    earlier = count(len(acceptances), "earlier paper")
    yield f"{earlier} {said} accepted; {number} at {venue_name(key, venues)}.", ("newly_accepted",)


def _new_lines(papers: list[Pick], names: Mapping[str, str]) -> Iterator[Line]:
    places = ("new", "lead", "accepted")
    if not papers:
        return
    said = count(len(papers), "paper is new", "papers are new")
    about = Counter(tag.topic for p in papers for tag in p.tags)
    if about:
        topic, number = min(about.items(), key=lambda x: (-x[1], x[0]))
        yield f"{said}; the largest topic is {names.get(topic, topic)} with {number:,}.", places
    else:
        yield f"{said}.", places
    kinds = Counter(found.kind for p in papers for found in p.evidence)
    if kinds["code"]:
        links = count(kinds["code"], "new paper links", "new papers link")
        data = f"; {kinds['data']:,} with a dataset or benchmark" if kinds["data"] else ""
        yield f"{links} code{data}.", places


def _post_lines(papers: list[Pick], posts: list[Pick]) -> Iterator[Line]:
    if posts:
        sources = len({p.source for p in posts})
        yield f"{count(len(posts), 'post')} came from {count(sources, 'blog')}.", ("blogs", "learn")
    discussed = sum(bool(p.discussed) for p in papers)
    if discussed:
        said = count(discussed, "new paper is", "new papers are")
        yield f"{said} discussed in the blogs.", ("lead", "new", "accepted")


def _date_lines(sections: tuple[Section, ...]) -> Iterator[Line]:
    for section in sections:
        if section.id == "dates":
            number = len(section.items) + section.rest
            said = count(number, "date falls", "dates fall")
            yield f"{said} within the next three weeks.", ("dates",)


# ---------------------------------------------------------------- length


def editors_words(editorial: Editorial, printed: Iterable[str]) -> int:
    """How many words of the editor's an issue holds that prints these entries."""
    own = (editorial.headline, markdown.plain(editorial.intro), editorial.signed)
    notes = (editorial.notes[id] for id in printed if id in editorial.notes)
    return sum(map(words, (*own, *notes)))


def reading_words(
    sections: tuple[Section, ...],
    minute_lines: tuple[MinuteLine, ...],
    picks: Mapping[str, Pick],
    acceptances: Mapping[str, Acceptance],
) -> int:
    """An estimate of the words that the printed issue holds."""
    total = FRAME_WORDS + sum(words(line.text) for line in minute_lines)
    for section in sections:
        total += words(section.title) + words(section.note) + (3 if section.rest else 0)
        total += sum(_item_words(item, picks[item.id]) for item in section.items)
        if section.id == "corrections":
            total += sum(words(item.why) for item in section.items)
        if section.id == "newly_accepted":
            gained = (acceptances[item.id] for item in section.items if item.form != "title")
            total += sum(words(a.old) + words(a.new) for a in gained)
    return total


def reading_minutes(total: int) -> int:
    """Minutes to read so many words, rounded up."""
    return math.ceil(total / WORDS_A_MINUTE)


def _item_words(item: Item, pick: Pick) -> int:
    title = words(pick.title)
    if item.form == "title":
        return title + (words(item.why) if pick.kind == "event" else 0)
    if item.form == "short":
        return title + words(pick.source) + words(pick.gist)
    more = 3 if len(pick.authors) > 3 else 0
    claim = 4 if pick.claims else 0
    named = sum(words(a) for a in pick.authors[:3])
    return title + named + more + claim + words(pick.gist) + words(item.why)
