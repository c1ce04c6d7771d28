"""Guess tokens of the readers' pages a million times: none may hit, all answers are the same.

    PYTHONPATH=src:tests:benchmarks python benchmarks/web_guess.py [--guesses 1000000] [--readers 1000]
        [--connections 8] [--seed 1] [--json]

A real `sundaypaper serve` is asked over a few connections that it keeps. Of ten guesses seven are 26
random letters and digits as tokens have them, two are a real token of another purpose, one is a real
token with one letter changed; each goes to one of six places (GET and POST of confirm, leave and
preferences). Status 1 where a guess is not answered 404, where two answers of one place differ in
anything but their Date, where readers.db holds another reader or sign-up than before, or where the
app grows by more than 20 MB after the first tenth.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import random
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass, field
from pathlib import Path
from string import ascii_lowercase
from typing import Any

from web_paper import make_paper
from web_sink import sink

from processes import free_port, memory, serving
from sundaypaper.database import sqlite3
from wire import Lines, Reply, request

GROWN_MB = 20.0
LETTERS = ascii_lowercase + "234567"
FORM = {"Content-Type": "application/x-www-form-urlencoded", "Origin": "null"}
PLACES = tuple(
    (method, page) for method in ("GET", "POST") for page in ("confirm", "leave", "preferences")
)
# One-click, a confirmation, a form of preferences: what each place takes where the token is right.
BODY = b"List-Unsubscribe=One-Click&do=erase&sure=yes"


@dataclass
class Guessed:
    """What was answered: statuses, the different answers of each place, and memory by tenths."""

    statuses: Counter[int] = field(default_factory=Counter)
    answers: dict[str, set[tuple[Any, ...]]] = field(default_factory=dict)
    mb: list[float] = field(default_factory=list)

    def add(self, place: str, reply: Reply) -> None:
        """One more answer."""
        self.statuses[reply.status] += 1
        told = tuple(sorted((k, v) for k, v in reply.headers.items() if k != "date"))
        self.answers.setdefault(place, set()).add((reply.status, told, reply.body))


def guesses(chance: random.Random, tokens: dict[str, list[str]]) -> Iterator[tuple[str, str, str]]:
    """Method, page and a token that is wrong there, without an end."""
    while True:
        method, page = chance.choice(PLACES)
        kind = chance.randrange(10)
        foreign = [one for other, many in tokens.items() if other != page for one in many]
        if kind < 7:
            token = "".join(chance.choices(LETTERS, k=26))
        elif kind < 9:
            token = chance.choice(foreign)
        else:
            token = near(chance, chance.choice(tokens["leave"]))
        yield method, page, token


def near(chance: random.Random, token: str) -> str:
    """The token with one letter changed."""
    at = chance.randrange(len(token))
    other = chance.choice(LETTERS.replace(token[at], ""))
    return f"{token[:at]}{other}{token[at + 1 :]}"


def held(root: Path) -> list[tuple[Any, ...]]:
    """All that readers.db holds of readers, sign-ups and mails."""
    with closing(sqlite3.connect(root / "readers.db")) as db:
        names = ("subscribers", "notices", "deliveries", "consents", "suppressed", "mailboxes")
        return [row for name in names for row in db.execute(f"select '{name}', * from {name}")]


def tokens_of(root: Path) -> dict[str, list[str]]:
    """The real tokens by the page that they open."""
    with closing(sqlite3.connect(root / "readers.db")) as db:
        rows = list(db.execute("select token, preferences from subscribers"))
    return {"leave": [leave for leave, _ in rows], "preferences": [other for _, other in rows]}


async def guess(args: argparse.Namespace, root: Path, port: int, pid: int) -> Guessed:
    """Ask until all guesses are made."""
    told, left = Guessed(), iter(range(args.guesses))
    asked = guesses(random.Random(args.seed), tokens_of(root))
    tenth = max(1, args.guesses // 10)

    async def one_line(lines: Lines) -> None:
        for number in left:
            method, page, token = next(asked)
            body = BODY if method == "POST" else b""
            headers = FORM if method == "POST" else {}
            raw = request(f"/{page}/{token}", method, headers, body)
            told.add(f"{method} {page}", await lines.ask(raw))
            if number % tenth == tenth - 1:
                told.mb.append(round(memory(pid)[0], 1))

    async with asyncio.TaskGroup() as group:
        for _ in range(args.connections):
            group.create_task(one_line(Lines(port)))
    return told


def run(args: argparse.Namespace, folder: Path) -> dict[str, Any]:
    """One measurement in a folder of its own."""
    with sink() as mails, (folder / "log.txt").open("w") as log:
        port = free_port()
        root = make_paper(folder, port, mails.port, 0, args.readers)
        with serving(root, port, log) as app:
            before, began = held(root), time.perf_counter()
            told = asyncio.run(guess(args, root, port, app.pid))
            took = time.perf_counter() - began
            changed = held(root) != before
        notices = mails.taken().notices.total()
    return {
        "guesses": args.guesses,
        "a second": round(args.guesses / took),
        "statuses": dict(told.statuses),
        "different answers": {place: len(many) for place, many in sorted(told.answers.items())},
        "readers.db changed": changed,
        "MB by tenths": told.mb,
        "notices": notices,
        "said": (folder / "log.txt").read_text().splitlines()[-5:],
    }


def main() -> int:
    """Guess, tell; the status."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    for name, count in (("guesses", 1_000_000), ("readers", 1000), ("connections", 8), ("seed", 1)):
        parser.add_argument(f"--{name}", type=int, default=count)
    parser.add_argument("--json", action="store_true")
    args = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        told = run(args, Path(folder))
    grown = told["MB by tenths"][-1] - told["MB by tenths"][0]
    bad = (
        set(told["statuses"]) != {404}
        or any(count != 1 for count in told["different answers"].values())
        or told["readers.db changed"]
        or grown > GROWN_MB
    )
    if args.json:
        print(json.dumps(told, indent=2))
    else:
        for name, value in told.items():
            print(f"{name:20} {value}")
    return int(bad)


if __name__ == "__main__":
    sys.exit(main())
