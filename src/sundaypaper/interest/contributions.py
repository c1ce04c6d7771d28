"""The parts of every story's score: votes, posts, claims, authors, what it gives, how it reads."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from math import log2

from sundaypaper.interest import posts, reasons
from sundaypaper.interest.rings import followed, voices
from sundaypaper.interest.rules import MOST_DOUBLINGS, MOST_VOICES, Rules
from sundaypaper.models import Claim, Contribution, Entry, Tagged
from sundaypaper.wording.claims import authors_say
from sundaypaper.wording.counts import plural

REPORT = re.compile(r"\btech(?:nical)? report\b", re.IGNORECASE)


def contributions(tagged: Tagged, best: Claim | None, rules: Rules) -> Iterator[Contribution]:
    """Every part of the score by name, zeros among them; best is the claim that the reasons name."""
    weigh, entry = rules.weights, tagged.story.sighting.entry
    yield from _of_votes(tagged, weigh)
    if best is not None:
        yield from _of_claim(best, rules)
    if tagged.acceptance is not None:
        yield Contribution("newly accepted", weigh["newly accepted"], "newly accepted this week")
    if author := followed(tagged, rules):
        yield Contribution("author", weigh["author"], f"by {author}, a followed author")
    if heard_by := voices(tagged.story.discussed):
        value = weigh["discussed"] * min(len(heard_by), MOST_VOICES)
        heard = f"discussed in {reasons.count_posts(tagged.story.discussed)}"
        yield Contribution("discussed", value, heard)
    yield from _of_evidence(tagged, weigh)
    if entry.kind == "post":
        yield from posts.contributions(tagged, rules)
        return
    yield from _of_topic(tagged, rules)
    if entry.kind == "paper" and not entry.own_words:
        yield from _of_paper(entry, tagged.claims, rules)


def _of_votes(tagged: Tagged, weigh: Mapping[str, float]) -> Iterator[Contribution]:
    """The list with most votes alone: two lists may have one and the same reader."""
    if tagged.votes:
        most = max(tagged.votes, key=lambda votes: votes.count)
        value = weigh["votes"] * min(log2(1 + max(0, most.count)), MOST_DOUBLINGS)
        yield Contribution("votes", round(value, 4), reasons.votes_reason(most))


def _of_claim(claim: Claim, rules: Rules) -> Iterator[Contribution]:
    weigh, why = rules.weights, authors_say(claim, rules.venues)
    if claim.status != "accepted":
        yield Contribution("status", weigh.get(f"status.{claim.status}", 0.0), why)
        return
    yield Contribution("presentation", weigh.get(f"presentation.{claim.presentation}", 0.0), why)
    yield Contribution("track", weigh.get(f"track.{claim.track}", 0.0), why)


def _of_evidence(tagged: Tagged, weigh: Mapping[str, float]) -> Iterator[Contribution]:
    for evidence in tagged.evidence:
        if told := reasons.of_evidence(evidence):
            yield Contribution(evidence.kind, weigh[evidence.kind], told)


def _of_topic(tagged: Tagged, rules: Rules) -> Iterator[Contribution]:
    if tagged.tags:
        tag = max(tagged.tags, key=lambda t: t.score)
        value = round(rules.weights["topic"] * tag.score, 4)
        yield Contribution("topic", value, reasons.topic_reason(tag, rules))


def _of_paper(entry: Entry, claims: tuple[Claim, ...], rules: Rules) -> Iterator[Contribution]:
    if REPORT.search(entry.title) or REPORT.search(entry.comment):
        yield Contribution("report", rules.weights["report"], "a technical report")
    if not rules.weights["learnt"]:
        return
    liking, weight = rules.model(entry, claims), rules.weights["learnt"]
    reason = reasons.learnt_reason(liking.words)
    yield Contribution("learnt", round(weight * liking.text, 4), reason)
    number = plural(len(entry.authors) + entry.more_authors, "author")
    value = round(weight * liking.authors, 4)
    yield Contribution("authors", value, f"{number}: readers vote more for the work of many")
