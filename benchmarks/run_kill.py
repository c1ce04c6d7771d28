"""Kill runs at named points and at random moments, run again, and compare what is left.

    python benchmarks/run_kill.py [--named 60] [--random 300] [--signals 20] [--whole 0] [--seed 1]

The small paper is that of tests/killing.py: two weeks of a small arXiv, of which the first is owed,
blogs of many moods, dates and votes. `--whole` kills runs over the real week 2026-W10 as well; it
needs SUNDAYPAPER_DATA, as week.py does, and a minute a kill. Half of the small runs are live, half
have `--now`; the whole ones are live. After each kill the same command is typed once more. What it leaves, all rows but the run
log's and all published bytes, must be what an undisturbed run leaves, or where the kill came after
the week was printed, what two of them leave; the database is whole, and no temporary file is left.
Ends with status 1 where one differs.
"""

from __future__ import annotations

import argparse
import os
import random
import shutil
import signal
import sqlite3
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1] / "tests"))

from killing import Left, Point, Typed, begin, copied, left, points, run, small

BEFORE = datetime(2026, 3, 1, 12, tzinfo=UTC)  # the Sunday of 2026-W09
SHOWN = 12


@dataclass
class Stage:
    """A root as it stands before the run, and what undisturbed runs leave, once and twice."""

    typed: Typed
    scratch: Path
    seconds: float = 0.0
    passed: dict[str, int] = field(default_factory=dict)
    references: tuple[Left, ...] = ()

    def rehearse(self) -> Stage:
        """Run undisturbed, twice."""
        typed, trace = self.fresh("undisturbed"), self.scratch / "trace"
        began = time.monotonic()
        ended = run(typed, trace=trace)
        self.seconds, self.passed = time.monotonic() - began, points(trace)
        once = left(typed.root)
        print(f"undisturbed: status {ended}, {self.seconds:.1f} s, {len(once.rows)} rows, "
              f"{len(once.pages)} pages, {sum(self.passed.values())} points", flush=True)  # fmt: skip
        run(typed)
        self.references = (once, left(typed.root))
        return self

    def fresh(self, name: str) -> Typed:
        """The same run in a copy of the root, always of one path: pages may tell it."""
        return replace(self.typed, root=copied(self.typed.root, self.scratch / name))


@dataclass
class Tally:
    """How the kills ended."""

    of: str
    kills: int = 0
    too_late: int = 0
    same: int = 0
    differing: list[str] = field(default_factory=list)
    told: float = field(default_factory=time.monotonic)

    def add(self, what: str, ended: int, stage: Stage, typed: Typed) -> None:
        """Type it again, and compare; once a minute say how far it is."""
        if time.monotonic() - self.told > 60:
            self.told = time.monotonic()
            print(self, flush=True)
        self.kills += ended != 0
        self.too_late += ended == 0
        again = run(typed)
        found = left(typed.root)
        if again in (0, 1) and found in stage.references and whole(typed.root):
            self.same += 1
            return
        lines = found.differs(stage.references[0])
        kind = "live" if typed.live else "--now"
        self.differing.append(f"{what} ({kind}), then status {again}: {len(lines)} differ")
        print("\n  ".join([self.differing[-1], *lines[:SHOWN]]), flush=True)

    def __str__(self) -> str:
        late = f", {self.too_late} came too late" if self.too_late else ""
        return f"{self.of}: {self.kills} kills{late}; the same {self.same}, different {len(self.differing)}"


def whole(root: Path) -> bool:
    """Whether SQLite finds nothing wrong."""
    with sqlite3.connect(root / "paper.db") as db:
        return db.execute("pragma integrity_check").fetchall() == [("ok",)]


def spread(passed: dict[str, int], wanted: int) -> Iterator[Point]:
    """So many points: of each name the first call, then the last, then those between."""
    every = (
        Point(name, 1 + round(share * (n - 1)))
        for share in (0.0, 1.0, 0.5, 0.25, 0.75, 0.1, 0.9)
        for name, n in passed.items()
    )
    yield from list(dict.fromkeys(every))[:wanted]


def named(stages: list[Stage], count: int) -> Tally:
    """Kill at named points, at each of them a live run and one with --now in turn."""
    tally = Tally("named points")
    for n, point in enumerate(spread(stages[0].passed, count)):
        stage = stages[n % len(stages)]
        typed = stage.fresh("killed")
        tally.add(str(point), run(typed, point), stage, typed)
    return tally


def at_random(stages: list[Stage], count: int, chance: random.Random, of: str, how: signal.Signals) -> Tally:  # fmt: skip
    """Send a signal at random moments of a run's usual time."""
    tally = Tally(of)
    for n in range(count):
        stage = stages[n % len(stages)]
        typed, after = stage.fresh("killed"), chance.uniform(0, stage.seconds)
        process = begin(typed)
        time.sleep(after)
        if process.pid and process.is_alive():
            os.kill(process.pid, how)
        process.join()
        # It ended sooner than the undisturbed one; Ctrl-C may also find it before it listens.
        if process.exitcode == 0 and how == signal.SIGKILL:
            stage.seconds = after
        tally.add(f"after {after:.3f} s", process.exitcode or 0, stage, typed)
    return tally


def small_stages(scratch: Path, feeds_yaml: str, lie: Callable[[int], None]) -> list[Stage]:
    """The small paper, of which 2026-W09 is a draft: live, and with --now and a named week."""
    stages = []
    for live, words in ((True, ("run",)), (False, ("run", "--week", "2026-W10"))):
        root = scratch / f"root-{live}"
        root.mkdir()
        (root / "feeds.yaml").write_text(feeds_yaml)
        lie(10_000)
        run(Typed(root, now=BEFORE, live=live))
        lie(0)
        stages.append(Stage(Typed(root, words, live=live), scratch).rehearse())
    return stages


def of_small(wanted: argparse.Namespace, scratch: Path) -> list[Tally]:
    """All kills of the small paper."""
    chance = random.Random(wanted.seed)
    with small() as paper:

        def lie(times: int) -> None:
            paper.arxiv.lies = times

        stages = small_stages(scratch, paper.feeds_yaml(), lie)
        return [
            named(stages, wanted.named),
            at_random(stages, wanted.random, chance, "random moments", signal.SIGKILL),
            at_random(stages, wanted.signals, chance, "Ctrl-C", signal.SIGINT),
            at_random(stages, wanted.signals, chance, "SIGTERM", signal.SIGTERM),
        ]


def of_whole(wanted: argparse.Namespace, scratch: Path) -> list[Tally]:
    """Kills of runs over the real week."""
    from week import WEEKS, control, root, world

    week, day = WEEKS[0]
    folder = root()
    try:
        with world("--min-interval", "0"):
            control(f"as-of?at={day}T12:00:00Z")
            typed = Typed(folder, ("run", "--week", week))
            stages = [Stage(typed, scratch).rehearse()]
            chance = random.Random(wanted.seed)
            return [at_random(stages, wanted.whole, chance, f"of {week} whole", signal.SIGKILL)]
    finally:
        shutil.rmtree(folder)


def main() -> int:
    """Kill as often as it is asked for; print what was the same and what was not."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else "")
    for name, usual in (("named", 60), ("random", 300), ("signals", 20), ("whole", 0), ("seed", 1)):
        parser.add_argument(f"--{name}", type=int, default=usual)
    wanted = parser.parse_args()
    began = time.monotonic()
    with tempfile.TemporaryDirectory(prefix="run-kill-") as folder:
        scratch = Path(folder)
        tallies = of_small(wanted, scratch) if wanted.named + wanted.random + wanted.signals else []
        tallies += of_whole(wanted, scratch) if wanted.whole else []
    for tally in tallies:
        print(tally)
    kinds = Counter(line for tally in tallies for line in tally.differing)
    print(f"{len(kinds)} differ, {time.monotonic() - began:.0f} s")
    return int(bool(kinds))


if __name__ == "__main__":
    sys.exit(main())
