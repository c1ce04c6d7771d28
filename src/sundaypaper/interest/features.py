"""What the learnt model is shown of a paper: its words, and facts about it. No author's name.

title, abstract | fold -> words, pairs of words   } terms
title, abstract, comment, claims, categories      } facts of the text
number of authors; names of labs in the text      } facts of authors and labs
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from itertools import pairwise
from math import log

from sundaypaper.models import CORE_TRACKS, Claim, Entry
from sundaypaper.text import fold

MOST_READ = 1400  # characters of an abstract: as many as the model was shown
ADDRESS = re.compile(r"(?:https?://|www\.)\S+|this https? url", re.IGNORECASE)
# What tells of a venue, or counts already under another name.
UNREAD = frozenset(
    "accepted accept acceptance appear camera ready published proceedings conference workshop "
    "neurips nips icml cvpr iclr iccv eccv aaai emnlp naacl corl icra iros submitted arxiv "
    "code codes github huggingface hugging http https http www com org io url page website "
    "project".split()
)
# Labs and the families of models that only one lab makes, where the name means little else: they
# count with the authors.
LABS = frozenset(
    "alibaba amazon anthropic baidu bytedance claude cohere deepmind deepseek ernie gemini "
    "gemma google huawei hunyuan ibm internlm internvl kimi kling llama microsoft mistral "
    "moonshot nemotron nvidia openai pangu qwen qwen2 qwen3 salesforce samsung stepfun "
    "tencent tongyi wan xiaomi zhipu glm".split()
)
MAGNITUDE = re.compile(r"\b\d+(?:\.\d+)?[BbMKT]\b")
TIMES = re.compile(r"\d ?(?:x|×|\\times|\$\\times\$)(?:\W|$)")
PAGES = re.compile(r"(\d{1,3}) ?(?:pages|pp)\b", re.IGNORECASE)
UNFINISHED = re.compile(r"preprint|under review|in progress|ongoing", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Reading:
    """A paper's terms (`^` before those of the title), and its facts by name."""

    terms: frozenset[str]
    facts: dict[str, float]
    authors: dict[str, float]


def read(entry: Entry, claims: Collection[Claim] = ()) -> Reading:
    """A paper as the model sees it."""
    abstract = entry.summary[:MOST_READ]
    title, text = _words(entry.title), _words(abstract)
    labs = LABS.intersection(title), LABS.intersection(text)
    facts = {name: value for name, value in _facts(entry, abstract, claims) if value}
    return Reading(_terms(title, text), facts, dict(_authors(entry, *labs)))


def _words(text: str) -> list[str]:
    if "http" in text or "www." in text:
        text = ADDRESS.sub(" ", text)
    return fold(text).split()


def _terms(title: list[str], text: list[str]) -> frozenset[str]:
    terms = {*title, *text}
    terms.update(map(" ".join, pairwise(text)))
    terms.update(["^" + word for word in title])
    terms.update([f"^{one} {two}" for one, two in pairwise(title)])
    return frozenset(terms)


def _facts(entry: Entry, abstract: str, claims: Collection[Claim]) -> Iterator[tuple[str, float]]:
    yield from _of_title(entry.title)
    yield from _of_abstract(abstract)
    yield from _of_comment(entry.comment)
    yield from _of_claims(claims)
    for category in entry.categories[:1]:
        yield f"primary {category}", 1.0
    for category in entry.categories[1:]:
        yield f"also {category}", 1.0


def _of_title(title: str) -> Iterator[tuple[str, float]]:
    words = len(title.split())
    yield "title: length", len(title) / 100
    yield "title: words", log(1 + words)
    yield "title: four words or fewer", float(words <= 4)
    yield "title: a colon", float(":" in title)
    yield "title: a question", float("?" in title)


def _of_abstract(abstract: str) -> Iterator[tuple[str, float]]:
    yield "abstract: length", len(abstract) / 1000
    yield "abstract: short", float(len(abstract) < 700)
    yield "abstract: we", (abstract.count("We ") + abstract.count(" we ")) / 5
    yield "abstract: a magnitude", float(bool(MAGNITUDE.search(abstract)))
    yield "abstract: times", float(bool(TIMES.search(abstract)))


def _of_comment(comment: str) -> Iterator[tuple[str, float]]:
    if not comment:
        return
    pages = PAGES.search(comment)
    yield "comment", 1.0
    yield "comment: figures", float("figure" in comment)
    yield "comment: unfinished", float(bool(UNFINISHED.search(comment)))
    yield "comment: pages", float(bool(pages))
    yield (
        "comment: many pages",
        max(0.0, log(int(pages[1]) / 12)) if pages and int(pages[1]) else 0.0,
    )


def _of_claims(claims: Collection[Claim]) -> Iterator[tuple[str, float]]:
    """What was accepted has been read before: readers elsewhere vote less for it."""
    accepted = [claim for claim in claims if claim.status == "accepted"]
    yield "claim: accepted", float(bool(accepted))
    yield "claim: main track", float(any(claim.track in CORE_TRACKS for claim in accepted))
    yield "claim: journal", float(any(claim.track == "journal" for claim in accepted))
    yield "claim: workshop", float(any(claim.track == "workshop" for claim in accepted))
    yield "claim: submitted", float(any(claim.status == "submitted" for claim in claims))


def _authors(
    entry: Entry, in_title: frozenset[str], in_abstract: frozenset[str]
) -> Iterator[tuple[str, float]]:
    number = max(1, len(entry.authors) + entry.more_authors)
    yield "authors: one", float(number == 1)
    yield "authors: two or fewer", float(number <= 2)
    yield "authors: how many", log(number)
    yield "authors: over eight", max(0.0, log(number / 8))
    yield "authors: over twenty", max(0.0, log(number / 20))
    yield "lab: in the title", float(bool(in_title))
    yield "lab: in the abstract", float(bool(in_abstract))
