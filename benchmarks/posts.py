"""How many of the first eight posts of a week are worth printing, by labels made without scores.

Needs SUNDAYPAPER_DATA. benchmarks/gold/posts.jsonl holds ids, labels, and a half for each source:
the rules were written looking at `tune`; `test` was not looked at. The labels are few
for real weeks, so weeks are drawn: each shuffles the posts of one half and takes SIZE of them,
about as many as the captured feeds post in a week. Usage: posts.py [-v]
"""

from __future__ import annotations

import random
import statistics
import sys
from collections import Counter
from collections.abc import Iterable
from dataclasses import replace
from datetime import UTC, datetime

from captured import gold, posts

from sundaypaper import gist, query, topics
from sundaypaper.config import default_config
from sundaypaper.interest.rank import rank
from sundaypaper.models import Entry, Pick, Sighting, Story, Tagged

SIZE, WEEKS, PRINTED, A_SOURCE, SEED = 50, 400, 8, 2, 7
FLOOR = 0.8
SEEN = datetime(2026, 3, 4, tzinfo=UTC)
# Who writes, as feeds.yaml would say; what is not here has no group.
GROUPS = {
    "lab": "OpenAI Research News|Anthropic Research|Anthropic Frontier Red Team Blog|AISI Blog|"
    "FAR.AI - Publications|Transluce - Research|EleutherAI Papers|Ai2 News|AI at Meta Blog|"
    "Meta Ai News|Bytedance Seed Blog|Turing Blog|Turing News|Mila News",
    "vendor": "Anthropic News|Claude Blog|Mistral News|Mistral AI News|The Cohere Blog|Cohere Blog|"
    "xAI News|Minimax Blog|Z Ai Blog|Cloud Blog|Ollama Blog|Dagster Blog",
    "practitioner": "Weaviate Blog|Anthropic Engineering Blog|OpenAI Engineering|"
    "OpenAI Developer Blog|Google Developers Blog - AI",
    "newsletter": "The Batch|TLDR AI",
    "researcher": "Posts on Lil|davidbau.com",
}


def group_of(site: str) -> str:
    """The group of a site, empty where none is set."""
    found = (g for g, sites in GROUPS.items() if any(site.startswith(s) for s in sites.split("|")))
    return "researcher" if "Lil&#39;Log" in site or site == "Lil'Log" else next(found, "")


def read(entry: Entry) -> Tagged:
    """A post as the pipeline would read it."""
    entry = replace(entry, group=group_of(entry.source))
    tags = topics.tags(entry, default_config().topics, query.card_of_entry(entry))
    story = Story(Sighting(entry, SEEN, "2026-W10", "new"))
    return Tagged(story, (), tags, gist.evidence(entry))


def ranked(week: Iterable[Tagged]) -> tuple[Pick, ...]:
    """The posts of a drawn week, best first."""
    return rank(tuple(week), core=(), also=(), authors=(), weights={}, week="2026-W10", year=2026)


def first(picks: Iterable[Pick], a_source: int, floor: float) -> list[Pick]:
    """The first eight of that score or more, with at most so many of a source."""
    taken: Counter[str] = Counter()
    chosen = []
    for pick in picks:
        taken[pick.source] += 1
        if taken[pick.source] <= a_source and pick.score >= floor:
            chosen.append(pick)
    return chosen[:PRINTED]


def measure(half: str, read_posts: dict[str, Tagged], worth: dict[str, bool]) -> None:
    """Prints the precision of drawn weeks of one half, with the middle nine tenths."""
    ids = sorted(worth)
    told = [f"{half}: {len(ids)} posts, {sum(worth.values()) / len(ids):.2f} worth printing"]
    for a_source, floor in ((PRINTED, 0.0), (A_SOURCE, 0.0), (A_SOURCE, FLOOR)):
        draw, shares, counts = random.Random(SEED), [], []
        for _ in range(WEEKS):
            week = draw.sample(ids, min(SIZE, len(ids)))
            chosen = first(ranked(read_posts[i] for i in week), a_source, floor)
            counts.append(len(chosen))
            shares.append(sum(worth[p.id] for p in chosen) / max(1, len(chosen)))
        twentieths = statistics.quantiles(shares, n=20)
        told.append(f"at most {a_source} a source, score {floor} or more: {statistics.mean(shares):.3f} "
                    f"({twentieths[0]:.2f} to {twentieths[-1]:.2f}), {statistics.mean(counts):.1f} printed")  # fmt: skip
    print("\n  ".join(told))


def main() -> None:
    """Prints one line a half; with -v every post of it by score."""
    known, rows = posts(), gold("posts.jsonl")
    for half in sorted({row["half"] for row in rows}):
        worth = {row["id"]: row["print"] for row in rows if row["half"] == half}
        read_posts = {i: read(known[i]) for i in worth}
        measure(half, read_posts, worth)
        if "-v" in sys.argv:
            for pick in ranked(read_posts.values()):
                parts = ", ".join(f"{c.name} {c.value:+.2f}" for c in pick.contributions)
                mark = "+" if worth[pick.id] else "-"
                print(f"  {mark} {pick.score:5.2f} {pick.source[:24]}: {pick.title[:70]} ({parts})")


if __name__ == "__main__":
    main()
