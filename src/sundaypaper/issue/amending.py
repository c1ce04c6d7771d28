"""Amends printed issues: a note under an entry, a neutral line in place of a removed one, and the
editor's words as they were corrected.

A stored issue never changes; what is rendered is the issue as amended.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence, Set
from dataclasses import replace
from datetime import datetime
from itertools import chain

from sundaypaper import markdown
from sundaypaper.issue.material import Correction
from sundaypaper.models import (
    Amendment,
    Contribution,
    Editorial,
    Issue,
    IssueHead,
    Item,
    Mention,
    MinuteLine,
    Pick,
    Picked,
    Section,
)
from sundaypaper.text import fold
from sundaypaper.wording.amendments import amendment_label, ended_words
from sundaypaper.wording.counts import new_words
from sundaypaper.wording.dates import day_words
from sundaypaper.wording.sentences import sentence

Amendments = Mapping[str, tuple[Amendment, ...]]
REMOVED = "Removed"
CORRECTIONS = "corrections"


def correction(pick: Pick, week: str, amendments: Sequence[Amendment]) -> Correction:
    """The line in the next issue that corrects an entry of the issue of week; never of this week."""
    aside = replace(pick, standing="backlog")
    gone = _removal(amendments)
    if gone is not None:
        return Correction(neutral(aside, gone), f"In {week}: {removed_words(gone)}", (gone,))
    held = [amendment for amendment in amendments if amendment.holds]
    if held:
        line = f"Correction to {week}: {' '.join(amendment.text for amendment in held)}"
        return Correction(aside, line, tuple(held))
    said = " ".join(f"{amendment_label(one)}: {one.text}" for one in amendments)
    return Correction(aside, f"In {week}: {said}", tuple(amendments))


def told(amendments: Iterable[Amendment]) -> tuple[Amendment, ...]:
    """Amendments without those that a later one of their kind replaced: what readers are told."""
    every = tuple(amendments)
    begun = {(one.id, one.kind, one.made, one.text) for one in every}
    return tuple(one for one in every if not _is_replaced(one, begun))


def _is_replaced(one: Amendment, begun: Set[tuple[str, str, datetime, str]]) -> bool:
    others = begun - {(one.id, one.kind, one.made, one.text)}
    return any((id, kind, at) == (one.id, one.kind, one.until) for id, kind, at, _ in others)


def amended(issue: Issue, amendments: Amendments, whole: Issue | None = None) -> Issue:
    """The issue as it may be shown now: with notes, corrected words, and removed entries as one line.

    A removed entry stays in its place, so that numbers and order remain; nothing else of the issue
    keeps its words. whole is the issue that an edition was cut from: the editor may name there what
    the edition lacks.
    """
    held = {pick.id for pick in issue.entries} | {amendment.id for amendment in issue.amendments}
    relevant = {id: some for id, some in amendments.items() if id in held or id == issue.week}
    gone = removals(amendments)
    # What an issue tells of another was printed as it was then; what became of it is known here.
    every = {
        _name(one): one for one in (*issue.amendments, *chain.from_iterable(relevant.values()))
    }
    kept = (
        amendment
        for amendment in told(every.values())
        if amendment.id not in gone or amendment == gone[amendment.id]
    )
    known = (whole or issue).entries
    issue = _reworded(issue, relevant.get(issue.week, ()))
    issue = replace(
        issue, amendments=tuple(sorted(kept, key=lambda amendment: (amendment.made, amendment.id)))
    )
    issue = replace(issue, sections=tuple(_ended(issue, section) for section in issue.sections))
    return _without(issue, gone, known) if gone else issue


def _ended(issue: Issue, section: Section) -> Section:
    """The corrections that an issue told, with what became of them since."""
    if section.id != CORRECTIONS:
        return section
    since = {one.id: one for one in issue.amendments if one.until and one.until > issue.composed}
    items = (
        replace(item, why=f"{sentence(item.why)} {ended_words(since[item.id])}")
        if item.id in since
        else item
        for item in section.items
    )
    return replace(section, items=tuple(items))


def _name(one: Amendment) -> tuple[str, str, datetime, str]:
    return one.id, one.kind, one.made, one.text


def _reworded(issue: Issue, amendments: Iterable[Amendment]) -> Issue:
    """The issue with the editor's words that were corrected; an edition keeps a headline of its own."""
    words = {one.kind: one for one in amendments if one.holds}
    if not words:
        return issue
    own = issue.editorial or Editorial()
    if head := words.get("headline"):
        said = head.text if issue.headline == head.old else issue.headline
        own, issue = replace(own, headline=head.text), replace(issue, headline=said)
    if intro := words.get("intro"):
        own = replace(own, intro=intro.text)
    return replace(issue, editorial=own)


def amended_picked(picked: Picked, amendments: Amendments) -> Picked:
    """What an issue printed, as it may be shown now."""
    gone = removals(amendments)
    if not gone:
        return picked
    return replace(
        picked,
        picks=tuple(_amended(pick, gone) for pick in picked.picks),
        abstracts={id: text for id, text in picked.abstracts.items() if id not in gone},
    )


def amended_head(head: IssueHead, issue: Issue) -> IssueHead:
    """The head of an issue as the archive may list it; issue is the one that was amended."""
    return replace(head, headline=issue.headline)


def neutral(pick: Pick, removal: Amendment) -> Pick:
    """One line in place of a removed entry: nothing of its words, its place as it was."""
    return replace(
        pick,
        source="",
        group="",
        url="",
        title=REMOVED,
        authors=(),
        more_authors=0,
        published=None,
        categories=(),
        comment="",
        journal_ref="",
        claims=(),
        tags=tuple(replace(tag, reason="") for tag in pick.tags),
        evidence=(),
        gist="",
        own_words=False,
        contributions=(Contribution("removed", pick.score, ""),),
        reasons=(removed_words(removal),),
        discussed=(),
        copies=(),
        starts=None,
        ends=None,
        zone="",
        occasion="",
        venue="",
        votes=(),
    )


def removed_words(removal: Amendment) -> str:
    """`Removed on 12 March 2026: at the authors' request`."""
    return f"Removed on {day_words(removal.made)}: {removal.text}"


def _removal(amendments: Iterable[Amendment]) -> Amendment | None:
    return next((one for one in amendments if one.kind == "removed" and one.holds), None)


def removals(amendments: Amendments) -> dict[str, Amendment]:
    """The removal of each entry that was taken out, by its id."""
    by_id = {id: _removal(some) for id, some in amendments.items()}
    return {id: removal for id, removal in by_id.items() if removal is not None}


def _amended(pick: Pick, gone: Mapping[str, Amendment]) -> Pick:
    if pick.id in gone:
        return neutral(pick, gone[pick.id])
    discussed, copies = _others(pick.discussed, gone), _others(pick.copies, gone)
    if (discussed, copies) == (pick.discussed, pick.copies):
        return pick
    return replace(pick, discussed=discussed, copies=copies)


def _others(mentions: tuple[Mention, ...], gone: Mapping[str, Amendment]) -> tuple[Mention, ...]:
    return tuple(mention for mention in mentions if mention.id not in gone)


def _without(issue: Issue, gone: Mapping[str, Amendment], known: Iterable[Pick]) -> Issue:
    picks = [pick for pick in known if pick.id in gone and pick.title != REMOVED]
    editorial = _cleared(issue.editorial, picks, gone) if issue.editorial else None
    silent = [line for line in issue.minute if _names(line, gone) or _tells(line.text, picks)]
    minute = tuple(line for line in issue.minute if line not in silent)
    funnel = {"paper": issue.funnel.new, "post": issue.funnel.posts}
    counted = minute[0].text if minute else new_words(funnel)
    unsaid = _tells(issue.headline, picks) or issue.headline in {line.text for line in silent}
    return replace(
        issue,
        headline=counted if unsaid else issue.headline,
        minute=minute,
        sections=tuple(_neutral_section(section, gone) for section in issue.sections),
        entries=tuple(_amended(pick, gone) for pick in issue.entries),
        abstracts={id: text for id, text in issue.abstracts.items() if id not in gone},
        newly_accepted=tuple(gained for gained in issue.newly_accepted if gained.id not in gone),
        taken_back=tuple(lost for lost in issue.taken_back if lost.id not in gone),
        follow_ups=tuple(later for later in issue.follow_ups if later.id not in gone),
        editorial=editorial,
        earlier=tuple(e for e in issue.earlier if e.id not in gone and e.other not in gone),
        amendments=tuple(_silenced(amendment, issue.week, picks) for amendment in issue.amendments),
    )


def _silenced(amendment: Amendment, week: str, picks: Sequence[Pick]) -> Amendment:
    """Corrected words of the week, without those that name a removed entry."""
    if amendment.id != week:
        return amendment
    new, old = (
        "" if _tells(markdown.plain(words), picks) or _leads_to(words, picks) else words
        for words in (amendment.text, amendment.old)
    )
    return replace(amendment, text=new, old=old)


def _neutral_section(section: Section, gone: Mapping[str, Amendment]) -> Section:
    if all(item.id not in gone and item.report not in gone for item in section.items):
        return section
    return replace(section, items=tuple(_neutral_item(item, gone) for item in section.items))


def _neutral_item(item: Item, gone: Mapping[str, Amendment]) -> Item:
    words = removed_words(gone[item.id]) if item.id in gone else ""
    item = replace(item, report="") if item.report in gone else item
    return item if words in item.why else replace(item, why=words)


def _cleared(
    editorial: Editorial, picks: Sequence[Pick], gone: Mapping[str, Amendment]
) -> Editorial:
    """The editor's words without the paragraphs that name a removed entry."""
    kept = [
        block
        for block in markdown.blocks(editorial.intro)
        if not _tells(markdown.plain(block), picks) and not _leads_to(block, picks)
    ]
    notes = {
        id: note
        for id, note in editorial.notes.items()
        if id not in gone and not _tells(note, picks)
    }
    headline = "" if _tells(editorial.headline, picks) else editorial.headline
    return replace(editorial, headline=headline, intro="\n\n".join(kept), notes=notes)


def _names(line: MinuteLine, gone: Mapping[str, Amendment]) -> bool:
    """Whether a line of the minute is about a removed entry, by whatever name."""
    return any(id in gone for id in line.about)


def _tells(text: str, picks: Iterable[Pick]) -> bool:
    """Whether a text holds the title of a removed entry, or the whole name of an author."""
    folded = f" {fold(text)} "
    names = (name for pick in picks for name in (pick.title, *pick.authors))
    return any(f" {words} " in folded for name in names if (words := fold(name)))


def _leads_to(block: str, picks: Iterable[Pick]) -> bool:
    to = " ".join(markdown.links(block))
    marks = (mark for pick in picks for mark in (pick.url, pick.id.partition(":")[2]))
    return any(mark in to for mark in marks if mark)
