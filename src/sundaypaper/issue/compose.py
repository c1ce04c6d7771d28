"""Composing one week: all that lies on the desk becomes an issue of so many words."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from datetime import date, datetime, timedelta
from types import MappingProxyType
from typing import Literal

from sundaypaper.issue import wording
from sundaypaper.issue.amending import Told
from sundaypaper.issue.rooms import news
from sundaypaper.issue.sections import Desk, lay_out
from sundaypaper.issue.sizes import Plan, Sizes, plan_of, shrink
from sundaypaper.models import (
    Acceptance,
    Editorial,
    FollowUp,
    Funnel,
    Issue,
    MinuteLine,
    Pick,
    Section,
    SourceReport,
    TopicName,
)
from sundaypaper.text import words as count_words
from sundaypaper.weeks import sunday

NOTHING: Mapping[str, str] = MappingProxyType({})
NOTHING_NEW = "Nothing new this week."
MADE = "How this issue was made"
DECIDING = timedelta(weeks=3)  # before and after a decision


def compose(
    picks: tuple[Pick, ...],
    *,
    week: str,
    title: str,
    now: datetime,
    sizes: Sizes,
    topics: tuple[TopicName, ...],
    core: tuple[str, ...],
    events: tuple[Pick, ...] = (),
    landmarks: tuple[Pick, ...] = (),
    acceptances: tuple[Acceptance, ...] = (),
    taken_back: tuple[Acceptance, ...] = (),
    ledger: tuple[SourceReport, ...] = (),
    listed: int | None = None,
    backlog: int = 0,
    abstracts: Mapping[str, str] = NOTHING,
    state: Literal["frozen", "draft"] = "frozen",
    why_draft: str = "",
    reprint: str = "",
    fingerprint: str = "",
    venues: Mapping[str, str] = NOTHING,
    decisions: tuple[tuple[str, date], ...] = (),
    editorial: Editorial | None = None,
    amendments: tuple[Told, ...] = (),
    follow_ups: tuple[FollowUp, ...] = (),
    missing: str = "",
) -> Issue:
    """The issue of a week. The same input gives the same issue.

    picks are all tagged and ranked entries; a backlog entry is left out, and an update is printed
    only where it gained an acceptance, took one back or names its code now. core are venue keys and
    venues their names to print. listed is how many entries the sources held (without it, what the
    ledger fetched). landmarks are those that no issue showed lately.
    decisions are the days on which venues, by key, decide: around those of a core venue the newly
    accepted are told by topic too.
    editorial is what a person decided: what they drop is counted and listed, never printed, and what
    they lead with stands first whatever the limits say. amendments are those of earlier issues that
    this one tells. missing says what a printed issue lacks, or what in it is only derived.
    The lowest picks give way until the issue holds at most sizes.words.
    """
    desk = _desk(
        picks,
        week,
        now,
        topics,
        core,
        events,
        landmarks,
        acceptances,
        taken_back,
        venues,
        decisions,
        editorial or Editorial(),
        amendments,
        follow_ups,
    )
    aside = (*landmarks, *events, *(one.pick for one in amendments))
    known = {p.id: p for p in (*aside, *desk.updated, *desk.fresh)}
    plan = plan_of(sizes)
    plan["lead"] = max(0, plan["lead"] - len(desk.leads))
    stays = frozenset(p.id for p in desk.leads)
    sections, minute, words = _measure(desk, plan, known)
    while words > sizes.words and shrink(plan, sections, stays):
        sections, minute, words = _measure(desk, plan, known)
    printed = [item.id for section in sections for item in section.items]
    entries = _entries(desk, printed, known)
    return Issue(
        week=week,
        title=title,
        composed=now,
        state=state,
        headline=desk.editorial.headline or (minute[0].text if minute else NOTHING_NEW),
        minute=minute,
        sections=(*sections, Section("made", MADE, note=missing)) if missing else sections,
        entries=entries,
        newly_accepted=tuple(desk.acceptances.values()),
        funnel=_funnel(
            desk,
            listed=sum(r.fetched for r in ledger) if listed is None else listed,
            updates=len(desk.updated),
            backlog=backlog,
            printed=len(printed),
        ),
        ledger=ledger,
        abstracts={p.id: abstracts[p.id] for p in entries if p.id in abstracts},
        words=words + count_words(missing),
        minutes=wording.reading_minutes(words + count_words(missing)),
        fingerprint=fingerprint,
        why_draft=why_draft,
        reprint=reprint,
        topics=topics,
        taken_back=tuple(desk.taken_back.values()),
        editorial=editorial if editorial != Editorial() else None,
        amendments=tuple(a for one in amendments if one.pick.id in printed for a in one.amendments),
        follow_ups=follow_ups,
    )


def _desk(
    picks: tuple[Pick, ...],
    week: str,
    now: datetime,
    topics: tuple[TopicName, ...],
    core: tuple[str, ...],
    events: tuple[Pick, ...],
    landmarks: tuple[Pick, ...],
    acceptances: tuple[Acceptance, ...],
    taken_back: tuple[Acceptance, ...],
    venues: Mapping[str, str],
    decisions: tuple[tuple[str, date], ...],
    editorial: Editorial,
    told: tuple[Told, ...],
    follow_ups: tuple[FollowUp, ...],
) -> Desk:
    once = {p.id: p for p in reversed(picks)}
    ranked = sorted(once.values(), key=lambda p: (-p.score, p.id))
    fresh = tuple(p for p in ranked if p.standing in ("new", "late"))
    by_id = {a.id: a for a in sorted(acceptances, key=lambda a: (a.id, a.seen), reverse=True)}
    gained = tuple(p for p in ranked if p.id in by_id and p.standing != "backlog")
    candidates = {p.id: p for p in (*gained, *fresh) if p.id not in editorial.drop}
    return Desk(
        week=week,
        now=now,
        fresh=fresh,
        worth=tuple(news(fresh)),
        gained=gained,
        acceptances={key: by_id[key] for key in sorted(by_id)},
        taken_back={one.id: one for one in sorted(taken_back, key=lambda a: (a.id, a.seen))},
        updated=tuple(p for p in ranked if p.standing == "update"),
        events=events,
        landmarks=landmarks,
        core=core,
        venues=venues,
        topics={topic.id: topic.name for topic in topics},
        deciding=any(
            venue in core and abs(day - sunday(week)) <= DECIDING for venue, day in decisions
        ),
        editorial=editorial,
        leads=tuple(candidates[id] for id in editorial.lead if id in candidates),
        told=told,
        follow_ups={one.id: one for one in follow_ups},
    )


def _measure(
    desk: Desk, plan: Plan, known: Mapping[str, Pick]
) -> tuple[tuple[Section, ...], tuple[MinuteLine, ...], int]:
    sections = lay_out(desk, plan)
    acceptances = tuple(desk.acceptances.values())
    minute = wording.minute(sections, desk.fresh, acceptances, desk.core, desk.venues, desk.topics)
    total = wording.reading_words(sections, minute, known, desk.acceptances)
    printed = (item.id for section in sections for item in section.items)
    return sections, minute, total + wording.editors_words(desk.editorial, printed)


# ---------------------------------------------------------------- length, counts


def _entries(desk: Desk, printed: Sequence[str], known: Mapping[str, Pick]) -> tuple[Pick, ...]:
    kept = {p.id: p for p in (*desk.fresh, *desk.updated)}
    kept |= {id: known[id] for id in printed}
    return tuple(sorted(kept.values(), key=lambda p: (-p.score, p.id)))


def _funnel(desk: Desk, *, listed: int, updates: int, backlog: int, printed: int) -> Funnel:
    papers = [p for p in desk.fresh if p.kind == "paper"]
    rings = Counter(p.ring for p in papers)
    return Funnel(
        listed=listed,
        new=len(papers),
        updates=updates,
        posts=sum(p.kind == "post" for p in desk.fresh),
        accepted=rings["accepted"],
        near=rings["near"],
        printed=printed,
        backlog=backlog,
    )
