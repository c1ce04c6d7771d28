"""A view of a printed issue: the entries that a filter lets through, composed by the same rules.

What an edition prints the whole issue holds: it is made from the frozen issue alone, so that a
reader's mail, a page and a rebuild say the same.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from datetime import date

from sundaypaper.issue import wording
from sundaypaper.issue.amending import Told
from sundaypaper.issue.compose import NOTHING, compose
from sundaypaper.issue.sizes import Sizes
from sundaypaper.models import Editorial, Issue, Pick, Section
from sundaypaper.weeks import sunday

Match = Callable[[Pick], bool]
NONE = "Nothing for this edition this week."
# What stands in every edition: it is no news, and makes no edition by itself.
STANDING = ("shelf", "dates", "made")
NEWS = ("new", "late")
# Sections of which an issue keeps no entry that it does not print.
COUNTED = ("dates", "corrections")


def edition(
    issue: Issue,
    *,
    match: Match,
    sizes: Sizes,
    core: tuple[str, ...],
    venues: Mapping[str, str] = NOTHING,
    title: str = "",
    whole: bool = False,
) -> Issue:
    """The issue as an edition prints it; sections, counts and headline are of what matches.

    whole says that everything matches: then it is the issue in other sizes, with the headline, the
    minute and the editor's words that the issue has, also where it prints no news.

    The landmark and the dates stay as the whole issue has them, as far as sizes leave room; funnel,
    ledger and the editor's words stay those of the week, and what the editor leads with comes first
    where it matches. Without title it keeps the issue's. Where nothing matches, nothing is printed
    and its headline says so. issue is the frozen one: what was amended later is said of the result.
    """
    shelf, dates = _printed(issue, "shelf"), _printed(issue, "dates")
    aside = {pick.id for pick in (*shelf, *dates)}
    told = {one.id for one in (*issue.newly_accepted, *issue.taken_back)}
    told |= {one.id for one in issue.follow_ups}
    news = (p for p in issue.entries if p.standing in NEWS or p.id in told)
    picks = tuple(pick for pick in news if pick.id not in aside and match(pick))
    held = {pick.id for pick in picks}
    made = compose(
        picks,
        week=issue.week,
        title=title or issue.title,
        now=issue.composed,
        sizes=sizes,
        topics=issue.topics,
        core=core,
        events=dates,
        landmarks=shelf,
        acceptances=tuple(one for one in issue.newly_accepted if one.id in held),
        taken_back=tuple(one for one in issue.taken_back if one.id in held),
        decisions=_decisions(issue, core),
        ledger=issue.ledger,
        abstracts=issue.abstracts,
        state=issue.state,
        why_draft=issue.why_draft,
        reprint=issue.reprint,
        fingerprint=issue.fingerprint,
        venues=venues,
        editorial=issue.editorial if whole else _editorial(issue, held),
        amendments=tuple(Told(p, why, ()) for p, why in _corrected(issue) if match(p)),
        follow_ups=tuple(one for one in issue.follow_ups if one.id in held),
        missing=next((one.note for one in issue.sections if one.id == "made"), ""),
    )
    made = replace(made, funnel=issue.funnel, amendments=issue.amendments)
    if whole:
        return _as_printed(made, issue)
    if not has_news(made):
        return _empty(made, picks)
    return _with_all_dates(made, issue, picks, core, venues)


def has_news(issue: Issue) -> bool:
    """Whether an issue or an edition of it prints more than what stands in each of them."""
    return any(section.id not in STANDING for section in issue.sections)


def _as_printed(made: Issue, issue: Issue) -> Issue:
    """The whole issue in other sizes: what it said and counted stays, also of entries it lacks."""
    counted = {one.id: len(one.items) + one.rest for one in issue.sections if one.id in COUNTED}
    sections = tuple(
        replace(one, rest=max(one.rest, counted.get(one.id, 0) - len(one.items)))
        for one in made.sections
    )
    return replace(made, sections=sections, headline=issue.headline, minute=issue.minute)


def _printed(issue: Issue, section: str) -> tuple[Pick, ...]:
    """The entries that a section of the whole issue prints, in its order."""
    wanted = [item.id for one in issue.sections if one.id == section for item in one.items]
    found = {pick.id: pick for pick in issue.entries if pick.id in wanted}
    return tuple(found[id] for id in wanted)


def _editorial(issue: Issue, held: set[str]) -> Editorial | None:
    """The editor's words and choices; their headline is that of the whole issue."""
    whole = issue.editorial
    if whole is None:
        return None
    notes = {id: note for id, note in whole.notes.items() if id in held}
    return replace(whole, headline="", notes=notes)


def _corrected(issue: Issue) -> Iterator[tuple[Pick, str]]:
    """Entries of earlier issues of which this one tells, with what it says."""
    picks = {pick.id: pick for pick in issue.entries if pick.standing == "backlog"}
    for section in issue.sections:
        if section.id == "corrections":
            yield from ((picks[item.id], item.why) for item in section.items if item.id in picks)


def _decisions(issue: Issue, core: tuple[str, ...]) -> tuple[tuple[str, date], ...]:
    """A week around a decision: the whole issue then tells newly accepted papers as titles too."""
    newly = (item for one in issue.sections if one.id == "newly_accepted" for item in one.items)
    told = any(item.form == "title" for item in newly)
    return tuple((venue, sunday(issue.week)) for venue in core if told)


def _empty(made: Issue, picks: tuple[Pick, ...]) -> Issue:
    held = {pick.id for pick in picks}
    sections = tuple(section for section in made.sections if section.id == "made")
    words = wording.reading_words(sections, (), {}, {})
    return replace(
        made,
        headline=NONE,
        minute=(),
        sections=sections,
        entries=tuple(pick for pick in made.entries if pick.id in held),
        abstracts={id: text for id, text in made.abstracts.items() if id in held},
        words=words,
        minutes=wording.reading_minutes(words),
    )


def _with_all_dates(
    made: Issue,
    issue: Issue,
    picks: tuple[Pick, ...],
    core: tuple[str, ...],
    venues: Mapping[str, str],
) -> Issue:
    """Dates that the whole issue only counts are counted here too; they are no entries of it."""
    more = sum(section.rest for section in issue.sections if section.id == "dates")
    if not more:
        return made
    sections = tuple(_longer(section, more) for section in made.sections)
    fresh = tuple(pick for pick in picks if pick.standing in NEWS)
    names = {topic.id: topic.name for topic in issue.topics}
    minute = wording.minute(sections, fresh, made.newly_accepted, core, venues, names)
    headline = minute[0].text if minute else made.headline
    return replace(made, sections=sections, minute=minute, headline=headline)


def _longer(section: Section, more: int) -> Section:
    return replace(section, rest=section.rest + more) if section.id == "dates" else section
