"""Why an issue that holds an entry does not print it: what it lacked, in sentences."""

from __future__ import annotations

from collections.abc import Iterator

from sundaypaper.issue.choosing import topic_of
from sundaypaper.issue.claims import core_claim, elsewhere_claim, is_in_main_track
from sundaypaper.issue.material import NEWS, Frame
from sundaypaper.issue.prepared import POST_FLOOR
from sundaypaper.issue.reasons import reasons
from sundaypaper.models import Issue, Pick, Section
from sundaypaper.wording.counts import number

NOTHING_TO_CHECK = (
    "It has no reason that a reader can check: fewer than five votes, no post that tells of it, no oral, no code, "
    "weights or data, no survey, no project page, no author whom you follow."
)


def unprinted(issue: Issue, pick: Pick, frame: Frame) -> Iterator[str]:
    """Sentences for a pick that stands in no section of the issue; frame is that of `frame_of`."""
    if issue.editorial and pick.id in issue.editorial.drop:
        yield "The editor dropped it."
    elif pick.standing not in NEWS:
        yield "It is no news of this week: an older paper is printed where it is newly accepted, takes that back, or names its code now."  # fmt: skip
    elif pick.kind == "post":
        yield from _of_post(issue, pick)
    elif pick.kind == "paper":
        yield from _of_paper(issue, pick, frame)


def _of_post(issue: Issue, pick: Pick) -> Iterator[str]:
    if pick.score < POST_FLOOR:
        yield f"A post needs a score of {POST_FLOOR:g}."
        return
    yield from _against(issue, pick, "blogs", "full short")


def _of_paper(issue: Issue, pick: Pick, frame: Frame) -> Iterator[str]:
    papers = [p for p in issue.entries if p.kind == "paper" and p.standing in NEWS]
    place = 1 + sum((-p.score, p.id) < (-pick.score, pick.id) for p in papers)
    yield f"It is number {number(place)} of {number(len(papers))} papers by interest."
    if core_claim(pick, frame):
        yield from _against(issue, pick, "accepted", "title")
    elif elsewhere_claim(pick, frame):
        yield from _against(issue, pick, "elsewhere", "title")
    elif is_in_main_track(pick):
        yield "A main track or a journal has taken it, of a venue or a year that is no news here; “New and promising” holds what none has taken."  # fmt: skip
    elif not any(reasons(pick, frame)):
        yield NOTHING_TO_CHECK
    else:
        yield from _against(issue, pick, "new", "title")


def _against(issue: Issue, pick: Pick, section: str, forms: str) -> Iterator[str]:
    """How it stands to what the section prints of these forms, or of any."""
    held = next((part for part in issue.sections if part.id == section), None)
    if held is None:
        yield "The section for it is not printed in these sizes."
        return
    least = _least(issue, held, forms)
    if pick.score <= least:
        yield f"The last that “{held.title}” prints has a score of {least:.3f}."
        return
    topic = topic_of(pick)
    names = {topic.id: topic.name for topic in issue.topics}
    about = f"the topic {names.get(topic, topic)}, " if topic else ""
    yield f"“{held.title}” prints some that score less: {about}its source or one of its authors has its share already, or an oral stood before it."  # fmt: skip


def _least(issue: Issue, section: Section, forms: str) -> float:
    scores = {pick.id: pick.score for pick in issue.entries}
    chosen = [item for item in section.items if item.form in forms.split()] or section.items
    return min(scores[item.id] for item in chosen)
