"""The parts of every story's score: claims, authors, evidence, topic, and how a paper reads."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from sundaypaper.interest import posts
from sundaypaper.interest.reasons import code_reason, count_posts, topic_reason
from sundaypaper.interest.rings import followed, voices
from sundaypaper.interest.rules import MOST_VOICES, Rules
from sundaypaper.models import Claim, Contribution, Ring, Tagged
from sundaypaper.wording.claims import authors_say


def contributions(
    tagged: Tagged, ring: Ring, best: Claim | None, rules: Rules
) -> Iterator[Contribution]:
    """Every part of the score by name, zeros among them; best is the claim that the reasons name."""
    weigh = rules.weights
    author, heard_by = followed(tagged, rules), voices(tagged.story.discussed)
    by = f"by {author}, a followed author"
    heard = f"discussed in {count_posts(tagged.story.discussed)}"
    why = (
        authors_say(best, rules.venues)
        if best
        else by
        if author
        else heard
        if heard_by
        else "in the categories"
    )
    yield Contribution("ring", weigh.get(f"ring.{ring}", 0.0), why)
    if best is not None:
        yield from _of_claim(best, weigh, why)
    if tagged.acceptance is not None:
        yield Contribution("newly accepted", weigh["newly accepted"], "newly accepted this week")
    if author:
        yield Contribution("author", weigh["author"], by)
    if heard_by:
        value = weigh["discussed"] * min(len(heard_by), MOST_VOICES)
        yield Contribution("discussed", value, heard)
    yield from _of_evidence(tagged, weigh)
    if tagged.story.sighting.entry.kind == "post":
        yield from posts.contributions(tagged, rules)
        return
    yield from _of_topic(tagged, rules)
    yield from _of_text(tagged, rules)


def _of_claim(claim: Claim, weigh: Mapping[str, float], why: str) -> Iterator[Contribution]:
    if claim.status != "accepted":
        yield Contribution("status", weigh.get(f"status.{claim.status}", 0.0), why)
        return
    yield Contribution("presentation", weigh.get(f"presentation.{claim.presentation}", 0.0), why)
    yield Contribution("track", weigh.get(f"track.{claim.track}", 0.0), why)


def _of_evidence(tagged: Tagged, weigh: Mapping[str, float]) -> Iterator[Contribution]:
    for evidence in tagged.evidence:
        if evidence.kind == "code":
            yield Contribution("code", weigh["code"], code_reason(evidence.span))
        if evidence.kind == "data":
            yield Contribution("data", weigh["data"], "comes with a dataset or benchmark")
        if evidence.kind == "survey":
            yield Contribution("survey", weigh["survey"], "a survey of its field")


def _of_topic(tagged: Tagged, rules: Rules) -> Iterator[Contribution]:
    if tagged.tags:
        tag = max(tagged.tags, key=lambda t: t.score)
        value = round(rules.weights["topic"] * tag.score, 4)
        yield Contribution("topic", value, topic_reason(tag, rules))


def _of_text(tagged: Tagged, rules: Rules) -> Iterator[Contribution]:
    entry = tagged.story.sighting.entry
    if entry.kind != "paper" or not rules.weights["prior"] or entry.own_words:
        return
    share, words = rules.prior(entry.title, entry.summary)
    named = f": {', '.join(words)}" if words else ""
    reason = f"reads like papers that venues accept{named}"
    yield Contribution("prior", round(rules.weights["prior"] * share, 4), reason)
