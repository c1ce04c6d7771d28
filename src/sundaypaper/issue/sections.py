"""Laying out a week: which entry stands in which section, and what each of them counts.

Sections are chosen in one order (what may take least goes first) and printed in another. No entry
stands twice; what belongs to a section and is not printed is its `rest`.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from sundaypaper.issue import wording
from sundaypaper.issue.amending import Told
from sundaypaper.issue.choose import choose, choose_lead, topic_of
from sundaypaper.issue.rooms import coming, foremost, landmark, learn
from sundaypaper.issue.sizes import PRINTED, Plan
from sundaypaper.models import Acceptance, Editorial, FollowUp, Item, Pick, Section
from sundaypaper.text import fold

Form = Literal["full", "short", "title"]
A_BLOG = 2
CORRECTIONS = 3
PRACTITIONERS = 2


@dataclass(frozen=True, slots=True)
class Desk:
    """All that lies on the editor's desk, prepared once."""

    week: str
    now: datetime
    fresh: tuple[Pick, ...]
    worth: tuple[Pick, ...]  # of the fresh, what may be printed: asked once, laid out many times
    gained: tuple[Pick, ...]
    acceptances: Mapping[str, Acceptance]
    taken_back: Mapping[str, Acceptance]
    updated: tuple[Pick, ...]
    events: tuple[Pick, ...]
    landmarks: tuple[Pick, ...]
    core: tuple[str, ...]
    venues: Mapping[str, str]
    topics: Mapping[str, str]
    deciding: bool
    editorial: Editorial
    leads: tuple[Pick, ...]  # the editor's, in their order
    told: tuple[Told, ...]
    follow_ups: Mapping[str, FollowUp]


@dataclass(frozen=True, slots=True)
class _Draft:
    """A section before it is known what the others print: its items and all that belongs to it."""

    id: str
    title: str
    items: tuple[Item, ...]
    pool: tuple[str, ...] = ()


def lay_out(desk: Desk, plan: Plan) -> tuple[Section, ...]:
    """The sections of a week in their order, as large as the plan has them."""
    dropped = frozenset(desk.editorial.drop)
    used: set[str] = set(dropped)
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
    printed = used - dropped
    return tuple(_close(desk, drafts[name], printed) for name in PRINTED if drafts[name].items)


def _close(desk: Desk, draft: _Draft, printed: set[str]) -> Section:
    """What belongs to a section and no other prints is counted; so is what the editor dropped."""
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


def _lead(desk: Desk, plan: Plan, used: frozenset[str]) -> _Draft:
    """The editor's first, then the program's, of authors who do not stand there yet."""
    own = tuple(Item(p.id, wording.editors_why(p)) for p in desk.leads)
    taken = {p.id for p in desk.leads}
    names = {fold(author) for p in desk.leads for author in p.authors}
    pool = [
        p
        for p in _papers(desk.worth, used | taken)
        if not names or names.isdisjoint(fold(author) for author in p.authors)
    ]
    return _Draft("lead", "Read first", own + _items(choose_lead(pool, plan["lead"])))


def _accepted(desk: Desk, plan: Plan, used: frozenset[str]) -> _Draft:
    """Full entries, then titles by topic; titles are a list, so only the entries are capped."""
    pool = [p for p in _papers(desk.fresh, used) if p.ring == "accepted"]
    full = choose(pool, plan["accepted"])
    shown = {p.id for p in full}
    titles = _by_topic(desk, [p for p in pool if p.id not in shown][: plan["accepted_titles"]])
    held = {c.venue for p in pool if (c := wording.told_claim(p, desk.core))}
    names = [wording.venue_name(key, desk.venues) for key in desk.core if key in held]
    title = f"Accepted at {wording.listed(names)}" if names else "Accepted"
    items = _items(full) + _items(titles, "title")
    every = tuple(p.id for p in _papers(desk.fresh) if p.ring == "accepted")
    return _Draft("accepted", title, items, every)


def _by_topic(desk: Desk, picks: list[Pick]) -> list[Pick]:
    order = {topic: at for at, topic in enumerate(desk.topics)}
    return sorted(picks, key=lambda p: order.get(topic_of(p), len(order)))


def _newly_accepted(desk: Desk, plan: Plan, used: frozenset[str]) -> _Draft:
    pool = sorted(_papers(desk.gained, used), key=lambda p: p.ring != "accepted")
    chosen = choose(pool, plan["newly_accepted"])
    shown = {p.id for p in chosen}
    more = [p for p in pool if p.id not in shown] if desk.deciding else []
    titles = _by_topic(desk, more[: plan["newly_titles"]])
    items = _items(chosen) + _items(titles, "title")
    return _Draft("newly_accepted", "Newly accepted", items, tuple(desk.acceptances))


def _blogs(desk: Desk, plan: Plan, used: frozenset[str]) -> _Draft:
    every = tuple(p.id for p in desk.fresh if p.kind == "post")
    needs = ((_by_practitioner, PRACTITIONERS),)
    worth = [p for p in desk.worth if p.kind == "post" and p.id not in used]
    chosen = choose(worth, plan["blogs"], source=A_BLOG, needs=needs)
    return _Draft("blogs", "From the blogs", _items(chosen, "short"), every)


def _learn(desk: Desk, plan: Plan, used: frozenset[str]) -> _Draft:
    chosen = learn([p for p in desk.worth if p.id not in used], plan["learn"])
    items = tuple(
        Item(
            p.id,
            wording.why(p, what),
            "full" if p.kind == "paper" else "short",
        )
        for what, p in chosen
    )
    return _Draft("learn", "Learn and build", items)


def _new(desk: Desk, plan: Plan, used: frozenset[str]) -> _Draft:
    pool = [p for p in _papers(desk.worth) if p.ring != "accepted"]
    chosen = choose([p for p in pool if p.id not in used], plan["new"])
    return _Draft("new", "New and promising", _items(chosen), tuple(p.id for p in pool))


def _shelf(desk: Desk, plan: Plan, used: frozenset[str]) -> _Draft:
    about = Counter(tag.topic for pick in desk.fresh for tag in pick.tags)
    kept = [p for p in desk.landmarks if p.id not in desk.editorial.drop]
    found = landmark(kept, desk.week, about)
    if found is None or found[0].id in used or plan["shelf"] < 1:
        return _Draft("shelf", "From the shelf", ())
    pick, topic = found
    why = f"a landmark of {desk.topics.get(topic, topic)}"
    if about[topic]:
        why += f": {wording.count(about[topic], 'entry', 'entries')} this week"
    why = wording.clip(why)
    return _Draft("shelf", "From the shelf", (Item(pick.id, why),))


def _dates(desk: Desk, plan: Plan, used: frozenset[str]) -> _Draft:
    pool = [(at, e) for at, e in coming(desk.events, desk.week, desk.now) if e.id not in used]
    chosen = foremost(pool, plan["dates"], desk.core)
    items = tuple(Item(e.id, wording.until(at, desk.now, e.zone), "title") for at, e in chosen)
    return _Draft("dates", "Dates", items, tuple(e.id for _, e in pool))


def _corrections(desk: Desk, plan: Plan, used: frozenset[str]) -> _Draft:
    """Our own corrections, papers that take back what they said, code that came out since."""
    lines = {one.pick.id: one.line for one in desk.told}
    for p in desk.updated:
        if p.id in desk.taken_back:
            line = wording.took_back(desk.taken_back[p.id], desk.venues)
            lines.setdefault(p.id, line)
    for p in desk.updated:
        if p.id in desk.follow_ups:
            lines.setdefault(p.id, wording.came_out(desk.follow_ups[p.id]))
    free = [id for id in lines if id not in used]
    items = tuple(Item(id, lines[id], "title") for id in free[:CORRECTIONS])
    return _Draft("corrections", "Corrections and follow-ups", items, tuple(free))


def _items(picks: Iterable[Pick], form: Form = "full") -> tuple[Item, ...]:
    return tuple(Item(pick.id, wording.why(pick), form) for pick in picks)


def _papers(picks: Sequence[Pick], used: frozenset[str] = frozenset()) -> list[Pick]:
    return [p for p in picks if p.kind == "paper" and p.id not in used]


def _by_practitioner(pick: Pick) -> bool:
    return pick.group == "practitioner"
