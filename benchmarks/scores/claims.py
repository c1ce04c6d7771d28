"""How well claims of acceptance are read: against gold, fresh comments and written wordings."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping
from pathlib import Path

import numpy as np

from sundaypaper import venues

from .card import ROOT, Row, Table, f1, lines, row, share, wilson
from .comments import Key, Labelled, Reader, Said, fresh, gold, labels, naive, ours

CORE = frozenset({"neurips", "icml", "cvpr"})
GROUP = "claims"
AWARDS = {"best_paper", "finalist"}  # one label on the gold, which was made before there were two
NAIVE = "a comment that names the venue counts as accepted in the main track"


# ---------------------------------------------------------------- what is counted


def counts(rows: Iterable[Labelled], reader: Reader, wanted: Callable[[Key], bool]) -> np.ndarray:
    """Right, wrong and missed claims of each row, (rows, 3)."""
    found = []
    for one in rows:
        true, said = set(filter(wanted, one.claims)), set(filter(wanted, reader(one)))
        found.append((len(true & said), len(said - true), len(true - said)))
    return np.array(found)


def core(one: Key) -> bool:
    """Whether a claim is about a core venue."""
    return one[0] in CORE


def in_table(one: Key) -> bool:
    """Whether a claim is about a venue of the table."""
    return one[0] != "other"


def exact(rows: Iterable[Labelled], reader: Reader) -> int:
    """How many rows are read right in every claim."""
    return sum(reader(one).keys() == one.claims.keys() for one in rows)


def false_main(rows: Iterable[Labelled], reader: Reader) -> int:
    """Rows said to be accepted in the main track of a venue where they are not: the worst error."""
    return sum(bool(_main(reader(one)) - _main(one.claims)) for one in rows)


def _main(said: Said) -> set[str]:
    return {k[0] for k in said if k[2:] == ("main", "accepted")}


def presented(rows: Iterable[Labelled], reader: Reader) -> tuple[int, int]:
    """Claims with a presentation that are read with it, of how many."""
    pairs = [
        (reader(one).get(k), how)
        for one in rows
        for k, how in one.claims.items()
        if how is not None
    ]
    return sum(said == how or {said, how} == AWARDS for said, how in pairs), len(pairs)


# ---------------------------------------------------------------- the rows


def measure(data: Path) -> Iterator[Row]:
    """The figures on the gold comments and on the fresh ones."""
    rows = gold(data)
    yield from _core(rows)
    yield _named(rows)
    yield from _whole(rows)
    yield _presented(rows)
    yield _fresh(fresh(data))


def _whole(rows: list[Labelled]) -> Iterator[Row]:
    yield share(
        exact(rows, ours),
        len(rows),
        key="claims.exact",
        group=GROUP,
        of="comments",
        what="Comments read right in every part",
        means="Every venue, year, track and status of a comment is read, and nothing else.",
        baseline=exact(rows, naive) / len(rows),
        beside=NAIVE,
    )
    yield row(
        false_main(rows, ours),
        key="claims.false_main",
        group=GROUP,
        of="comments",
        what="Comments wrongly told as accepted in a main track",
        n=len(rows),
        means="The mistake that matters most: a workshop, a submission or another paper’s "
        "success taken for an acceptance.",
        form="count",
        better="less",
        baseline=false_main(rows, naive),
        beside=NAIVE,
    )


def _presented(rows: list[Labelled]) -> Row:
    hits, of = presented(rows, ours)
    return share(
        hits,
        of,
        key="claims.presentation",
        group=GROUP,
        of="orals, posters and awards",
        what="Oral, spotlight, poster, award: read as the authors say",
        means="Of the claims that state how a paper is presented, those read with just that.",
        baseline=presented(rows, naive)[0] / of,
        beside="the first such word of the comment",
    )


def _fresh(rows: list[Labelled]) -> Row:
    return share(
        exact(rows, ours),
        len(rows),
        key="claims.fresh",
        group=GROUP,
        of="comments",
        what="Comments of other weeks read right in every part",
        means="Drawn from real weeks and labelled before the rules were tried on them; the rules "
        "have since been put right with these mistakes in view.",
        baseline=exact(rows, naive) / len(rows),
        beside=NAIVE,
    )


def _core(rows: list[Labelled]) -> Iterator[Row]:
    tp, fp, fn = (int(c) for c in counts(rows, ours, core).sum(axis=0))
    ntp, nfp, nfn = (int(c) for c in counts(rows, naive, core).sum(axis=0))
    yield share(
        tp,
        tp + fp,
        key="claims.core.precision",
        group=GROUP,
        of="claims made",
        what="NeurIPS, ICML, CVPR: claims that are right",
        means="Of what is printed about these three venues, the share that the authors "
        "said: venue, year, track and status.",
        baseline=ntp / max(1, ntp + nfp),
        beside=NAIVE,
    )
    yield share(
        tp,
        tp + fn,
        key="claims.core.recall",
        group=GROUP,
        of="claims to be found",
        what="NeurIPS, ICML, CVPR: claims that are found",
        means="Of what the authors said about these three venues, the share that is read.",
        baseline=ntp / max(1, ntp + nfn),
        beside=NAIVE,
    )


def _named(rows: list[Labelled]) -> Row:
    each, plain = counts(rows, ours, in_table), counts(rows, naive, in_table)
    right, wrong, missed = (int(c) for c in each.sum(axis=0))
    # Where nothing is wrong no drawing of rows shows a mistake, so F1 is taken as a share here.
    interval = wilson(2 * right, 2 * right + wrong + missed)
    return row(
        float(f1(right, wrong, missed)),
        interval,
        key="claims.named.f1",
        group=GROUP,
        n=right + missed,
        what=f"All {len(venues.VENUES)} venues of the table, F1",
        of="claims to be found",
        means="F1 is one figure for right and found together: high only where both are.",
        baseline=float(f1(*plain.sum(axis=0))),
        beside=NAIVE,
    )


def written() -> Iterator[Row]:
    """The wordings of tests/claims.jsonl, which need no shared data."""
    rows = [
        Labelled(r["comment"], r["journal_ref"], None, labels(r["claims"]), r.get("title", ""))
        for r in lines(ROOT / "tests" / "claims.jsonl")
    ]
    hits = sum(ours(one) == one.claims for one in rows)
    yield row(
        hits / len(rows),
        n=len(rows),
        key="claims.written",
        group=GROUP,
        of="wordings",
        what="Wordings written as tests, read right in every part",
        means="Written by the program’s authors, each for a way to go wrong: a promise that "
        "what works stays so, no estimate.",
        baseline=sum(naive(one) == one.claims for one in rows) / len(rows),
        beside=NAIVE,
        floor=1.0,
    )


# ---------------------------------------------------------------- the tables


def tables(data: Path) -> Iterator[Table]:
    """The gold comments by venue and by track."""
    rows = gold(data)
    names = {v.key: v.title for v in venues.VENUES} | {"other": "all that are not in the table"}
    for at, name, title, titles in (
        (0, "venues", "Claims by venue", names),
        (2, "tracks", "Claims by track", {}),
    ):
        ones, plain = _by(rows, ours, at), _by(rows, naive, at)
        found = sorted(ones, key=lambda part: (-ones[part][0] - ones[part][2], part))
        yield Table(
            name,
            GROUP,
            title,
            "Right, wrong and missed claims on the gold comments; a wrong year, track or status "
            "counts as one wrong and one missed. Naive: " + NAIVE + ".",
            (
                name[:-1].capitalize(),
                "Right",
                "Wrong",
                "Missed",
                "Precision",
                "Recall",
                "F1",
                "F1, naive",
            ),
            tuple(
                (
                    titles.get(part, part),
                    *ones[part],
                    *_shares(ones[part]),
                    _shares(plain.get(part, (0, 0, 0)))[2],
                )
                for part in found
            ),
        )


def _by(rows: list[Labelled], reader: Reader, at: int) -> Mapping[str, tuple[int, int, int]]:
    """Right, wrong and missed by one part of the claims."""
    tp, fp, fn = Counter[str](), Counter[str](), Counter[str]()
    for one in rows:
        true, said = set(one.claims), set(reader(one))
        tp.update(str(k[at]) for k in true & said)
        fp.update(str(k[at]) for k in said - true)
        fn.update(str(k[at]) for k in true - said)
    return {part: (tp[part], fp[part], fn[part]) for part in tp | fp | fn}


def _shares(counted: tuple[int, int, int]) -> tuple[float | None, float | None, float | None]:
    tp, fp, fn = counted
    return (
        round(tp / (tp + fp), 4) if tp + fp else None,
        round(tp / (tp + fn), 4) if tp + fn else None,
        round(float(f1(tp, fp, fn)), 4) if tp + fn else None,
    )
