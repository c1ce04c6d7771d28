"""The other benchmarks as rows: newly accepted, evidence, gists, stories, posts, the ranking.

The modules beside this package do the work; they read SUNDAYPAPER_DATA when they are imported.
"""

from __future__ import annotations

import re
import statistics
from collections import Counter
from collections.abc import Iterator, Mapping
from datetime import date
from typing import Any

import captured
import evidence
import gists
import lift
import newly_accepted
import numpy as np
import posts
import stories

from sundaypaper import weeks
from sundaypaper.gist import gist, sentences
from sundaypaper.models import Entry
from sundaypaper.text import fold

from .card import DRAWS, SEED, Better, Row, middle, row, share
from .comments import named

WORDS = {
    "code": "github|code",
    "data": "dataset|benchmark",
    "survey": "survey|review",
    "tutorial": "tutorial|how to",
    "course": "course",
    "event": "workshop|webinar|conference",
    "release": "release|introducing",
}


def newly() -> Iterator[Row]:
    """Acceptances that a later comment tells, over the recorded histories of comments."""
    histories = {
        h["id"]: h for h in newly_accepted.rows(newly_accepted.DATA / "comment-history.jsonl.gz")
    }
    gained, taken = newly_accepted.replay(histories.values())
    yield from _gained(histories, gained)
    yield row(
        newly_accepted.doubled(gained),
        key="newly.doubled",
        group="newly",
        n=len(gained),
        of=f"events of {len(histories):,} papers",
        what="Acceptances told twice",
        means="The same paper told again as accepted in the same track of the same venue.",
        form="count",
        better="less",
        floor=0,
    )
    back = newly_accepted.compare_taken(histories, taken, False)
    yield share(
        back.get("found", 0),
        back.get("labelled", 0),
        key="newly.taken",
        group="newly",
        of="claims taken back",
        what="Claims taken back that are found",
        means="So few that the figure says little.",
    )


def _gained(histories: Mapping[str, Any], gained: list[newly_accepted.Told]) -> Iterator[Row]:
    labelled = newly_accepted.compare(histories, gained, False)
    found, false, wanted = (int(str(labelled.get(name, 0))) for name in ("found", "false", "gains"))
    plain = Counter(_naively(histories))
    beside = "the new comment names a venue that the old one did not"
    yield share(
        found,
        wanted,
        key="newly.found",
        group="newly",
        of="acceptances",
        what="Acceptances told by a changed comment that are found",
        means="A paper’s comment changes to say that it was accepted: the week’s issue says so.",
        baseline=plain["found"] / wanted,
        beside=beside,
    )
    yield share(
        found,
        found + false,
        key="newly.precision",
        group="newly",
        of="labelled changes told",
        what="… and that are true",
        means="Of what was told, the share that the comment says.",
        baseline=plain["found"] / max(1, plain["told"]),
        beside=beside,
    )


def _naively(histories: Mapping[str, Any]) -> Iterator[str]:
    """What telling every newly named venue would find, and how often it would tell."""
    for label in newly_accepted.rows(newly_accepted.GOLD / "newly-accepted.jsonl"):
        seq = histories[label["id"]]["seq"][: label["at"] + 1]
        (before, _, old), (day, _, new) = seq[-2:]
        if weeks.iso_week(date.fromisoformat(before)) == weeks.iso_week(date.fromisoformat(day)):
            continue
        if venues := set(named(new or "")) - set(named(old or "")):
            yield "told"
            if venues & set(label["gains"]):
                yield "found"


def signs() -> Iterator[Row]:
    """Code, data, survey and the like, against labels."""
    labels = evidence.rows("evidence.jsonl")
    entries = evidence.papers(r for r in labels if "week" in r)
    entries |= evidence.posts(r for r in labels if "feed" in r)
    due = sum(len(r["kinds"]) for r in labels)
    plain_hits = plain_said = hits = said = 0
    for label in labels:
        entry, true = entries[label["id"]], set(label["kinds"])
        found = {e.kind for e in evidence.evidence(entry)} & set(evidence.KINDS)
        text = f"{entry.title} {entry.summary} {entry.comment}"
        plain = {
            kind for kind, words in WORDS.items() if re.search(rf"\b(?:{words})\b", text, re.I)
        }
        hits, said = hits + len(true & found), said + len(found)
        plain_hits, plain_said = plain_hits + len(true & plain), plain_said + len(plain)
    beside = "a word such as “code”, “dataset” or “survey” anywhere in the text"
    yield share(
        hits,
        said,
        key="evidence.precision",
        group="reading",
        of="signs named",
        what="Code, data, survey, tutorial, release: named and true",
        means="What is said of an entry, against what a careful reader finds in it.",
        baseline=plain_hits / plain_said,
        beside=beside,
    )
    yield share(
        hits,
        due,
        key="evidence.recall",
        group="reading",
        of="signs to be found",
        what="… and found",
        means="The rules would rather say nothing than say it wrongly.",
        baseline=plain_hits / due,
        beside=beside,
    )


def quotes() -> Iterator[Row]:
    """The words that stand for an abstract: against labels, and as they were judged when printed."""
    labels, last = gists.kept(), gists.judged()
    entries = gists.papers([*labels, *last])
    yield from _labelled(labels, entries)
    yield from _judged(last, gists.unchanged(last, entries))


def _labelled(labels: list[dict[str, Any]], entries: Mapping[str, Entry]) -> Iterator[Row]:
    beside = "the first sentence of the abstract, cut to fit"
    stating = [one for one in labels if one["found"]]
    told = (
        (
            "gists",
            "The quoted words stand alone and name method or result",
            "At most 280 characters of the abstract, unchanged. The rules were made on 75 other "
            "abstracts; the first run on these gave 85.3 % (75.6 to 91.6), and then they were "
            "looked at.",
            gists.acceptable,
            labels,
            "abstracts",
        ),
        (
            "gists.found",
            "… and show a number or finding",
            "Where the abstract has one. In the first run 73.9 % (62.5 to 82.8).",
            gists.finding_shown,
            stating,
            "abstracts that state one",
        ),
    )
    for key, what, means, good, of_rows, of in told:
        yield share(
            gists.count(good, gist, of_rows, dict(entries)),
            len(of_rows),
            key=key,
            group="reading",
            of=of,
            what=what,
            means=means,
            baseline=gists.count(good, _first_sentence, of_rows, dict(entries)) / len(of_rows),
            beside=beside,
        )


def _judged(last: list[dict[str, Any]], same: int) -> Iterator[Row]:
    """What was drawn when the rules were done and judged as printed, the first run."""
    finding = [one for one in last if one["finding"]]
    still = f"{same} of {len(last)} still read as they were judged."
    told: tuple[tuple[str, str, str, Better], ...] = (
        (
            "acceptable",
            "On a later draw: they stand alone",
            f"The first run, by eye; {still}",
            "more",
        ),
        ("shown", "… show a number or finding", "Where the abstract has one.", "more"),
        (
            "dangling",
            "… point back to what is not quoted",
            "“This”, “it”, “in this regard”.",
            "less",
        ),
        ("cut", "… are cut inside a statement", "Or inside a list.", "less"),
    )
    for name, what, means, better in told:
        of_rows = finding if name == "shown" else last
        yield share(
            sum(one[name] for one in of_rows),
            len(of_rows),
            key=f"gists.judged.{name}",
            group="reading",
            of="abstracts that state one" if name == "shown" else "abstracts",
            what=what,
            means=means,
            better=better,
        )


def _first_sentence(entry: Entry) -> str:
    return (sentences(entry.summary) or ("",))[0][: gists.LIMIT].strip()


def told_twice(known: Mapping[str, Entry]) -> Iterator[Row]:
    """Two posts of one story, on labelled pairs."""
    right = wrong = missed = plain = plain_wrong = 0
    for pair in captured.gold("stories.jsonl"):
        a, b = known[pair["a"]], known[pair["b"]]
        told, naive, same = stories.merged(a, b), fold(a.title) == fold(b.title), pair["same"]
        right, wrong = right + (told and same), wrong + (told and not same)
        missed += same and not told
        plain, plain_wrong = plain + (naive and same), plain_wrong + (naive and not same)
    yield share(
        right,
        right + wrong,
        key="stories.precision",
        group="choice",
        of="pairs joined",
        what="Posts told as one story that are one",
        means="Joining two stories would hide one of them.",
        baseline=plain / max(1, plain + plain_wrong),
        beside="the same title",
    )
    yield share(
        right,
        right + missed,
        key="stories.recall",
        group="choice",
        of="pairs of one story",
        what="… and that are found",
        means="What is not found is printed twice.",
        baseline=plain / (right + missed),
        beside="the same title",
    )


def worth(known: Mapping[str, Entry]) -> Iterator[Row]:
    """What is printed of the posts, on rows set aside, and which of them say that something is out."""
    rows = posts.graded(known)
    aside = [row for row in rows if row.half == "aside"]
    base = sum(row.grade > 0 for row in aside) / len(aside)
    shares = [right for right, _, _ in posts.printed(aside)]
    held = [grade for grade, is_above in posts.above(aside) if is_above]
    yield row(
        statistics.mean(shares),
        middle(np.array(shares)),
        key="posts",
        group="choice",
        n=len(aside),
        of="posts set aside",
        what=f"The first {posts.PRINTED} posts of a week: worth printing, or could stand",
        means=f"{posts.WEEKS} weeks of {posts.SIZE} posts, drawn from posts that were labelled before "
        "they were scored and set aside while the weights were fitted, and cut as an issue cuts them: "
        f"at most {posts.A_SOURCE} a source, none below a score. The interval is the spread of the weeks.",
        baseline=base,
        beside="posts at random",
    )
    yield share(
        sum(grade > 0 for grade in held),
        len(held),
        key="posts.above",
        group="choice",
        of="posts above the floor",
        what="… and of all posts that may be printed",
        means="Whatever else a week holds: marketing, news of companies and events stand below.",
        baseline=base,
        beside="posts at random",
    )
    yield from _out([*rows, *posts.releases(known)])


def _out(rows: list[posts.Graded]) -> Iterator[Row]:
    counted = [one for one in rows if one.release is not None and one.half != "tune"]
    hits, told, due = posts.released(counted)
    plain = re.compile(rf"\b(?:{WORDS['release']})\b", re.IGNORECASE)
    said = [one for one in counted if plain.search(one.read.story.sighting.entry.title)]
    naive = sum(bool(one.release) for one in said)
    means = (
        "A post of a lab, vendor or maker of tools names a model, data set or tool that is out. The "
        "rules were mended after each of ten draws, so believe the first sight of each: of the first "
        "five together 89 % of what was told was right and 79 % was found, of the last five 92 and "
        "77 %."
    )
    beside = "“release” or “introducing” in the title"
    told_of: dict[str, Any] = {"group": "choice", "means": means, "beside": beside}
    yield share(
        hits,
        told,
        key="posts.out.precision",
        of="releases told",
        what="Posts said to tell of something that is out: they do",
        baseline=naive / max(1, len(said)),
        **told_of,
    )
    yield share(
        hits,
        due,
        key="posts.out",
        of="posts that tell of something that is out",
        what="… and are found",
        baseline=naive / due,
        **told_of,
    )


def ranking() -> Iterator[Row]:
    """How much oftener than others the first hundred of a week are accepted later."""
    truth = lift.accepted()
    ours, naive, number = [], dict[str, list[np.ndarray]](), 0
    for week in lift.WEEKS:
        papers = lift.pool(week)
        number += len(papers)
        ids = [f"arxiv:{p['id']}" for p in papers]
        length = {f"arxiv:{p['id']}": len(p["title"]) for p in papers}
        ours.append(_lifts(lift.order([lift.read(p, week) for p in papers], week, {}), truth))
        orders = {
            "the order of arrival": sorted(ids),
            "the shortest titles first": sorted(ids, key=lambda i: (length[i], i)),
            "the longest titles first": sorted(ids, key=lambda i: (-length[i], i)),
        }
        for name, order in orders.items():
            naive.setdefault(name, []).append(_lifts(order, truth))
    best = max(naive, key=lambda name: float(np.mean([lifts[0] for lifts in naive[name]])))
    mean = np.mean(ours, axis=0)
    yield row(
        float(mean[0]),
        middle(mean[1:]),
        key="rank.lift",
        group="choice",
        n=number,
        of=f"papers of {len(lift.WEEKS)} weeks that named no venue",
        form="times",
        what=f"The first {lift.TOP} papers of a week: accepted later, against all",
        means="How many times oftener than all papers of their week the first hundred are found "
        "in a venue’s list later; a random order has 1.",
        baseline=float(np.mean([lifts[0] for lifts in naive[best]])),
        beside=best,
    )


def _lifts(ids: list[str], truth: set[str]) -> np.ndarray:
    """The lift of an order, then that of each drawing of its papers, (1 + DRAWS,)."""
    hit = np.array([i in truth for i in ids], float)
    at = np.random.default_rng(SEED).integers(0, len(hit), (DRAWS, len(hit)))
    each = np.vstack([np.arange(len(hit)), np.sort(at, axis=1)])
    return hit[each[:, : lift.TOP]].mean(axis=1) / np.maximum(hit[each].mean(axis=1), 1e-9)


def measure() -> Iterator[Row]:
    """Everything here, in the order of the page."""
    yield from newly()
    yield from signs()
    yield from quotes()
    known = captured.posts()
    yield from told_twice(known)
    yield from worth(known)
    yield from ranking()
