"""A quarter in review: what was most cared for, what became of it, and which topics rose."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Literal

from sundaypaper.issue.choosing import Caps, fill
from sundaypaper.issue.material import NEWS, Frame
from sundaypaper.issue.reasons import most_voted, why, why_in_short
from sundaypaper.models import Claim, Entry, Evidence, Pick, Picked
from sundaypaper.weeks import after

MOST, A_TOPIC = 25, 5
RISEN, FEWEST = (11, 10), 5  # to the quarter before; entries a week below which nothing rises
MEMORABLE = ("shelf", "dates", "corrections")


@dataclass(frozen=True, slots=True)
class Told:
    """A pick of a quarter, the week whose issue printed it, and why people cared, also in short."""

    week: str
    pick: Pick
    why: str
    short: str


@dataclass(frozen=True, slots=True)
class Became:
    """What an entry that was printed without it says now.

    accepted: claim is the new one; code: what shows where it is; withdrawn: its authors took it back.
    """

    week: str
    pick: Pick
    what: Literal["accepted", "code", "withdrawn"]
    claim: Claim | None = None
    code: tuple[Evidence, ...] = ()


@dataclass(frozen=True, slots=True)
class Reread:
    """A printed entry as its source has it now: its claims, its evidence, whether it is withdrawn."""

    entry: Entry
    claims: tuple[Claim, ...]
    evidence: tuple[Evidence, ...]
    withdrawn: bool


def news(picked: Mapping[str, Picked]) -> Iterator[tuple[str, Pick, str]]:
    """Week, pick and abstract of every entry as it was first printed as news, oldest week first."""
    met = set()
    for week in sorted(picked):
        of = picked[week]
        for pick in of.picks:
            sections = set(of.where[pick.id]) - set(MEMORABLE)
            if sections and pick.source and pick.kind != "event" and pick.id not in met:
                met.add(pick.id)
                yield week, pick, of.abstracts.get(pick.id, "")


def cared_for(picked: Mapping[str, Picked], frame: Frame) -> tuple[Told, ...]:
    """The news of a quarter of most interest, some of each topic, those with most votes first.

    What only changed, such as a paper of an earlier quarter that was accepted, is no news.
    """
    told = {pick.id: (week, pick) for week, pick, _ in news(picked) if pick.standing in NEWS}
    pool = sorted((pick for _, pick in told.values()), key=lambda pick: (-pick.score, pick.id))
    chosen = sorted(fill(pool, MOST, Caps(topic=A_TOPIC), ()), key=_votes)
    return tuple(_told(told[pick.id][0], pick, frame) for pick in chosen)


def _votes(pick: Pick) -> int:
    votes = most_voted(pick)
    return -votes.count if votes else 0


def _told(week: str, pick: Pick, frame: Frame) -> Told:
    """With its reasons as the week after says them, which gives votes their date, not a Sunday."""
    later = replace(frame, week=after(week))
    return Told(week, pick, why(pick, later), why_in_short(pick, later))


def became(picked: Mapping[str, Picked], now: Mapping[str, Reread]) -> Iterator[Became]:
    """What became of papers since they were printed, in the order of printing.

    Only new words count: a paper whose comment is what it was says nothing new, however it is read.
    """
    for week, pick, abstract in news(picked):
        if reread := now.get(pick.id):
            yield from _changes(week, pick, abstract, reread)


def _changes(week: str, pick: Pick, abstract: str, now: Reread) -> Iterator[Became]:
    entry = now.entry
    reworded = (entry.comment, entry.journal_ref) != (pick.comment, pick.journal_ref)
    if now.withdrawn and reworded:
        yield Became(week, pick, "withdrawn")
        return
    had = {_key(claim) for claim in pick.claims if claim.status == "accepted"}
    gained = [c for c in now.claims if c.status == "accepted" and _key(c) not in had]
    if gained and reworded:
        yield Became(week, pick, "accepted", claim=gained[0])
    code = _code(now.evidence)
    if code and not _code(pick.evidence) and (reworded or entry.summary != abstract):
        yield Became(week, pick, "code", code=code)


def _key(claim: Claim) -> tuple[str, str]:
    """What makes an acceptance another one; a venue of no table is spelled in many ways."""
    return claim.venue.partition(":")[0], claim.track


def _code(evidence: Iterable[Evidence]) -> tuple[Evidence, ...]:
    return tuple(one for one in evidence if one.kind == "code")


def rising(now: Mapping[str, float], before: Mapping[str, float]) -> tuple[str, ...]:
    """The topics with at least a tenth more entries a week than before, the steepest first."""
    more, than = RISEN
    rose = [
        topic
        for topic, entries in now.items()
        if entries >= FEWEST and topic in before and entries * than >= before[topic] * more
    ]
    return tuple(sorted(rose, key=lambda topic: (-now[topic] / max(before[topic], 1), topic)))
