"""Do people read the steps of the paths in our order? Pairs to be ordered blind, and agreement.

    python benchmarks/path_order.py draw PAIRS.md KEY.json
    python benchmarks/path_order.py score KEY.json ANSWERS.json [ANSWERS.json]

draw takes pairs at random of all that the paths order, directly or through others, each with its
sides at random. Answers are {"1": "A", "2": "B", ...}: which of the two is to be read first.
"""

from __future__ import annotations

import json
import random
import sys
from pathlib import Path

from sundaypaper import paths
from sundaypaper.config.paths import learning_paths
from sundaypaper.models import Step

PAIRS, SEED = 30, 13
BAR = 0.8


def drawn() -> list[tuple[Step, Step]]:
    """The pairs, first what is read first."""
    steps = learning_paths()
    by_id = {step.id: step for step in steps}
    ordered = [(by_id[id], step) for step in steps for id in sorted(paths.below(step, steps))]
    return random.Random(SEED).sample(ordered, PAIRS)


def draw(pairs: Path, key: Path) -> None:
    """Write the pairs with their sides at random, and apart from them which is ours."""
    sides = random.Random(SEED + 1)
    lines, first = ["Of each pair, which would you read first?", ""], {}
    for number, pair in enumerate(drawn(), 1):
        swapped = sides.random() < 0.5
        a, b = reversed(pair) if swapped else pair
        first[str(number)] = {
            "first": "B" if swapped else "A",
            "has_first_step": any(step.topic == paths.FIRST for step in pair),
        }
        lines += [f"{number}. A: {a.title} ({a.kind})", f"   B: {b.title} ({b.kind})", ""]
    pairs.write_text("\n".join(lines), encoding="utf-8")
    key.write_text(json.dumps(first, indent=1) + "\n", encoding="utf-8")


def score(key: Path, *answers: Path) -> int:
    """Print the share of pairs in our order, and in which two people agree; 1 below the bar."""
    ours = {n: said["first"] for n, said in json.loads(key.read_text("utf-8")).items()}
    theirs = [json.loads(file.read_text("utf-8")) for file in answers]
    shares = [(file.name, share(ours, said)) for file, said in zip(answers, theirs, strict=True)]
    if len(theirs) == 2:
        shares.append(("one with the other", share(theirs[0], theirs[1])))
    for name, agreed in shares:
        print(f"{name}: {agreed:.2f}")
    return int(any(agreed < BAR for _, agreed in shares))


def share(one: dict[str, str], other: dict[str, str]) -> float:
    """The share of one's pairs that the other orders alike; a pair without an answer is none."""
    return sum(other.get(number) == first for number, first in one.items()) / len(one)


if __name__ == "__main__":
    command, *files = sys.argv[1:]
    given = [Path(file) for file in files]
    if command == "draw":
        draw(*given)
    else:
        sys.exit(score(*given))
