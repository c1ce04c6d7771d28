"""What of the posts is worth printing, and which of them say that something is out.

Needs SUNDAYPAPER_DATA. benchmarks/gold/graded-posts.jsonl holds posts by id, or by title and address
where the shared data has none; grade 2 is worth printing for somebody who builds with machine
learning, 1 could stand, 0 not (marketing, news of a company, an event, something else); release says
whether a model, data set or tool is out now, null where that is a matter of taste. Every half was
labelled before it was scored. The rules of what is out were mended after each; those of the
score were fitted without `aside`. benchmarks/gold/releases.jsonl holds five later draws of posts of
labs and vendors, labelled before the first run on each, whose outcome is `told`. Weeks are drawn from a half: of a shuffle the first SIZE posts with
at most POOL of a source, about as many as the default feeds post. Usage: posts.py [-v]
"""

from __future__ import annotations

import hashlib
import random
import statistics
import sys
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime

from captured import gold, posts

from sundaypaper import gist, query, topics
from sundaypaper.config import default_config
from sundaypaper.interest.rank import rank
from sundaypaper.issue.prepared import POST_FLOOR
from sundaypaper.models import Entry, Pick, Sighting, Story, Tagged

SIZE, POOL, WEEKS, PRINTED, A_SOURCE, SEED = 50, 8, 400, 8, 2, 7
DRAWN = ("tune", "fresh", "last", "final", "close", "aside")
DRAWS = (1, 2, 3, 4, 5)  # of releases.jsonl
EARLIER = ("earlier tune", "earlier test")  # posts.jsonl: print or skip, of weeks gone by
SEEN = datetime(2026, 3, 4, tzinfo=UTC)
# Who writes, as feeds.yaml would say; what is not here has no group.
GROUPS = {
    "lab": "OpenAI Research News|Anthropic Research|Anthropic Frontier Red Team Blog|AISI Blog|"
    "FAR.AI - Publications|Transluce - Research|EleutherAI Papers|Ai2 News|AI at Meta Blog|"
    "Meta Ai News|Bytedance Seed Blog|Turing Blog|Turing News|Mila News|Qwen",
    "vendor": "Anthropic News|Claude Blog|Mistral News|Mistral AI News|The Cohere Blog|Cohere Blog|"
    "xAI News|Minimax Blog|Z Ai Blog|Cloud Blog|Ollama Blog|Dagster Blog",
    "practitioner": "Weaviate Blog|Anthropic Engineering Blog|OpenAI Engineering|"
    "OpenAI Developer Blog|Google Developers Blog - AI|Hugging Face",
    "newsletter": "The Batch|TLDR AI|Aibase Daily",
    "researcher": "Posts on Lil|davidbau.com",
}


@dataclass(frozen=True, slots=True)
class Graded:
    """A labelled post, read as the pipeline would read it."""

    half: str
    grade: int
    release: bool | None
    read: Tagged

    @property
    def id(self) -> str:
        """The id of its entry."""
        return self.read.story.sighting.entry.id


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


def graded(known: Mapping[str, Entry]) -> list[Graded]:
    """The labelled posts; what has no id is read by its title alone, as some feeds give no more."""
    return [
        Graded(row["half"], row["grade"], row["release"], read(known.get(row.get("id", ""), _titled(row))))
        for row in gold("graded-posts.jsonl")
    ]  # fmt: skip


def releases(known: Mapping[str, Entry]) -> list[Graded]:
    """The later draws, of which only what is out was labelled."""
    rows = gold("releases.jsonl")
    return [Graded(f"draw {r['draw']}", 0, r["release"], read(known[r["id"]])) for r in rows]


def first_sight(draw: int) -> tuple[int, int, int]:
    """How many releases a later draw's first run found, told, and how many were due."""
    rows = [r for r in gold("releases.jsonl") if r["draw"] == draw and r["release"] is not None]
    hits = sum(row["told"] and row["release"] for row in rows)
    return hits, sum(row["told"] for row in rows), sum(row["release"] for row in rows)


def earlier(known: Mapping[str, Entry]) -> list[Graded]:
    """The posts that were labelled print or skip before there were grades."""
    return [
        Graded(f"earlier {row['half']}", int(row["print"]), None, read(known[row["id"]]))
        for row in gold("posts.jsonl")
    ]


def _titled(row: Mapping[str, str]) -> Entry:
    url = row.get("url", "")
    id = f"post:{hashlib.sha256(url.encode()).hexdigest()[:16]}"
    return Entry(id, "post", row["site"], url, row["title"])


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


def weeks(rows: Iterable[Graded]) -> Iterable[list[Tagged]]:
    """Weeks drawn from the posts of a half."""
    draw, by_id = random.Random(SEED), sorted(rows, key=lambda row: row.id)
    for _ in range(WEEKS):
        taken: Counter[str] = Counter()
        week: list[Tagged] = []
        for row in draw.sample(by_id, len(by_id)):
            source = row.read.story.sighting.entry.source
            taken[source] += 1
            if taken[source] <= POOL and len(week) < SIZE:
                week.append(row.read)
        yield week


def printed(rows: Iterable[Graded]) -> list[tuple[float, float, int]]:
    """Of each drawn week: the shares of what is printed that have grade 1 or 2, and 2; their number."""
    rows = list(rows)
    grades = {row.id: row.grade for row in rows}
    told = []
    for week in weeks(rows):
        given = [grades[pick.id] for pick in first(ranked(week), A_SOURCE, POST_FLOOR)]
        number = max(1, len(given))
        told.append((sum(g > 0 for g in given) / number, sum(g > 1 for g in given) / number, len(given)))  # fmt: skip
    return told


def above(rows: Iterable[Graded]) -> list[tuple[int, bool]]:
    """The grade of each post, and whether it stands above the floor, whatever else a week holds."""
    return [(row.grade, ranked([row.read])[0].score >= POST_FLOOR) for row in rows]


def released(rows: Iterable[Graded]) -> tuple[int, int, int]:
    """How many releases are found, told and due."""
    counted = [row for row in rows if row.release is not None]
    told = [row for row in counted if any(e.kind == "release" for e in row.read.evidence)]
    return sum(bool(row.release) for row in told), len(told), sum(bool(r.release) for r in counted)


def measure(half: str, rows: list[Graded]) -> None:
    """Prints the figures of one half."""
    shares, grades = printed(rows), above(rows)
    held = [grade for grade, is_above in grades if is_above]
    twentieths = statistics.quantiles([right for right, _, _ in shares], n=20)
    hits, told, due = released(rows)
    print(
        f"{half}: {len(rows)} posts, {sum(g > 0 for g, _ in grades) / len(rows):.2f} of grade 1 or 2\n"
        f"  a week's first {PRINTED}, {A_SOURCE} a source: {statistics.mean(s[0] for s in shares):.3f} "
        f"({twentieths[0]:.2f} to {twentieths[-1]:.2f}), of grade 2 {statistics.mean(s[1] for s in shares):.2f}, "
        f"{statistics.mean(s[2] for s in shares):.1f} printed\n"
        f"  all above the floor: {sum(g > 0 for g in held) / len(held):.3f} of {len(held)}, of grade 2 "
        f"{sum(g > 1 for g in held) / len(held):.2f}; they are {len(held) / len(rows):.2f} of all\n"
        f"  what is out: precision {hits / max(1, told):.3f} of {told}, recall {hits / max(1, due):.3f} of {due}"
    )  # fmt: skip


def main() -> None:
    """Prints the figures of each half; with -v every post of it by score."""
    known = posts()
    rows, later = graded(known) + earlier(known), releases(known)
    for draw in DRAWS:
        now = released(row for row in later if row.half == f"draw {draw}")
        for when, (hits, told, due) in (("on first sight", first_sight(draw)), ("now", now)):
            print(
                f"what is out, draw {draw} {when}: {hits} of {told} told and of {due} due are right"
            )
    for half in (*DRAWN, *EARLIER):
        of_half = [row for row in rows if row.half == half]
        measure(half, of_half)
        if "-v" in sys.argv:
            by_id = {row.id: row for row in of_half}
            alone = [ranked([row.read])[0] for row in of_half]
            for pick in sorted(alone, key=lambda pick: -pick.score):
                row = by_id[pick.id]
                parts = ", ".join(f"{c.name} {c.value:+.2f}" for c in pick.contributions)
                out = next((e.span for e in pick.evidence if e.kind == "release"), "")
                print(f"  {row.grade} {pick.score:5.2f} {row.release!s:5} [{out}] {pick.source[:16]}: "
                      f"{pick.title[:70]} ({parts})")  # fmt: skip


if __name__ == "__main__":
    main()
