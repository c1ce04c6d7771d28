"""The reasons printed with an entry, in words for a person who can check them: at most two.

What only a model says, a matched word, a category or a score never stands here; `explain` and the
entry's own page have them.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping

from sundaypaper.issue.claims import presented
from sundaypaper.issue.material import Frame
from sundaypaper.models import Acceptance, Evidence, FollowUp, Pick, Presentation, Votes
from sundaypaper.weeks import iso_week
from sundaypaper.wording.claims import venue_name, venue_words
from sundaypaper.wording.counts import listed, number, plural
from sundaypaper.wording.dates import DAYS, day_words
from sundaypaper.wording.sentences import clip

EDITORS = "the editor’s choice"
MOST = 2
SOURCES_NAMED = 2
# Fewer votes than these say little: nearly every paper of such a list has them.
VOTES_THAT_COUNT = 5
GIVEN = ("weights", "code", "data")
# Where the words that show the data say no more than that there are some, they may not be out.
OUT = re.compile(
    r"://|\b(?:github|huggingface|zenodo|kaggle)\b|\b(?:releas|publish|publicly|open[- ]?sourc|available)",
    re.IGNORECASE,
)
PRESENTED: Mapping[Presentation, str] = {
    "best_paper": "an award at {}",
    "finalist": "nominated for an award at {}",
    "oral": "an oral at {}",
    "spotlight": "a spotlight at {}",
    "highlight": "a highlight at {}",
    "poster": "a poster at {}",
}


def why(pick: Pick, frame: Frame, what: str = "", most: int = MOST) -> str:
    """What the entry is, if that is said, and its strongest reasons; empty where there is none."""
    found = [reason for reason in reasons(pick, frame) if reason != what]
    return "; ".join(filter(None, (what, *found[: most - bool(what)])))


def editors_why(pick: Pick, frame: Frame) -> str:
    """The same for an entry that the editor leads with: where there is no reason, their choice."""
    return why(pick, frame) or EDITORS


def why_in_short(pick: Pick, frame: Frame) -> str:
    """The strongest reason beside a title, in few words."""
    if votes := most_voted(pick):
        return f"{plural(votes.count, 'vote')} by {vote_day(votes, frame)}"
    return next(reasons(pick, frame), "")


def reasons(pick: Pick, frame: Frame) -> Iterator[str]:
    """All that speaks for an entry and can be checked, the strongest first."""
    if votes := most_voted(pick):
        voted = f"{number(votes.count)} readers at {votes.source} voted for it"
        yield f"{voted} by {vote_day(votes, frame)}"
    if pick.discussed:
        names = tuple(dict.fromkeys(post.source for post in pick.discussed))
        more = (f"{len(names) - SOURCES_NAMED} more",) if len(names) > SOURCES_NAMED else ()
        yield f"told by {listed((*names[:SOURCES_NAMED], *more))}"
    if claim := presented(pick, frame):
        words = PRESENTED[claim.presentation or "poster"]
        yield words.format(venue_name(claim.venue, frame.venues, claim.span))
    spans = {evidence.kind: evidence.span for evidence in pick.evidence}
    kinds = spans.keys()
    given = [
        kind for kind in GIVEN if kind in kinds and (kind != "data" or OUT.search(spans[kind]))
    ]
    if given:
        are = "is" if given == ["code"] else "are"
        yield f"{listed(given)} {are} out"
    if "data" in kinds and "data" not in given:
        yield "brings a data set or a benchmark"
    if "survey" in kinds:
        yield "a survey of its field"
    yield from (part.reason for part in pick.contributions if part.name == "author")
    if "project" in kinds and not given:
        yield "a project page shows it"


def most_voted(pick: Pick) -> Votes | None:
    """The votes of the list with the most, where they are enough to say something."""
    votes = max(pick.votes, key=lambda votes: votes.count, default=None)
    return votes if votes and votes.count >= VOTES_THAT_COUNT else None


def vote_day(votes: Votes, frame: Frame) -> str:
    """The day of the votes: `Sunday`, or a date where it lies in another week than the issue's."""
    day = votes.asked.date()
    in_week = iso_week(day) == frame.week
    return DAYS[day.weekday()] if in_week else day_words(day, year=False)


def carries(pick: Pick, *kinds: str) -> bool:
    """Whether the pick has evidence of one of these kinds."""
    return any(evidence.kind in kinds for evidence in pick.evidence)


def evidence_of(pick: Pick, kind: str) -> Evidence | None:
    """The first evidence of a kind."""
    return next((evidence for evidence in pick.evidence if evidence.kind == kind), None)


def came_out(follow_up: FollowUp) -> str:
    """`printed in 2026-W10 without code; names it now: github.com/a/b`."""
    span = re.sub(r"^https?://(?:www\.)?", "", follow_up.span)
    span = span if "/" in span else f"“{span}”"
    return clip(f"printed in {follow_up.printed} without code; names it now: {span}")


def took_back(acceptance: Acceptance, venues: Mapping[str, str]) -> str:
    """What a paper no longer says: `withdrawn; it said: accepted at CVPR 2026`."""
    place = venue_words(acceptance.claim, venues)
    if acceptance.change == "withdrawn":
        return f"withdrawn by its authors; it said that it was accepted at {place}"
    return f"no longer says that it was accepted at {place}"
