"""The sections of one week: what is printed where, what is counted, and the rules between them.

Sections are chosen in one order (what may take least goes first) and printed in another. No entry
stands twice; what belongs to a section and is not printed is its `rest`.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from types import MappingProxyType
from typing import Literal

from sundaypaper.issue import wording
from sundaypaper.issue.choose import choose, choose_lead, topic_of
from sundaypaper.issue.rooms import coming, landmark, learn, news
from sundaypaper.issue.sizes import PRINTED, Plan, Sizes, plan_of, shrink
from sundaypaper.models import (
    Acceptance,
    Funnel,
    Issue,
    Item,
    MinuteLine,
    Pick,
    Section,
    SourceReport,
    TopicName,
)

Form = Literal["full", "short", "title"]
NOTHING: Mapping[str, str] = MappingProxyType({})
A_BLOG = 2
CORRECTIONS = 3
PRACTITIONERS = 2


@dataclass(frozen=True, slots=True)
class _Desk:
    """All that lies on the editor's desk, prepared once."""

    week: str
    now: datetime
    fresh: tuple[Pick, ...]
    gained: tuple[Pick, ...]
    acceptances: Mapping[str, Acceptance]
    taken_back: Mapping[str, Acceptance]
    updated: tuple[Pick, ...]
    events: tuple[Pick, ...]
    landmarks: tuple[Pick, ...]
    core: tuple[str, ...]
    venues: Mapping[str, str]
    topics: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class _Draft:
    """A section before it is known what the others print: its items and all that belongs to it."""

    id: str
    title: str
    items: tuple[Item, ...]
    pool: tuple[str, ...] = ()


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
) -> Issue:
    """The issue of a week. The same input gives the same issue.

    picks are all tagged and ranked entries; a backlog entry is left out, and an update is printed
    only where it gained an acceptance or took one back. core are venue keys and venues their names to print. listed is how
    many entries the sources held (without it, what the ledger fetched). landmarks are those that no issue showed lately.
    The lowest picks give way until the issue holds at most sizes.words.
    """
    desk = _desk(picks, week, now, topics, core, events, landmarks, acceptances, taken_back, venues)
    known = {p.id: p for p in (*landmarks, *events, *desk.updated, *desk.fresh)}
    plan = plan_of(sizes)
    sections, minute, words = _measure(desk, plan, known)
    while words > sizes.words and shrink(plan, sections):
        sections, minute, words = _measure(desk, plan, known)
    printed = [item.id for section in sections for item in section.items]
    entries = _entries(desk, printed, known)
    return Issue(
        week=week,
        title=title,
        composed=now,
        state=state,
        headline=minute[0].text if minute else "Nothing new this week.",
        minute=minute,
        sections=sections,
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
        words=words,
        minutes=wording.reading_minutes(words),
        fingerprint=fingerprint,
        why_draft=why_draft,
        reprint=reprint,
        topics=topics,
        taken_back=tuple(desk.taken_back.values()),
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
) -> _Desk:
    once = {p.id: p for p in reversed(picks)}
    ranked = sorted(once.values(), key=lambda p: (-p.score, p.id))
    fresh = tuple(p for p in ranked if p.standing in ("new", "late"))
    by_id = {a.id: a for a in sorted(acceptances, key=lambda a: (a.id, a.seen), reverse=True)}
    gained = tuple(p for p in ranked if p.id in by_id and p.standing != "backlog")
    return _Desk(
        week=week,
        now=now,
        fresh=fresh,
        gained=gained,
        acceptances={key: by_id[key] for key in sorted(by_id)},
        taken_back={one.id: one for one in sorted(taken_back, key=lambda a: (a.id, a.seen))},
        updated=tuple(p for p in ranked if p.standing == "update"),
        events=events,
        landmarks=landmarks,
        core=core,
        venues=venues,
        topics={topic.id: topic.name for topic in topics},
    )


def _measure(
    desk: _Desk, plan: Plan, known: Mapping[str, Pick]
) -> tuple[tuple[Section, ...], tuple[MinuteLine, ...], int]:
    sections = _lay_out(desk, plan)
    acceptances = tuple(desk.acceptances.values())
    minute = wording.minute(sections, desk.fresh, acceptances, desk.core, desk.venues, desk.topics)
    return sections, minute, wording.reading_words(sections, minute, known, desk.acceptances)


# ---------------------------------------------------------------- sections


def _lay_out(desk: _Desk, plan: Plan) -> tuple[Section, ...]:
    used: set[str] = set()
    drafts: dict[str, _Draft] = {}
    for make in (
        _lead,
        _accepted,
        _newly_accepted,
        _blogs,
        _learn,
        _new,
        _shelf,
        _dates,
        _corrections,
    ):
        draft = make(desk, plan, frozenset(used))
        drafts[draft.id] = draft
        used |= {item.id for item in draft.items}
    return tuple(_close(desk, drafts[name], used) for name in PRINTED if drafts[name].items)


def _close(desk: _Desk, draft: _Draft, printed: set[str]) -> Section:
    rest = [id for id in draft.pool if id not in printed]
    note = ""
    if draft.id == "newly_accepted" and rest:
        at = Counter(desk.acceptances[id].claim.venue for id in rest)
        ordered = sorted(at.items(), key=lambda x: (-x[1], x[0]))
        named = [f"{wording.venue_name(key, desk.venues)} {n}" for key, n in ordered[:4]]
        others = sum(n for _, n in ordered[4:])
        named += [f"elsewhere {others}"] if others else []
        note = f"Not printed here: {', '.join(named)}."
    return Section(draft.id, draft.title, draft.items, len(rest), note)


def _lead(desk: _Desk, plan: Plan, used: frozenset[str]) -> _Draft:
    pool = [p for p in news(desk.fresh, used) if p.kind == "paper"]
    return _Draft("lead", "Read first", _items(choose_lead(pool, plan["lead"])))


def _accepted(desk: _Desk, plan: Plan, used: frozenset[str]) -> _Draft:
    """Full entries, then titles by topic; titles are a list, so only the entries are capped."""
    pool = [p for p in _papers(desk.fresh, used) if p.ring == "accepted"]
    full = choose(pool, plan["accepted"])
    shown = {p.id for p in full}
    order = {topic: at for at, topic in enumerate(desk.topics)}
    titles = [p for p in pool if p.id not in shown][: plan["accepted_titles"]]
    titles.sort(key=lambda p: order.get(topic_of(p), len(order)))
    held = {c.venue for p in pool if (c := wording.told_claim(p, desk.core))}
    names = [wording.venue_name(key, desk.venues) for key in desk.core if key in held]
    title = f"Accepted at {wording.listed(names)}" if names else "Accepted"
    items = _items(full) + _items(titles, "title")
    return _Draft("accepted", title, items, tuple(p.id for p in pool))


def _newly_accepted(desk: _Desk, plan: Plan, used: frozenset[str]) -> _Draft:
    pool = sorted(_papers(desk.gained, used), key=lambda p: p.ring != "accepted")
    chosen = choose(pool, plan["newly_accepted"])
    ids = tuple(id for id in desk.acceptances if id not in used)
    return _Draft("newly_accepted", "Newly accepted", _items(chosen), ids)


def _blogs(desk: _Desk, plan: Plan, used: frozenset[str]) -> _Draft:
    pool = [p for p in desk.fresh if p.kind == "post" and p.id not in used]
    needs = ((_by_practitioner, PRACTITIONERS),)
    worth = [p for p in news(pool, used) if p.kind == "post"]
    chosen = choose(worth, plan["blogs"], source=A_BLOG, needs=needs)
    return _Draft("blogs", "From the blogs", _items(chosen, "short"), tuple(p.id for p in pool))


def _learn(desk: _Desk, plan: Plan, used: frozenset[str]) -> _Draft:
    chosen = learn(news(desk.fresh, used), plan["learn"])
    items = tuple(
        Item(
            p.id,
            wording.why(p, what),
            "full" if p.kind == "paper" else "short",
        )
        for what, p in chosen
    )
    return _Draft("learn", "Learn and build", items)


def _new(desk: _Desk, plan: Plan, used: frozenset[str]) -> _Draft:
    pool = [p for p in news(desk.fresh, used) if p.kind == "paper" and p.ring != "accepted"]
    chosen = choose(pool, plan["new"])
    return _Draft("new", "New and promising", _items(chosen), tuple(p.id for p in pool))


def _shelf(desk: _Desk, plan: Plan, used: frozenset[str]) -> _Draft:
    about = Counter(tag.topic for pick in desk.fresh for tag in pick.tags)
    found = landmark(desk.landmarks, desk.week, about)
    if found is None or found[0].id in used or plan["shelf"] < 1:
        return _Draft("shelf", "From the shelf", ())
    pick, topic = found
    why = f"a landmark of {desk.topics.get(topic, topic)}"
    if about[topic]:
        why += f": {wording.count(about[topic], 'entry', 'entries')} this week"
    why = wording.clip(why)
    return _Draft("shelf", "From the shelf", (Item(pick.id, why),))


def _dates(desk: _Desk, plan: Plan, used: frozenset[str]) -> _Draft:
    pool = [(at, e) for at, e in coming(desk.events, desk.week, desk.now) if e.id not in used]
    items = tuple(
        Item(e.id, wording.until(at, desk.now), "title") for at, e in pool[: plan["dates"]]
    )
    return _Draft("dates", "Dates", items, tuple(e.id for _, e in pool))


def _corrections(desk: _Desk, plan: Plan, used: frozenset[str]) -> _Draft:
    """Papers that no longer say what they said of a venue; the best known first."""
    pool = [p for p in desk.updated if p.id in desk.taken_back and p.id not in used]
    items = tuple(
        Item(p.id, wording.took_back(desk.taken_back[p.id], desk.venues), "title")
        for p in pool[:CORRECTIONS]
    )
    title = "Corrections and follow-ups"
    return _Draft("corrections", title, items, tuple(p.id for p in pool))


def _items(picks: Iterable[Pick], form: Form = "full") -> tuple[Item, ...]:
    return tuple(Item(pick.id, wording.why(pick), form) for pick in picks)


def _papers(picks: Sequence[Pick], used: frozenset[str]) -> list[Pick]:
    return [p for p in picks if p.kind == "paper" and p.id not in used]


def _by_practitioner(pick: Pick) -> bool:
    return pick.group == "practitioner"


# ---------------------------------------------------------------- length, counts


def _entries(desk: _Desk, printed: Sequence[str], known: Mapping[str, Pick]) -> tuple[Pick, ...]:
    kept = {p.id: p for p in (*desk.fresh, *desk.updated)}
    kept |= {id: known[id] for id in printed}
    return tuple(sorted(kept.values(), key=lambda p: (-p.score, p.id)))


def _funnel(desk: _Desk, *, listed: int, updates: int, backlog: int, printed: int) -> Funnel:
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
