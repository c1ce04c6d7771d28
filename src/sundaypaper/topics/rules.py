"""The tag that a topic's own match gives: its score and its reason."""

from __future__ import annotations

from sundaypaper.models import Tag, Topic

IN_TITLE, IN_SUMMARY = 0.9, 0.6
PER_FURTHER_HIT = 0.03
# Never as sure as a shelf that states its topics, and no summary ever outweighs a title.
MOST_IN_TITLE, MOST_IN_SUMMARY = 0.99, 0.87


def tag_of_match(topic: Topic, reasons: tuple[str, ...]) -> Tag:
    """The tag of a match that holds for these reasons.

    What the title says weighs more than what the summary says, and more distinct hits weigh more
    than one; the score is an order of confidence, not a probability.
    """
    if not reasons:
        return Tag(topic.id, IN_SUMMARY, "nothing that the topic excludes")
    titled = reasons[0].startswith("title: ")
    start, most = (IN_TITLE, MOST_IN_TITLE) if titled else (IN_SUMMARY, MOST_IN_SUMMARY)
    score = min(most, start + PER_FURTHER_HIT * (len(reasons) - 1))
    return Tag(topic.id, round(score, 2), reasons[0])
