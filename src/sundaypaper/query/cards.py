"""Cards: entries in the form that filters match, folded once and matched many times.

Beside the fields that filters name, `fields` holds `title` (the folded title) and `word` (the words of the
text as a set), both prepared from the text so that matching need not.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime

from sundaypaper.models import Card, Claim, Entry, Evidence, Pick
from sundaypaper.text import fold


def card_of_entry(
    entry: Entry,
    *,
    claims: Iterable[Claim] = (),
    topics: Iterable[str] = (),
    ring: str = "",
    evidence: Iterable[Evidence] = (),
    week: str = "",
) -> Card:
    """The card of an entry with its claims, topics (ids), ring, evidence and week (2026-W10)."""
    findings = _findings(tuple(topics) or entry.topics, ring, evidence, week or entry.week)
    return _card(entry, entry.summary, findings, tuple(claims), week or entry.week)


def card_of_pick(pick: Pick, summary: str = "") -> Card:
    """The card of an entry of an issue; without its summary the gist stands for it."""
    findings = _findings([t.topic for t in pick.tags], pick.ring, pick.evidence, pick.week)
    return _card(pick, summary or pick.gist, findings, pick.claims, pick.week)


def _findings(
    topics: Iterable[str], ring: str, evidence: Iterable[Evidence], week: str
) -> dict[str, frozenset[str]]:
    return {
        "topic": frozenset(map(fold, topics)),
        "ring": frozenset({ring} - {""}),
        "has": frozenset(e.kind for e in evidence),
        "week": frozenset({week} - {""}),
    }


def _card(
    of: Entry | Pick,
    summary: str,
    findings: dict[str, frozenset[str]],
    claims: tuple[Claim, ...],
    week: str,
) -> Card:
    title = fold(of.title)
    text = f" {title}  {fold(summary)} "
    fields = {
        **findings,
        "title": frozenset({title}),
        "word": frozenset(text.split()),
        "kind": frozenset({of.kind}),
        "author": frozenset(map(fold, of.authors)),
        "cat": frozenset(c.lower() for c in of.categories),
        "source": frozenset({fold(of.source)} - {""}),
        "group": frozenset({fold(of.group)} - {""}),
        "id": frozenset({of.id.lower()}),
    }
    return Card(text, fields, claims, _day(of.published or of.starts, week))


def _day(stated: datetime | None, week: str) -> date | None:
    """The stated day, else the Monday of the week, so that an undated post is not lost."""
    if stated is not None:
        return stated.date()
    return date.fromisocalendar(int(week[:4]), int(week[6:]), 1) if week else None
