"""Claims of acceptance in an arXiv comment and a journal reference, with the words that make them.

A comment is read sentence by sentence. In each, the venues of the table are found (scan); the words
between two of them are dealt out to the one or the other (places); those words say what became of
the paper (grammar), in which track and how it is presented (tracks). Where no venue of the table is
claimed, a name after "accepted at" and the like is one (other).
"""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import date

from sundaypaper.models import Claim, Status, Track, Venue

from . import challenges, dates, events, grammar, other, scan, tracks, withdrawals
from .merging import better, carry, merge, only_awards, only_names_workshop, tidy
from .places import AND, FAMILY, VenueSpan, alone, places
from .presentations import presentation
from .sentences import LIMIT, Spaced, masked, sentences
from .table import VENUES

INSIDE = frozenset({"other:arr", "other:semeval"})  # said beside the venue that hosts them
Reached = tuple[Claim, int, int]  # a claim, and where the words that make it start and end

TEMPLATE = re.compile(r"\b(?:template|style(?: file)?|format(?:ted)?|typeset)\b", re.I)


def claims(
    comment: str,
    journal_ref: str = "",
    listed: date | None = None,
    venues: tuple[Venue, ...] = VENUES,
    title: str = "",
) -> tuple[Claim, ...]:
    """The authors' claims in the order of the text, one for each venue, year, track and status.

    A paper that is withdrawn claims nothing. A journal reference is an accepted claim, merged with
    the comment's of the same venue and year. listed is the day the paper was listed: years more
    than two after it are taken for numbers. The title says whether a paper reports on a challenge.
    """
    text = comment[:LIMIT]
    names = scan.index(venues)
    if withdrawals.withdrawn(text):
        return ()
    claimed = challenges.by_title(_comment(text, names), text, title[:LIMIT])
    if reference := _reference(journal_ref[:LIMIT], names):
        claimed = merge(claimed, reference)
    return tuple(_plausible(claim, listed) for claim in claimed)


def withdrawn(comment: str) -> bool:
    """Whether a comment says that the paper itself is withdrawn or retracted."""
    return withdrawals.withdrawn(comment[:LIMIT])


def _plausible(claim: Claim, listed: date | None) -> Claim:
    """The claim, without a year that lies too far ahead to be one."""
    if listed is None or claim.year is None or claim.year <= listed.year + 2:
        return claim
    return replace(claim, year=None)


def _comment(text: str, names: scan.Names) -> list[Claim]:
    """The claims of a comment, each with the words of the comment that make it."""
    spaced = Spaced(masked(text))
    claimed: list[Claim] = []
    silent: list[str] = []
    for start, end in sentences(spaced.text):
        sentence = spaced.text[start:end]
        new = []
        for claim, left, right in _sentence(sentence, names):
            span = text[spaced.before(start + left) : spaced.before(start + right)]
            new.append(replace(claim, span=span.strip(" ,;:(")))
        if claimed and only_awards(sentence):
            new = [claim for claim in new if not claim.venue.startswith("other:")]
        if not new:
            silent.append(sentence)
        if claimed and not new:
            claimed = carry(sentence, claimed)
        if not only_names_workshop(sentence, new, claimed):
            claimed = tidy(claimed, new)
    return challenges.by_sentence(_not_of_template(claimed, silent, names), silent)


def _not_of_template(claimed: list[Claim], silent: list[str], names: scan.Names) -> list[Claim]:
    """The claims, without a "preprint" of a venue that only lent its template."""
    lent = {
        mention.venue.key
        for sentence in silent
        if TEMPLATE.search(sentence)
        for mention in scan.mentions(sentence, names)
    }
    return [
        claim
        for claim in claimed
        if claim.venue not in lent or claim.status != "submitted" or grammar.ROLE.search(claim.span)
    ]


def _sentence(text: str, names: scan.Names) -> list[Reached]:
    """The claims of one sentence; one without a word of its own has that of the one before."""
    reached: list[Reached] = []
    status: Status | None = None
    another = False
    named = scan.mentions(text, names)
    hosts = [mention for mention in named if mention.venue.key not in INSIDE]
    around = places(text, hosts or named)
    for place in around:
        before = text[place.start : place.mention.start]
        after = text[place.mention.end : place.end]
        stated, planned, at = grammar.status_before(before)
        another = grammar.of_another(before) or (another and stated is None)
        status = status if stated is None and not planned else stated
        refused = grammar.status_after(after, status) in ("rejected", "withdrawn")
        if not refused and (another or planned or grammar.lends(after)):
            continue
        if claim := _claim(before, after, place.mention, status):
            start, end = _reach(text, place, claim, at if stated else None)
            if not reached and stated:
                reached = _journal(text[: place.start + at], 0) or _first(before, place, stated)
            reached = _add(text, reached, (claim, start, end), place.mention.start)
            if place is around[-1]:
                reached += _journal(after, place.mention.end) or _second(after, place, claim)
    return reached or _others(text, around)


def _add(text: str, reached: list[Reached], new: Reached, at: int) -> list[Reached]:
    """The claims with a new one; the same venue again is one claim, unless joined by "and"."""
    if not reached or AND.search(text[reached[-1][2] : at]):
        return [*reached, new]
    last, start, _ = reached[-1]
    merged = better(last, new[0])
    return [*reached[:-1], (merged, start, new[2])] if merged else [*reached, new]


def _reach(text: str, place: VenueSpan, claim: Claim, at: int | None) -> tuple[int, int]:
    """From the word that says what became of the paper to the last that says in which track."""
    left, right = text[place.start : place.mention.start], text[place.mention.end : place.end]
    start = place.mention.start if at is None else place.start + at
    if at is None and not alone(left, ""):
        start = place.start
    if claim.track in ("main", "journal") and claim.presentation is None and claim.year:
        end = place.mention.end
    else:
        end = place.end if right.strip() else place.mention.end
    return start, end


def _journal(text: str, offset: int) -> list[Reached]:
    """The claim about a journal outside the table that stands beside one about a conference."""
    named = other.after_role(text)
    if named is None or named.track != "journal" or grammar.of_another(text[: named.start]):
        return []
    status, planned, _ = grammar.status_before(text[: named.end])
    if planned or status is None:
        return []
    claim = Claim("other:" + named.name.lower(), named.year, "journal", status)
    return [(claim, offset + named.start, offset + named.end)]


def _first(text: str, place: VenueSpan, status: Status) -> list[Reached]:
    """The claim about the first venue of "accepted to RA-L and ICRA 2026"."""
    named = other.before_and(text)
    if named is None or grammar.of_another(text[: named.start]):
        return []
    claim = Claim("other:" + named.name.lower(), named.year, named.track, status)
    return [(claim, place.start + named.start, place.start + named.end)]


def _second(text: str, place: VenueSpan, first: Claim) -> list[Reached]:
    """The claim about the second venue of "accepted at ICML 2026 and Pond Letters"."""
    named = other.after_and(text)
    if named is None:
        return []
    claim = Claim("other:" + named.name.lower(), named.year, named.track, first.status)
    return [(claim, place.mention.end + named.start, place.mention.end + named.end)]


def _others(text: str, around: list[VenueSpan]) -> list[Reached]:
    """The claim about a venue outside the table, where a sentence makes none about one of it."""
    stop = min((place.mention.start for place in around), default=len(text))
    another = grammar.EXTENDS.search(text)
    if another and (around or grammar.ROLE.search(text[: another.start()])):
        stop = min(stop, another.start())
    part = text[:stop]
    named = other.after_role(part) if around else other.named(part)
    if named is None or grammar.of_another(text[: named.start]):
        return []
    status, planned, _ = grammar.status_before(text[: named.end])
    if planned:
        return []
    status = grammar.status_after(text[named.end :], status) or status or "accepted"
    track = named.track if named.track == "journal" else tracks.track(text, named.track)
    unnamed = text.replace(named.name, "\x00")
    how = presentation(unnamed, track) if status == "accepted" else None
    claim = Claim("other:" + named.name.lower(), named.year, track, status, how)
    return [(claim, named.start, named.end)]


def _claim(
    left: str, right: str, mention: scan.VenueMention, before: Status | None
) -> Claim | None:
    """The claim that the words beside a mention make, None where they only name the venue."""
    track = "journal" if mention.venue.journal else _track(mention, left, right)
    how = presentation(f"{left} \x00 {right}", track)
    after = grammar.status_after(right, before)
    speaks = before or after or how or mention.year or track not in ("main", "journal")
    if not speaks and not alone(left, right):
        return None
    status = after or before or "accepted"
    if mention.venue.key not in INSIDE:
        right = dates.without(right, status == "submitted")
        left = dates.without(left)
    year = mention.year or _year(left, right)
    return Claim(mention.venue.key, year, track, status, how if status == "accepted" else None)


def _track(mention: scan.VenueMention, left: str, right: str) -> Track:
    """The track that the words beside a mention, or its own last letter, say."""
    right = tracks.without_rank(left, right)
    track = tracks.track(f"{left} | {mention.venue.title} {right}")
    if track != "main":
        return track
    if hint := mention.hint or tracks.letter(right):
        return hint
    return "workshop" if events.hosted(left, right, mention.venue.title) else "main"


def _year(left: str, right: str) -> int | None:
    """The year in the words after a mention, else the last before it."""
    return scan.year_in(right) or scan.year_in(left, last=True)


def _reference(text: str, names: scan.Names) -> Claim | None:
    """The claim that a journal reference makes."""
    blanked, span = masked(text), text.strip()
    around = places(blanked, scan.mentions(blanked, names))
    if around:
        mention = around[0].mention
        if len(around) > 1 and mention.venue.key == "acl" and around[1].mention.venue.key in FAMILY:
            mention = around[1].mention
        left, right = blanked[: mention.start], blanked[mention.end :]
        track = "journal" if mention.venue.journal else _track(mention, left, right)
        year = mention.year or _year(left, right)
        return Claim(mention.venue.key, year, track, "accepted", None, span, "journal_ref")
    if named := other.journal(blanked):
        key = "other:" + named.name.lower()
        return Claim(key, named.year, named.track, "accepted", None, span, "journal_ref")
    return None
