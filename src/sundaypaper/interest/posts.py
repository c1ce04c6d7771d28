"""The parts of the score that only posts have, beside those they share with papers.

They are its topic, its kinds of writing, what it says is out, who writes it, the papers it discusses
and the other sources that have it; less for news of companies, customers, events, politics and
products, and far less for a source that floods the week.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from datetime import date, timedelta

from sundaypaper.interest import post_words
from sundaypaper.interest.reasons import topic_reason
from sundaypaper.interest.rings import voices
from sundaypaper.interest.rules import MOST_VOICES, Rules
from sundaypaper.models import Contribution, Entry, Tagged

RECENT = timedelta(weeks=8)
MOST_A_WEEK = 15
GROUP_REASONS = {
    "practitioner": "written by a practitioner",
    "course": "from a course",
    "researcher": "written by a researcher",
    "lab": "from a research lab",
    "vendor": "from a vendor",
}
PAPER_ID = re.compile(r"arxiv:([0-9]{2})([0-9]{2})\.[0-9]+")


def contributions(tagged: Tagged, rules: Rules) -> Iterator[Contribution]:
    """The parts of the score that only posts have."""
    entry, weigh = tagged.story.sighting.entry, rules.weights
    yield from _of_writing(tagged, rules)
    reason = GROUP_REASONS.get(entry.group, f"from the group {entry.group}")
    yield Contribution("group", weigh.get(f"group.{entry.group}", 0.0), reason)
    weight = weigh.get(f"source:{entry.source}", 1.0) - 1.0
    reason = f"{entry.source} is weighed {'up' if weight > 0 else 'down'} in feeds.yaml"
    yield Contribution("source", round(weigh["source"] * weight, 4), reason)
    if any(_is_recent(paper, rules.sunday) for paper in tagged.story.papers):
        yield Contribution("links a paper", weigh["links a paper"], "discusses a recent paper")
    if others := voices(tagged.story.copies) - {entry.source}:
        value = weigh["told elsewhere"] * min(len(others), MOST_VOICES)
        reason = f"told by {len(others)} other {'source' if len(others) == 1 else 'sources'}"
        yield Contribution("told elsewhere", value, reason)
    if posted := rules.flooding.get(entry.source):
        reason = f"{entry.source} posted {posted} times this week: an only: would choose among them"
        yield Contribution("too many", weigh["too many"], reason)


def _of_writing(tagged: Tagged, rules: Rules) -> Iterator[Contribution]:
    """What the post is about, and how much it has of each kind of writing."""
    entry, weigh = tagged.story.sighting.entry, rules.weights
    if tagged.tags:
        tag = max(tagged.tags, key=lambda t: t.score)
        yield _part("topic", weigh["post.topic"] * tag.score, topic_reason(tag, rules))
    about = post_words.is_about(entry)
    yield _part("field", weigh["field"] * about, "about machine learning or data")
    yield from _of_kind(post_words.RESEARCH, entry, weigh)
    if about or post_words.share(post_words.RESEARCH, entry)[0]:
        yield from _of_kind(post_words.ENGINEERING, entry, weigh)
    if any(evidence.kind in ("tutorial", "course") for evidence in tagged.evidence):
        yield Contribution("lesson", weigh["lesson"], "teaches")
    else:
        yield from _of_kind(post_words.LESSON, entry, weigh)
    for evidence in tagged.evidence:
        if evidence.kind == "release":
            yield Contribution("release", weigh["release"], f"is out: {evidence.span}")
    if entry.group != "newsletter":  # it quotes the news of others
        for kind in post_words.NEWS:
            yield from _of_kind(kind, entry, weigh)


def _of_kind(
    kind: post_words.Kind, entry: Entry, weigh: Mapping[str, float]
) -> Iterator[Contribution]:
    share, word = post_words.share(kind, entry)
    if share:
        yield _part(kind.name, weigh[kind.name] * share, f"{kind.says}: {word}")


def _part(name: str, value: float, reason: str) -> Contribution:
    return Contribution(name, round(value, 4), reason)


def _is_recent(paper: str, sunday: date) -> bool:
    """Whether the month in the paper's id began or ended in the eight weeks before the week's end."""
    match = PAPER_ID.match(paper)
    if not match:
        return False
    year, month = 2000 + int(match[1]), int(match[2])
    after = date(year + month // 12, month % 12 + 1, 1)
    return date(year, month, 1) <= sunday and after > sunday - RECENT
